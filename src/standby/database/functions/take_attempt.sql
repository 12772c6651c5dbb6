-- Lets one attempt to sign in go on, or says until when it has to wait (NULL: it may go on). It counts as failed from here,
-- so that many at once are no way around; who succeeds is forgiven (forgive_attempt.sql).
-- Of each key p_free may fail in a day without a wait; then each has to wait twice as long as the one before, up to p_longest:
-- nobody is locked out for good.
CREATE OR REPLACE FUNCTION take_attempt(p_keys bytea[], p_free integer[], p_longest interval[], p_now timestamptz)
RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp SET enable_seqscan = off
AS $$
DECLARE
    v_until timestamptz;
BEGIN
    INSERT INTO attempts (key, failures, last_at)
    SELECT key, 0, p_now FROM unnest(p_keys) AS key ORDER BY key
    ON CONFLICT (key) DO NOTHING;
    PERFORM FROM attempts WHERE key = ANY (p_keys) ORDER BY key FOR UPDATE;
    SELECT max(waits_until) INTO v_until FROM attempts WHERE key = ANY (p_keys) AND waits_until > p_now;
    IF v_until IS NOT NULL THEN
        RETURN v_until;
    END IF;
    UPDATE attempts a
    SET failures = counted.failures, last_at = p_now,
        waits_until = CASE WHEN counted.failures >= counted.free
            THEN p_now + least(counted.longest, interval '1 second' * power(2, least(counted.failures - counted.free, 20)))
        END
    FROM (
        SELECT b.key, given.free, given.longest,
               CASE WHEN b.last_at > p_now - interval '1 day' THEN b.failures ELSE 0 END + 1 AS failures
        FROM unnest(p_keys, p_free, p_longest) AS given (key, free, longest) JOIN attempts b ON b.key = given.key
    ) AS counted
    WHERE a.key = counted.key;
    RETURN NULL;
END $$;
