-- Whom a slot was offered to by hand until it was taken back. No row: nobody, or the list was asked.
SELECT o.entry_id
FROM slots s
JOIN offers o ON o.tenant_id = s.tenant_id AND o.slot_id = s.id AND o.status = 'withdrawn' AND o.ended_at = s.changed_at
WHERE s.tenant_id = current_tenant() AND s.id = $1
  AND EXISTS (SELECT FROM history h
              WHERE h.tenant_id = o.tenant_id AND h.entity_id = o.id AND h.to_state = 'pending'
                AND h.reason = 'notified_by_hand')
ORDER BY o.id LIMIT 1
