-- Lets a queue run again. True: it was paused.
WITH resumed AS (DELETE FROM queue_pauses WHERE queue = $1 RETURNING 1)
SELECT EXISTS (SELECT FROM resumed)
