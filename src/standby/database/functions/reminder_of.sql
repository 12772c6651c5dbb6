-- When a booking's first reminder after p_after is due, by the rules that hold now for its service; NULL: none is.
CREATE OR REPLACE FUNCTION reminder_of(
    p_tenant uuid, p_service uuid, p_since timestamptz, p_starts_at timestamptz, p_after timestamptz)
RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    SELECT next_reminder(coalesce(service.reminders, salon.reminders), p_since, p_starts_at, t.timezone,
                         salon.quiet_from_minute, salon.quiet_until_minute, p_after)
    FROM tenants t
    JOIN policies salon ON salon.tenant_id = t.id AND salon.service_id IS NULL
    LEFT JOIN policies service ON service.tenant_id = t.id AND service.service_id = p_service
    WHERE t.id = p_tenant
$$;
