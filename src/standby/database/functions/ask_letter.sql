-- Has a mail about an account sent: by a worker, so that who asks can't tell by the time it takes whether there is one.
CREATE OR REPLACE FUNCTION ask_letter(p_id uuid, p_kind text, p_email text, p_locale text, p_details jsonb,
                                      p_lifetime interval, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
BEGIN
    INSERT INTO letters (id, kind, email, locale, details, lifetime, created_at, next_attempt_at)
    VALUES (p_id, p_kind, p_email, p_locale, p_details, p_lifetime, p_now, p_now);
    PERFORM announce_deadline(p_now, p_now);
END $$;
