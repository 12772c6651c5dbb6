-- When a customer last wrote by WhatsApp. Reports come in any order.
UPDATE customers SET wrote_whatsapp_at = $2
WHERE tenant_id = current_tenant() AND id = $1 AND (wrote_whatsapp_at IS NULL OR wrote_whatsapp_at < $2)
