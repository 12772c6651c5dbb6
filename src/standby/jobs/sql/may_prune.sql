-- Whether this transaction is the one that prunes; others needn't wait for it.
SELECT pg_try_advisory_xact_lock(hashtext('standby prune'))
