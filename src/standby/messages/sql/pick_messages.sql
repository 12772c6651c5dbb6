-- Which of a salon's messages a page of them has, the newest first. $1 and $2 where the page before ended, $3 how many; in
-- which state $4, by which channel $5, of which kind $6, written from $7 and before $8; NULL: whatever it is.
SELECT m.id
FROM messages m
WHERE m.tenant_id = current_tenant()
  AND ($1::timestamptz IS NULL OR (m.created_at, m.id) < ($1, $2::uuid))
  AND ($4::text IS NULL OR $4 = CASE
      WHEN m.status = 'sending' THEN 'queued' WHEN m.status = 'sent' AND m.delivery IN ('delivered', 'read') THEN m.delivery
      ELSE m.status END)
  AND ($5::text IS NULL OR coalesce(m.channel, m.channels[1]) = $5)
  AND ($6::text IS NULL OR m.kind = $6)
  AND ($7::timestamptz IS NULL OR m.created_at >= $7)
  AND ($8::timestamptz IS NULL OR m.created_at < $8)
ORDER BY m.created_at DESC, m.id DESC
LIMIT $3
