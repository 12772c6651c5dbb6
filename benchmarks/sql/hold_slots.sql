-- Every open slot is held, for $1.
UPDATE slots
SET status = 'held', hold_expires_at = now() + $1::interval, reason = 'offered', actor = 'loading', changed_at = now()
WHERE status = 'open'
