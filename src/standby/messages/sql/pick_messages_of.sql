-- As pick_messages.sql, of customers $9: the newest of each, and of these the newest.
SELECT m.id
FROM unnest($9::uuid[]) AS of (customer_id)
CROSS JOIN LATERAL (
    SELECT m.id, m.created_at
    FROM messages m
    WHERE m.tenant_id = current_tenant() AND m.customer_id = of.customer_id
      AND ($1::timestamptz IS NULL OR (m.created_at, m.id) < ($1, $2::uuid))
      AND ($4::text IS NULL OR $4 = CASE
          WHEN m.status = 'sending' THEN 'queued' WHEN m.status = 'sent' AND m.delivery IN ('delivered', 'read') THEN m.delivery
          ELSE m.status END)
      AND ($5::text IS NULL OR coalesce(m.channel, m.channels[1]) = $5)
      AND ($6::text IS NULL OR m.kind = $6)
      AND ($7::timestamptz IS NULL OR m.created_at >= $7)
      AND ($8::timestamptz IS NULL OR m.created_at < $8)
    ORDER BY m.created_at DESC, m.id DESC
    LIMIT $3) AS m
ORDER BY m.created_at DESC, m.id DESC
LIMIT $3
