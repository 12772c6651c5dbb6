-- All that the salon knows of customer $1, as one document; NULL: there is no such customer.
SELECT jsonb_build_object(
    'customer', to_jsonb(c) - 'tenant_id',
    'consents', (SELECT coalesce(jsonb_agg(to_jsonb(x) - '{tenant_id,id,customer_id}'::text[] ORDER BY x.at, x.id), '[]')
                 FROM consents x WHERE x.tenant_id = c.tenant_id AND x.customer_id = c.id),
    'waitlist', (SELECT coalesce(jsonb_agg(
                     to_jsonb(x) - '{tenant_id,customer_id,actor,staff_wish,tier,override_rank}'::text[]
                     || jsonb_build_object('service', sv.name, 'staff', st.name) ORDER BY x.joined_at, x.id), '[]')
                 FROM waitlist_entries x
                 JOIN services sv ON sv.tenant_id = x.tenant_id AND sv.id = x.service_id
                 LEFT JOIN staff st ON st.tenant_id = x.tenant_id AND st.id = x.staff_id
                 WHERE x.tenant_id = c.tenant_id AND x.customer_id = c.id),
    'offers', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                   'id', x.id, 'starts_at', s.starts_at, 'ends_at', s.ends_at, 'status', x.status, 'sent_at', x.sent_at,
                   'ended_at', x.ended_at, 'score', x.score, 'breakdown', x.breakdown) ORDER BY x.id), '[]')
               FROM offers x JOIN slots s ON s.tenant_id = x.tenant_id AND s.id = x.slot_id
               WHERE x.tenant_id = c.tenant_id AND x.customer_id = c.id),
    'bookings', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                     'id', x.id, 'service', sv.name, 'staff', st.name, 'starts_at', x.starts_at, 'ends_at', x.ends_at,
                     'status', x.status, 'source', x.source, 'reason', x.reason, 'cancelled_at', x.cancelled_at,
                     'cancelled_by', x.cancelled_by, 'customer_confirmed_at', x.customer_confirmed_at,
                     'created_at', x.created_at) ORDER BY x.starts_at, x.id), '[]')
                 FROM bookings x
                 JOIN services sv ON sv.tenant_id = x.tenant_id AND sv.id = x.service_id
                 JOIN staff st ON st.tenant_id = x.tenant_id AND st.id = x.staff_id
                 WHERE x.tenant_id = c.tenant_id AND x.customer_id = c.id),
    'messages', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                     'id', x.id, 'kind', x.kind, 'channel', x.channel, 'address', x.address, 'status', x.status,
                     'delivery', x.delivery, 'text', x.details ->> 'text', 'created_at', x.created_at, 'sent_at', x.sent_at)
                     ORDER BY x.created_at, x.id), '[]')
                 FROM messages x WHERE x.tenant_id = c.tenant_id AND x.customer_id = c.id),
    'verifications', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                          'phone', x.phone, 'purpose', x.purpose, 'asked_at', x.created_at, 'ended_at', x.ended_at,
                          'right', x.token_hash IS NOT NULL) ORDER BY x.created_at, x.id), '[]')
                      FROM verifications x WHERE x.tenant_id = c.tenant_id AND x.phone = c.phone),
    'replies', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                    'channel', x.channel, 'sender', x.sender, 'text', x.text, 'outcome', x.outcome,
                    'written_at', x.written_at) ORDER BY x.written_at, x.id), '[]')
                FROM replies x WHERE x.tenant_id = c.tenant_id AND x.customer_id = c.id),
    'preferences', (SELECT coalesce(jsonb_agg(to_jsonb(x) - '{tenant_id,customer_id,weight}'::text[]
                                              ORDER BY x.aspect, x.value), '[]')
                    FROM preferences x WHERE x.tenant_id = c.tenant_id AND x.customer_id = c.id)
)::text
FROM customers c WHERE c.tenant_id = current_tenant() AND c.id = $1
