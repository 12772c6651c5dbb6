-- The command line and sign-in know a salon by its slug. NULL: no such salon.
CREATE OR REPLACE FUNCTION enter_tenant_named(p_slug text) RETURNS uuid
LANGUAGE sql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$ SELECT set_config('standby.tenant', id::text, true)::uuid FROM tenants WHERE slug = p_slug $$;
