-- Tells the caller's salon that a calendar doesn't take its bookings; once a day and calendar.
CREATE OR REPLACE FUNCTION tell_of_unwritten(p_link uuid, p_failure text, p_now timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    SELECT tell_salon(l.tenant_id, 'calendar_failing', format('calendar_unwritten:%s:%s', l.id, p_now::date),
                      jsonb_build_object('calendar_id', l.id, 'staff_id', l.staff_id, 'calendar', l.kind,
                                         'failure', p_failure), p_now)
    FROM calendar_links l WHERE l.tenant_id = current_tenant() AND l.id = p_link
$$;
