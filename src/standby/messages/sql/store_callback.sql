-- Keeps a genuine request once for each salon; see the function.
SELECT store_callback($1, $2, $3, $4, $5, $6, $7, $8, $9)
