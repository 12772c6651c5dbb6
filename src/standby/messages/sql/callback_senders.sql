-- The senders that a provider's request may be about; see the function.
SELECT * FROM callback_senders($1, $2, $3)
