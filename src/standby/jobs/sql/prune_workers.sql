-- Forgets the workers that have been silent since before $1: they died.
DELETE FROM workers WHERE beat_at < $1
