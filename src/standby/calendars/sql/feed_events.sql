-- What a feed shows, and what it is worth: `version` is another whenever something of it is. The first row has it, the
-- rest of that row is NULL. What the caller has already ($4: the versions) is not sent again, and nothing is that they
-- don't want ($5). $1 the feed; $2 and $3: starts from and before.
-- A booking that went to another staff member is shown to its former one as cancelled, with the time that it had there.
WITH feed AS (
    SELECT f.tenant_id, f.staff_id, f.contacts, t.name AS salon_name
    FROM calendar_feeds f JOIN tenants t ON t.id = f.tenant_id
    WHERE f.tenant_id = current_tenant() AND f.id = $1
), members AS (
    SELECT st.id, st.name FROM staff st, feed
    WHERE st.tenant_id = feed.tenant_id AND (feed.staff_id IS NULL OR st.id = feed.staff_id)
), shown AS (
    SELECT b.id, b.staff_id, b.starts_at, b.ends_at, b.status = 'cancelled' AS cancelled
    FROM members m
    JOIN bookings b ON b.tenant_id = current_tenant() AND b.staff_id = m.id AND b.starts_at >= $2 AND b.starts_at < $3
    UNION ALL
    SELECT b.id, f.staff_id, f.starts_at, f.ends_at, true
    FROM feed
    JOIN former_bookings f ON f.tenant_id = feed.tenant_id AND f.staff_id = feed.staff_id
                              AND f.starts_at >= $2 AND f.starts_at < $3
    JOIN bookings b ON b.tenant_id = f.tenant_id AND b.id = f.booking_id AND b.staff_id <> f.staff_id
), events AS MATERIALIZED (
    SELECT s.id, s.cancelled, s.starts_at, s.ends_at, b.sequence, b.changed_at,
           CASE WHEN feed.contacts THEN c.name ELSE split_part(c.name, ' ', 1) END AS customer_name,
           CASE WHEN feed.contacts THEN c.phone END AS phone, sv.name AS service_name, m.name AS staff_name
    FROM feed, shown s
    JOIN members m ON m.id = s.staff_id
    JOIN bookings b ON b.tenant_id = current_tenant() AND b.id = s.id
    JOIN customers c ON c.tenant_id = b.tenant_id AND c.id = b.customer_id
    JOIN services sv ON sv.tenant_id = b.tenant_id AND sv.id = b.service_id
), version AS (
    SELECT md5(concat_ws(' ', count(*), bit_xor(hashtextextended(events::text, 0)),
                         (SELECT row(salon_name, staff_id)::text FROM feed),
                         (SELECT string_agg(name, ' ' ORDER BY id) FROM members))) AS version
    FROM events
)
SELECT version, feed.tenant_id, feed.staff_id, feed.salon_name,
       (SELECT name FROM members WHERE id = feed.staff_id) AS feed_staff_name,
       NULL::uuid AS id, NULL::boolean AS cancelled, NULL::timestamptz AS starts_at, NULL::timestamptz AS ends_at,
       NULL::integer AS sequence, NULL::timestamptz AS changed_at, NULL::text AS customer_name, NULL::text AS phone,
       NULL::text AS service_name, NULL::text AS staff_name
FROM version, feed
UNION ALL
SELECT NULL, NULL, NULL, NULL, NULL, events.*
FROM version, (SELECT * FROM events ORDER BY starts_at, id) AS events
WHERE $5 AND version <> ALL ($4::text[])
