-- Keeps a booking's next reminder right in the statement that makes, moves or ends it, whichever that is: bookings say
-- their time themselves (created_at, changed_at). Before the row is written, so that it is written once.
CREATE OR REPLACE FUNCTION set_reminder() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        new.reminders_since := new.created_at;
    ELSIF new.starts_at <> old.starts_at THEN
        new.reminders_since := new.changed_at;
    ELSIF new.status = old.status AND new.service_id = old.service_id THEN
        RETURN new;
    END IF;
    IF new.status <> 'confirmed' THEN
        new.remind_at := NULL;
        RETURN new;
    END IF;
    -- Until this commits, nobody sees it who sets reminders by rules that are changed meanwhile: see set_marked_reminders.
    PERFORM FROM policies WHERE tenant_id = new.tenant_id AND service_id IS NULL FOR KEY SHARE;
    new.remind_at := reminder_of(
        new.tenant_id, new.service_id, new.reminders_since, new.starts_at, new.changed_at);
    PERFORM announce_deadline(new.remind_at, new.changed_at);
    RETURN new;
END $$;

CREATE OR REPLACE TRIGGER bookings_set_reminder BEFORE INSERT OR UPDATE OF starts_at, service_id, status ON bookings
    FOR EACH ROW EXECUTE FUNCTION set_reminder();
