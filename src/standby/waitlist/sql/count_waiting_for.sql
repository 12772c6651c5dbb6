-- How many wait for each service; of very many, the first 100,000 are counted.
SELECT service_id, count(*) AS many
FROM (SELECT service_id FROM waitlist_entries
      WHERE tenant_id = current_tenant() AND ended_at IS NULL AND status = 'waiting' LIMIT 100000) AS there
GROUP BY service_id
