-- Customer $1 as somebody at the salon writes to them: by which channels they may be, and what they wrote last.
SELECT c.id, c.name, c.phone, c.email, c.vip, c.channels, c.wrote_whatsapp_at, r.id AS reply_id, r.channel AS wrote_by,
       r.received_at AS wrote_at
FROM customers c
LEFT JOIN LATERAL (
    SELECT id, channel, received_at FROM replies
    WHERE tenant_id = c.tenant_id AND customer_id = c.id
    ORDER BY received_at DESC, id DESC LIMIT 1) r ON true
WHERE c.tenant_id = current_tenant() AND c.id = $1
