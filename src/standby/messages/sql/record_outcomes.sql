-- Records what became of claimed messages; see the function.
SELECT record_outcomes($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
