-- Whatever statement makes, moves or ends bookings adds in its transaction the job that counts what has changed: one for
-- each customer, however many bookings. No visit: cancelled, or nobody came. Less urgent than anything else.
-- What was changed is found by EXCEPT: a join of two transition tables has no index, and would be planned for the first
-- statement's single row and kept for the one that changes ten thousand.
CREATE OR REPLACE FUNCTION count_visits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM enqueue_for(tenant_id, 'waitlist.preference', customer_id, 0)
        FROM (SELECT DISTINCT tenant_id, customer_id FROM made WHERE status IN ('confirmed', 'completed')) AS whose;
    ELSE
        PERFORM enqueue_for(tenant_id, 'waitlist.preference', customer_id, 0)
        FROM (SELECT DISTINCT tenant_id, customer_id
              FROM (SELECT tenant_id, id, customer_id, service_id, staff_id, starts_at, status IN ('confirmed', 'completed')
                    FROM made
                    EXCEPT
                    SELECT tenant_id, id, customer_id, service_id, staff_id, starts_at, status IN ('confirmed', 'completed')
                    FROM before) AS changed
             ) AS whose;
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER bookings_made AFTER INSERT ON bookings
    REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION count_visits();
CREATE OR REPLACE TRIGGER bookings_changed AFTER UPDATE ON bookings
    REFERENCING OLD TABLE AS before NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION count_visits();
