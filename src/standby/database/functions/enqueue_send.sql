-- Adds the job that sends a message which the tenant's transaction has just written, in its place among all salons'.
CREATE OR REPLACE FUNCTION enqueue_send(p_id uuid, p_created_at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
BEGIN
    PERFORM enqueue_for(current_tenant(), 'message.send', p_id,
                        send_priority(current_tenant(), p_id, p_created_at, 10));
END $$;
