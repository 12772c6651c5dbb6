-- Writes down what a provider says became of a message, and acts on it; see the function.
SELECT * FROM note_delivery($1, $2, $3, $4, $5, $6, $7, $8, $9)
