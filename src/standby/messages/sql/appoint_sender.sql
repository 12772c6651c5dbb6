-- Makes a salon's sender for a channel, or replaces it; a new one is not paused for what the old one did.
WITH unpaused AS (
    DELETE FROM channel_pauses WHERE tenant_id = current_tenant() AND channel = $1
)
INSERT INTO senders (tenant_id, channel, provider, address, options, secrets, version, changed_at)
VALUES (current_tenant(), $1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (tenant_id, channel) DO UPDATE
SET provider = excluded.provider, address = excluded.address, options = excluded.options, secrets = excluded.secrets,
    version = excluded.version, changed_at = excluded.changed_at,
    heard_at = CASE WHEN (senders.provider, senders.address, senders.options)
                         = (excluded.provider, excluded.address, excluded.options) THEN senders.heard_at END
