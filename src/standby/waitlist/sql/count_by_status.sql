-- How many are on the list in each of its states; of very many, the first 100,000 are counted.
SELECT status, count(*) AS many
FROM (SELECT status FROM waitlist_entries WHERE tenant_id = current_tenant() AND ended_at IS NULL LIMIT 100000) AS there
GROUP BY status
