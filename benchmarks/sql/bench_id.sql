-- The id of the n-th row of a kind, the same in every run; as neighbours in an index as the app's own (UUID 7) are.
CREATE FUNCTION pg_temp.bench_id(kind integer, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE
AS $$ SELECT (lpad(to_hex(kind), 8, '0') || lpad(to_hex(n), 24, '0'))::uuid $$;
