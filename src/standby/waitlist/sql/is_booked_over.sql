-- Whether a booked slot takes some of the time of slot $1. None is longer than 24 hours, and no buffer than 4.
SELECT EXISTS (
    SELECT FROM slots mine
    CROSS JOIN LATERAL (
        SELECT FROM slots s
        WHERE s.tenant_id = mine.tenant_id AND s.staff_id = mine.staff_id AND s.status = 'booked'
          AND coalesce(s.blocked_from, s.starts_at) < coalesce(mine.blocked_until, mine.ends_at)
          AND coalesce(s.blocked_until, s.ends_at) > coalesce(mine.blocked_from, mine.starts_at)
          AND s.starts_at > mine.starts_at - interval '32 hours' AND s.starts_at < mine.ends_at + interval '8 hours'
        OFFSET 0
    ) AS over
    WHERE mine.tenant_id = current_tenant() AND mine.id = $1)
