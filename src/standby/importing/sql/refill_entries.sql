-- Fills open slots that could suit people who have just begun to wait, or wait for something else now.
SELECT count(refill_for(entry, $2)) FROM unnest($1::uuid[]) AS entry
