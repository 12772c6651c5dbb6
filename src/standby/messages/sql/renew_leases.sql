-- Prolongs the leases of messages that are being sent; see the function.
SELECT renew_leases($1, $2, $3, $4)
