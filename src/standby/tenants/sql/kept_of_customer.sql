-- What is known of the customer with this number ($1) and is another than the name ($2) or email ($3) given.
SELECT array_remove(ARRAY[CASE WHEN name <> $2 THEN 'name' END, CASE WHEN email <> $3 THEN 'email' END], NULL)
FROM customers WHERE tenant_id = current_tenant() AND phone = $1
