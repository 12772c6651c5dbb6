-- What suggesting a wish needs: the service's length (NULL: there is none), who offers it, and who has this phone number.
SELECT (SELECT duration_minutes FROM services WHERE tenant_id = current_tenant() AND id = $1 AND active) AS minutes,
       (SELECT array_agg(st.id) FROM staff_services can
        JOIN staff st ON st.tenant_id = can.tenant_id AND st.id = can.staff_id AND st.active
        WHERE can.tenant_id = current_tenant() AND can.service_id = $1) AS staff,
       (SELECT id FROM customers WHERE tenant_id = current_tenant() AND phone = $2::text) AS customer_id
