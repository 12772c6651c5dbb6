-- The kind of job that sends a message: reminders of bookings have a queue of their own (jobs/queues.py).
CREATE OR REPLACE FUNCTION send_job(p_kind text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT CASE p_kind WHEN 'reminder' THEN 'reminder.send' ELSE 'message.send' END $$;
