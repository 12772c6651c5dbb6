-- Claims messages to be sent now; see the function.
SELECT * FROM claim_messages($1, $2, $3, $4, $5, $6, $7, $8, $9)
