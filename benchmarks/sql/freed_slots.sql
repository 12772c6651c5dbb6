-- The slots that cancellations opened.
SELECT id FROM slots WHERE status IN ('open', 'held')
