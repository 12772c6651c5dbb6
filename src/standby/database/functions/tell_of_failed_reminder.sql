-- Tells the salon, once, that a reminder could not be sent: somebody may want to call.
CREATE OR REPLACE FUNCTION tell_of_failed_reminder(p_tenant uuid, p_message uuid, p_reason text, p_now timestamptz)
RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    SELECT tell_salon(p_tenant, 'reminder_failed', 'reminder_failed:' || p_message,
                      jsonb_build_object('booking', m.booking_id, 'customer', c.name, 'starts_at', b.starts_at,
                                         'reason', p_reason), p_now)
    FROM messages m
    JOIN bookings b ON b.tenant_id = m.tenant_id AND b.id = m.booking_id
    JOIN customers c ON c.tenant_id = m.tenant_id AND c.id = m.customer_id
    WHERE m.tenant_id = p_tenant AND m.id = p_message
$$;
