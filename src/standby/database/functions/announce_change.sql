-- Tells every web process that a row of a salon has changed: which salon, what kind of change, which row and when, and
-- nothing of what it says. It is heard when the transaction commits; a change that is told twice in it is heard once.
-- A transaction names fifty rows at most and then says once that anything may have changed: who changes thousands of
-- them makes nobody listen to each.
-- It stands on the way of every offer: one call, nothing read, and no search_path to set (all that it names is
-- PostgreSQL's own).
CREATE OR REPLACE FUNCTION announce_change() RETURNS trigger LANGUAGE plpgsql
AS $$
DECLARE
    v_told integer := coalesce(nullif(current_setting('standby.told', true), ''), '0');
BEGIN
    IF v_told >= 50 THEN
        PERFORM pg_notify('standby_changes', new.tenant_id || ' reload');
        RETURN NULL;
    END IF;
    PERFORM set_config('standby.told', (v_told + 1)::text, true);
    IF TG_TABLE_NAME = 'history' THEN
        PERFORM pg_notify('standby_changes', concat_ws(
            ' ', new.tenant_id, new.entity || '.' || coalesce(new.to_state, 'changed'), new.entity_id, to_json(now()) #>> '{}'));
    ELSIF TG_TABLE_NAME = 'messages' THEN
        PERFORM pg_notify('standby_changes', concat_ws(
            ' ', new.tenant_id, 'message.' || CASE new.status WHEN 'sent' THEN coalesce(new.delivery, 'sent') ELSE new.status END,
            new.id, to_json(now()) #>> '{}'));
    ELSE
        PERFORM pg_notify('standby_changes', concat_ws(' ', new.tenant_id, TG_ARGV[0], new.id, to_json(now()) #>> '{}'));
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER history_announced AFTER INSERT ON history FOR EACH ROW EXECUTE FUNCTION announce_change();
CREATE OR REPLACE TRIGGER replies_announced AFTER INSERT ON replies
    FOR EACH ROW EXECUTE FUNCTION announce_change('reply.received');
CREATE OR REPLACE TRIGGER replies_handled_announced AFTER UPDATE OF handled_at ON replies
    FOR EACH ROW EXECUTE FUNCTION announce_change('reply.handled');
CREATE OR REPLACE TRIGGER messages_announced AFTER INSERT ON messages FOR EACH ROW EXECUTE FUNCTION announce_change();
-- That one is being sent lasts a moment, and that its provider has it too is known from the sending.
CREATE OR REPLACE TRIGGER messages_state_announced AFTER UPDATE OF status, delivery, reason, not_before ON messages
    FOR EACH ROW WHEN (new.status <> 'sending' AND (new.delivery IS DISTINCT FROM 'sent' OR old.status <> new.status)
                       AND (new.status, new.delivery, new.reason, new.not_before)
                           IS DISTINCT FROM (old.status, old.delivery, old.reason, old.not_before))
    EXECUTE FUNCTION announce_change();
CREATE OR REPLACE TRIGGER notices_announced AFTER INSERT ON notices
    FOR EACH ROW EXECUTE FUNCTION announce_change('notice.added');
