-- Tells every web process that a time away was added or taken back, as announce_change() does of what has a history.
CREATE OR REPLACE FUNCTION announce_closure() RETURNS trigger LANGUAGE plpgsql
AS $$
DECLARE
    v_closure record := CASE WHEN TG_OP = 'DELETE' THEN old ELSE new END;
BEGIN
    PERFORM pg_notify('standby_changes', concat_ws(
        ' ', v_closure.tenant_id, 'closure.changed', v_closure.id, to_json(now()) #>> '{}'));
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER closures_announced AFTER INSERT OR DELETE ON closures
    FOR EACH ROW EXECUTE FUNCTION announce_closure();
