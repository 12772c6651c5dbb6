-- What each offer's message was about.
SELECT m.id, m.slot_id, o.entry_id, m.resends
FROM messages m JOIN offers o ON o.tenant_id = m.tenant_id AND o.id = m.offer_id
WHERE m.kind = 'offer'
