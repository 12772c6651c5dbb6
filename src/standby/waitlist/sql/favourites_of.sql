-- What a customer usually books, as pairs of aspect and value.
SELECT ARRAY(SELECT ARRAY[aspect, value] FROM preferences
             WHERE tenant_id = current_tenant() AND customer_id = $1 AND favourite)
