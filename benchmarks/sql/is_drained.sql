-- Is there nothing left to do: no job, no message on its way, no slot without an offer?
SELECT NOT EXISTS (SELECT FROM pgqueuer WHERE status IN ('queued', 'picked'))
   AND NOT EXISTS (SELECT FROM messages WHERE status IN ('queued', 'sending'))
   AND NOT EXISTS (SELECT FROM slots WHERE status = 'open')
