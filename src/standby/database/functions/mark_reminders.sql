-- Marks rules that decide over reminders as changed. A rule doesn't know the time, the deadline loop does: it sets the
-- reminders anew (set_marked_reminders), and takes none of that salon before. The mark is a deadline that has passed.
CREATE OR REPLACE FUNCTION mark_reminders() RETURNS trigger
LANGUAGE plpgsql SET search_path = standby, pg_temp
AS $$
BEGIN
    new.reminders_marked := '2001-01-01 00:00:00+00';
    new.reminders_pass := NULL;  -- One that is under way begins again.
    PERFORM pg_notify('standby_deadline', '');
    RETURN new;
END $$;

CREATE OR REPLACE TRIGGER policies_mark_reminders
    BEFORE UPDATE OF reminders, quiet_from_minute, quiet_until_minute ON policies
    FOR EACH ROW WHEN ((old.reminders, old.quiet_from_minute, old.quiet_until_minute)
                       IS DISTINCT FROM (new.reminders, new.quiet_from_minute, new.quiet_until_minute))
    EXECUTE FUNCTION mark_reminders();
CREATE OR REPLACE TRIGGER policies_mark_new_reminders
    BEFORE INSERT ON policies
    FOR EACH ROW WHEN (new.service_id IS NOT NULL AND new.reminders IS NOT NULL)
    EXECUTE FUNCTION mark_reminders();
