-- The queues that no worker takes from.
SELECT queue, paused_at, paused_by FROM queue_pauses ORDER BY queue
