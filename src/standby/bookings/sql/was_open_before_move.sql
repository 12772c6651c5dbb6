-- Whether a time of staff member $1, from $2 to $3, was open for the waitlist until a booking was moved there at $4.
SELECT EXISTS (
    SELECT FROM slots
    WHERE tenant_id = current_tenant() AND staff_id = $1 AND starts_at < $3 AND ends_at > $2
      AND starts_at > $2::timestamptz - interval '24 hours' AND changed_at = $4 AND reason = 'booked_directly'
)
