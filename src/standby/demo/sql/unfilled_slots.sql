-- The open slots that were looked at and suit nobody now. The same columns as happenings_since; a slot is told of once
-- for each time that it opened.
SELECT s.id::text || s.changed_at::text AS id, 'slot.unfilled' AS what, NULL AS from_state, s.unfilled_reason AS reason,
       'cascade' AS actor, s.checked_at AS at, NULL AS customer, sv.name AS service, st.name AS staff, s.id AS slot_id,
       s.starts_at, s.created_at AS opened_at, NULL AS source, NULL::integer AS score, NULL::jsonb AS breakdown,
       NULL::timestamptz AS expires_at, NULL::integer AS max_misses, NULL::integer AS misses, NULL AS entry_status,
       NULL AS channel
FROM slots s
JOIN services sv ON sv.tenant_id = s.tenant_id AND sv.id = s.service_id
JOIN staff st ON st.tenant_id = s.tenant_id AND st.id = s.staff_id
WHERE s.tenant_id = current_tenant() AND s.status = 'open' AND s.unfilled_reason IS NOT NULL
  AND s.checked_at >= s.changed_at
