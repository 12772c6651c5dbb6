-- Pauses a queue; one that is paused stays as it was. True: it was not paused before.
WITH paused AS (
    INSERT INTO queue_pauses (queue, paused_at, paused_by) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING 1
)
SELECT EXISTS (SELECT FROM paused)
