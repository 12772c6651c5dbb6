-- Locks a slot and its offer, in this order (everybody's order), and reads what an answer needs.
WITH slot AS MATERIALIZED (
    SELECT s.tenant_id, s.id, s.status, s.staff_id, s.service_id, s.starts_at, s.ends_at, s.origin
    FROM slots s
    WHERE s.tenant_id = current_tenant()
      AND s.id = (SELECT slot_id FROM offers WHERE tenant_id = current_tenant() AND id = $1)
    FOR UPDATE
)
SELECT o.id, o.status, o.slot_id, o.entry_id, o.customer_id, o.expires_at, o.booking_id, o.cooldown_seconds,
       o.reason, o.sent_at, slot.status AS slot_status, slot.staff_id, slot.service_id, slot.starts_at, slot.ends_at,
       slot.origin
FROM slot
JOIN offers o ON o.tenant_id = slot.tenant_id AND o.slot_id = slot.id AND o.id = $1
FOR UPDATE OF o
