-- Records what became of a letter. p_again: it may be tried again, which ends after eight times.
CREATE OR REPLACE FUNCTION end_letter(p_id uuid, p_failure text, p_again boolean) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    UPDATE letters
    SET failure = p_failure, lease_until = NULL,
        next_attempt_at = CASE WHEN p_again AND attempts < 8 THEN next_attempt_at END
    WHERE id = p_id
$$;
