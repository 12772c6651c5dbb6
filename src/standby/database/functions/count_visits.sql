-- Whatever statement makes, moves or ends bookings adds in its transaction the job that counts what has changed: one for
-- each customer, however many bookings. No visit: cancelled, or nobody came. Less urgent than anything else.
CREATE OR REPLACE FUNCTION count_visits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM enqueue_for(tenant_id, 'waitlist.preference', customer_id, 0)
        FROM (SELECT DISTINCT tenant_id, customer_id FROM made WHERE status IN ('confirmed', 'completed')) AS whose;
    ELSE
        PERFORM enqueue_for(tenant_id, 'waitlist.preference', customer_id, 0)
        FROM (SELECT DISTINCT b.tenant_id, b.customer_id
              FROM made b
              JOIN before USING (tenant_id, id)
              WHERE (b.status IN ('confirmed', 'completed')) <> (before.status IN ('confirmed', 'completed'))
                 OR (b.service_id, b.staff_id, b.starts_at) <> (before.service_id, before.staff_id, before.starts_at)
             ) AS whose;
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER bookings_made AFTER INSERT ON bookings
    REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION count_visits();
CREATE OR REPLACE TRIGGER bookings_changed AFTER UPDATE ON bookings
    REFERENCING OLD TABLE AS before NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION count_visits();
