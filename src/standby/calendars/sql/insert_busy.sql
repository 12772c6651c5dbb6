-- Keeps busy times of a linked calendar, no two of which are of one event and begin together.
INSERT INTO busy_times (tenant_id, link_id, event_id, starts_at, ends_at, staff_id)
SELECT current_tenant(), $1, b.event_id, b.starts_at, b.ends_at, $2
FROM unnest($3::text[], $4::timestamptz[], $5::timestamptz[]) AS b (event_id, starts_at, ends_at)
ON CONFLICT (tenant_id, link_id, event_id, starts_at) DO NOTHING
