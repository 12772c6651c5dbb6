-- The message of every offer, in state $1: sent, or queued and not to be looked at again within the hour.
INSERT INTO messages (tenant_id, id, customer_id, offer_id, slot_id, kind, dedupe_key, status, channels, channel,
                      attempts, rate_granted, next_attempt_at, provider, provider_id, sent_at, created_at)
SELECT o.tenant_id, (lpad(to_hex(9), 8, '0') || right(replace(o.id::text, '-', ''), 24))::uuid, o.customer_id, o.id,
       o.slot_id, 'offer', format('offer_%s-available', o.id), $1, '{sms}', CASE WHEN $1 = 'sent' THEN 'sms' END,
       ($1 = 'sent')::integer, $1 = 'sent', CASE WHEN $1 = 'queued' THEN now() + interval '1 hour' END,
       CASE WHEN $1 = 'sent' THEN 'benchmark' END, CASE WHEN $1 = 'sent' THEN 'loaded' END,
       CASE WHEN $1 = 'sent' THEN now() END, now()
FROM offers o
