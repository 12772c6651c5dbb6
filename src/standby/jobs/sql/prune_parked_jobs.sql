-- Forgets the parked (failed) jobs from before $1, and those that were parked again since: the last tells the same.
DELETE FROM pgqueuer old
WHERE old.status = 'failed'
  AND (old.updated < $1
       OR EXISTS (SELECT FROM pgqueuer newer
                  WHERE newer.status = 'failed' AND newer.entrypoint = old.entrypoint
                    AND newer.payload = old.payload AND newer.id > old.id))
