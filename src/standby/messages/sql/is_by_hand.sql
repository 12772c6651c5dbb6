-- Whether a message is this answer by hand. $1 message, $2 customer, $3 text, $4 channel; NULL: by whichever it went
SELECT EXISTS (
    SELECT FROM messages
    WHERE tenant_id = current_tenant() AND id = $1 AND customer_id = $2 AND kind = 'by_hand' AND details ->> 'text' = $3
      AND ($4::text IS NULL OR channels = ARRAY[$4])
)
