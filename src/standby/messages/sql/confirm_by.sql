-- The confirmation that an accepted offer ($1) has just got goes by this channel ($2) first: it answers a reply ($3).
UPDATE messages
SET channels = ARRAY[$2::text] || array_remove(channels, $2), reply_id = $3, rate_granted = true
WHERE tenant_id = current_tenant() AND offer_id = $1 AND kind = 'booked' AND status = 'queued'
