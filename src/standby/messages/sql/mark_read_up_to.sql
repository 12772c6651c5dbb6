-- Takes out of the inbox what customer $1 wrote, up to reply $2. Who did it first stays written down.
UPDATE replies r SET handled_at = $3, handled_by = $4
FROM replies last
WHERE last.tenant_id = current_tenant() AND last.id = $2 AND last.customer_id = $1
  AND r.tenant_id = last.tenant_id AND r.customer_id = last.customer_id AND r.handled_at IS NULL
  AND (r.received_at, r.id) <= (last.received_at, last.id)
