-- Broken promises, as `standby doctor` reports them.
SELECT count(*) FROM broken_invariants(now(), interval '1 second')
