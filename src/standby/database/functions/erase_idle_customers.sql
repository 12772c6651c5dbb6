-- Erases customers of all salons who have done nothing since p_before, and for whom nothing is to come: up to 100 at once.
-- Returns how many.
CREATE OR REPLACE FUNCTION erase_idle_customers(p_before timestamptz, p_now timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
DECLARE
    v record;
    v_erased integer := 0;
BEGIN
    FOR v IN
        SELECT c.tenant_id, c.id FROM customers c
        WHERE c.erased_at IS NULL AND c.created_at < p_before
          AND coalesce(c.wrote_whatsapp_at < p_before, true)
          AND NOT EXISTS (SELECT FROM bookings b WHERE b.tenant_id = c.tenant_id AND b.customer_id = c.id
                          AND greatest(CASE WHEN b.status <> 'cancelled' THEN b.ends_at END, b.changed_at) >= p_before)
          AND NOT EXISTS (SELECT FROM waitlist_entries e WHERE e.tenant_id = c.tenant_id AND e.customer_id = c.id
                          AND (e.ended_at IS NULL OR e.ended_at >= p_before))
          AND NOT EXISTS (SELECT FROM replies r WHERE r.tenant_id = c.tenant_id AND r.customer_id = c.id
                          AND r.received_at >= p_before)
        ORDER BY c.tenant_id, c.id
        LIMIT 100
    LOOP
        PERFORM set_config('standby.tenant', v.tenant_id::text, true);
        v_erased := v_erased + erase_customer(v.id, p_now)::integer;
    END LOOP;
    PERFORM set_config('standby.tenant', '', true);
    RETURN v_erased;
END $$;
