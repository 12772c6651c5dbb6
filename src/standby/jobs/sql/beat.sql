-- A worker ($1) says that it lives and what it has in hand, and hears which queues are paused. Its own row alone.
WITH beat AS (
    INSERT INTO workers (id, host, pid, version, started_at, beat_at, in_hand) VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (id) DO UPDATE SET beat_at = excluded.beat_at, in_hand = excluded.in_hand
)
SELECT queue FROM queue_pauses
