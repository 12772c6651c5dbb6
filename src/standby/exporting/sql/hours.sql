-- The week, a row for each weekday on which the salon opens.
SELECT (ARRAY['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])[weekday] AS weekday,
       string_agg(to_char(make_time(opens_minute / 60, opens_minute % 60, 0), 'HH24:MI') || '-'
                  || lpad((closes_minute / 60)::text, 2, '0') || ':' || lpad((closes_minute % 60)::text, 2, '0'),
                  ', ' ORDER BY opens_minute) AS hours
FROM business_hours WHERE tenant_id = current_tenant()
GROUP BY business_hours.weekday ORDER BY business_hours.weekday
