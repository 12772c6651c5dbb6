-- Senders with their sealed secrets: a salon's for one channel, or (NULLs) all; see the function.
SELECT * FROM sealed_senders($1, $2)
