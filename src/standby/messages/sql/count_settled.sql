-- Counts the usage of a settled send; see the function.
SELECT count_settled($1, $2, $3)
