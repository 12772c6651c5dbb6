-- How many webhooks the salon has.
SELECT count(*) FROM webhook_endpoints WHERE tenant_id = current_tenant()
