-- When these offers should have ended, and the time that the timers decided by when they did.
SELECT expires_at, ended_at FROM offers WHERE id = ANY ($1::uuid[]) AND ended_at IS NOT NULL
