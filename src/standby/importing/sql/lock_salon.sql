-- One import at a time in a salon: a second one waits here, then sees what the first has written.
SELECT FROM tenants WHERE id = current_tenant() FOR NO KEY UPDATE
