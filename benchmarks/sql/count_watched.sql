-- How many of these slots have an open offer with a deadline that is still to come.
SELECT count(DISTINCT slot_id) FROM offers WHERE slot_id = ANY ($1::uuid[]) AND status = 'pending' AND expires_at > now()
