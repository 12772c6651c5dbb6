-- Keeps newly sealed secrets; see the function.
SELECT reseal_sender($1, $2, $3, $4)
