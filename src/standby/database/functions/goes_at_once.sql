-- Whether a message answers what its customer has just done: it waits for no quiet hours to end.
CREATE OR REPLACE FUNCTION goes_at_once(p_kind text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT p_kind IN ('booked', 'too_late', 'passed_on', 'help', 'which_one', 'stopped', 'started', 'verify_code')
$$;
