-- Of a queue's parked (failed) jobs ($1: their kinds) forgets those from before $2, all but the newest $3, and those that
-- were parked again since: the last tells the same.
DELETE FROM pgqueuer old
WHERE old.status = 'failed' AND old.entrypoint = ANY ($1::text[])
  AND (old.updated < $2
       OR old.id <= (SELECT last.id FROM pgqueuer last
                     WHERE last.status = 'failed' AND last.entrypoint = ANY ($1::text[])
                     ORDER BY last.id DESC OFFSET $3::bigint LIMIT 1)
       OR EXISTS (SELECT FROM pgqueuer newer
                  WHERE newer.status = 'failed' AND newer.entrypoint = old.entrypoint
                    AND newer.payload = old.payload AND newer.id > old.id))
