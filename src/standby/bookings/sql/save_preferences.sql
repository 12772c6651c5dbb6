-- Replaces those preferences of a locked customer that have changed; one without visits goes.
WITH given AS MATERIALIZED (
    SELECT * FROM unnest($2::text[], $3::text[], $4::integer[], $5::numeric[], $6::boolean[])
                  AS given (aspect, value, visits, weight, favourite)
), gone AS (
    DELETE FROM preferences p USING given
    WHERE p.tenant_id = current_tenant() AND p.customer_id = $1 AND p.aspect = given.aspect AND p.value = given.value
      AND given.visits = 0
)
INSERT INTO preferences (tenant_id, customer_id, aspect, value, visits, weight, favourite)
SELECT current_tenant(), $1, given.* FROM given WHERE given.visits > 0
ON CONFLICT (tenant_id, customer_id, aspect, value) DO UPDATE
SET visits = excluded.visits, weight = excluded.weight, favourite = excluded.favourite
