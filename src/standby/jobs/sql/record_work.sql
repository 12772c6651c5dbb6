-- Adds what a worker did to its minute and to the whole, row by row in one order, so that two workers never wait in a
-- circle. $1: the minute; then, for each of $2 (queues and timers), how many completed, failed, were retried, the seconds
-- of work and their counts by class, the seconds of waiting and theirs; counts as text, like {1,0,2}.
INSERT INTO work_minutes AS m (what, minute, completed, failed, retried, run_seconds, run_counts, wait_seconds, wait_counts)
SELECT what, minute, completed, failed, retried, run_seconds, run_counts::bigint[], wait_seconds, wait_counts::bigint[]
FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::double precision[], $7::text[],
            $8::double precision[], $9::text[])
         AS done (what, completed, failed, retried, run_seconds, run_counts, wait_seconds, wait_counts),
     unnest(ARRAY['-infinity', $1::timestamptz]) AS minute
ORDER BY what, minute
ON CONFLICT (what, minute) DO UPDATE
SET completed = m.completed + excluded.completed, failed = m.failed + excluded.failed,
    retried = m.retried + excluded.retried,
    run_seconds = m.run_seconds + excluded.run_seconds, wait_seconds = m.wait_seconds + excluded.wait_seconds,
    run_counts = ARRAY(SELECT mine + theirs FROM unnest(m.run_counts, excluded.run_counts) AS sums (mine, theirs)),
    wait_counts = ARRAY(SELECT mine + theirs FROM unnest(m.wait_counts, excluded.wait_counts) AS sums (mine, theirs))
