-- The workers, longest at work first.
SELECT id, host, pid, version, started_at, beat_at, in_hand FROM workers ORDER BY started_at, id
