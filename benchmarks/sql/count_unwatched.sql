-- Open or held slots that no deadline, job or offer looks after.
SELECT count(*)
FROM slots s
WHERE s.status IN ('open', 'held')
  AND NOT EXISTS (SELECT FROM offers o WHERE o.tenant_id = s.tenant_id AND o.slot_id = s.id AND o.status = 'pending')
