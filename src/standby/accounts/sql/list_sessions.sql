-- The account's sessions that are good at $1, the last seen first.
SELECT s.id, s.token_hash IS NULL AS program, s.address, s.agent, s.created_at, s.seen_at,
       least(s.ends_at, s.seen_at + s.idle) AS ends_at
FROM sessions s
WHERE s.user_id = current_account() AND s.ends_at > $1 AND s.seen_at + s.idle > $1 AND NOT s.needs_code
ORDER BY s.seen_at DESC, s.id
