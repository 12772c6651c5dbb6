-- What the customer with number $1 is called, if it is another name than $2.
SELECT name FROM customers WHERE tenant_id = current_tenant() AND phone = $1 AND lower(name) <> lower($2)
