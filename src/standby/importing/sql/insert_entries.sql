-- Adds people to the waitlist.
INSERT INTO waitlist_entries (tenant_id, id, customer_id, service_id, staff_id, earliest, latest, weekdays,
                              from_minute, until_minute, vip, priority_override, joined_at, status, reason, actor,
                              changed_at)
SELECT current_tenant(), id, customer_id, service_id, staff_id, earliest, latest, weekdays::smallint[],
       from_minute, until_minute, vip, priority, joined, 'waiting', 'import', 'import', $13
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[], $6::timestamptz[], $7::text[],
            $8::smallint[], $9::smallint[], $10::boolean[], $11::integer[], $12::timestamptz[])
     AS given (id, customer_id, service_id, staff_id, earliest, latest, weekdays, from_minute, until_minute, vip,
               priority, joined)
