-- Ends the open slots that lie in times which are booked now.
UPDATE slots s
SET status = 'cancelled', fill_at = NULL, reason = 'import', actor = 'import', changed_at = $4
WHERE s.tenant_id = current_tenant() AND s.status = 'open'
  AND EXISTS (SELECT FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) AS taken (staff_id, from_at, to_at)
              WHERE taken.staff_id = s.staff_id AND taken.from_at < s.ends_at AND s.starts_at < taken.to_at)
