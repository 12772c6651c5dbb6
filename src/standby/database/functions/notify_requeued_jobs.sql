-- PgQueuer's own trigger fires per statement and stays silent on UPDATE, so a job that is queued again (a retry) would
-- wait for the next poll. This one tells the workers.
CREATE OR REPLACE FUNCTION notify_requeued_jobs() RETURNS trigger LANGUAGE plpgsql SET search_path = standby, pg_temp
AS $$
BEGIN
    PERFORM pg_notify('ch_pgqueuer', json_build_object(
        'channel', 'ch_pgqueuer', 'operation', 'update', 'sent_at', now(), 'table', 'pgqueuer',
        'type', 'table_changed_event')::text);
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER pgqueuer_requeued AFTER UPDATE ON pgqueuer FOR EACH ROW
    WHEN (new.status = 'queued' AND (old.status, old.execute_after) IS DISTINCT FROM (new.status, new.execute_after))
    EXECUTE FUNCTION notify_requeued_jobs();
CREATE INDEX IF NOT EXISTS pgqueuer_deferred ON pgqueuer (execute_after) WHERE status = 'queued';
