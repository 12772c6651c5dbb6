-- Bytes of the index that is the timer, and of the offers with all their indexes.
SELECT pg_relation_size('offers_expiry_due') AS offers_expiry_due, pg_total_relation_size('offers') AS offers
