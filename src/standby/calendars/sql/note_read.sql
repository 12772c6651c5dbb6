-- Notes a reading that went well: $2 was the place before it, $3 is the one after, $4 the time of the next, $5 what was
-- there for that when it began (an earlier one that came in between stays), $7 the secrets that it was made with. No row:
-- another reading was quicker, or the calendar was connected anew; what this one has found may be old, or another's.
UPDATE calendar_links
SET place = $3, read_at = $6, state = 'active', failure = NULL, failing_since = NULL, failures = 0,
    next_read_at = CASE WHEN next_read_at = $5 THEN $4 ELSE least(next_read_at, $4) END
WHERE tenant_id = current_tenant() AND id = $1 AND place = $2 AND state <> 'reconnect'
  AND secrets IS NOT DISTINCT FROM $7
RETURNING id
