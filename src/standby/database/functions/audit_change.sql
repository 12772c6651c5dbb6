-- Writes down what somebody changes: the fields that differ, before and after, and whoever the transaction says it is
-- for (tenants/scope.py). What workers and customers' links do says nobody, and stands in history.
-- Secrets and hashes are not told, only that they are other ones; what we keep for ourselves is not told at all.
CREATE OR REPLACE FUNCTION audit_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
DECLARE
    k_ours CONSTANT text[] := ARRAY['tenant_id', 'changed_at', 'changed_by', 'actor', 'sequence', 'remind_at', 'reminder_number',
        'reminders_since', 'reminders_pass', 'reminders_marked', 'staff_wish', 'tier', 'override_rank', 'heard_at', 'route',
        'version', 'place', 'read_at', 'next_read_at', 'failures', 'failing_since', 'rest_until', 'last_used_at', 'wrote_whatsapp_at'];
    k_secret CONSTANT text[] := ARRAY['secrets', 'token_hash', 'key_hash'];
    v_author jsonb := current_setting('standby.author')::jsonb;
    v_old jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(old) - k_ours END;
    v_new jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(new) - k_ours END;
    v_row jsonb := coalesce(to_jsonb(new), to_jsonb(old));
    v_before jsonb;
    v_after jsonb;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT jsonb_object_agg(key, CASE WHEN key = ANY (k_secret) THEN '"as it was"' ELSE value END),
               jsonb_object_agg(key, CASE WHEN key = ANY (k_secret) THEN '"changed"' ELSE v_new -> key END)
        INTO v_before, v_after
        FROM jsonb_each(v_old) WHERE value IS DISTINCT FROM v_new -> key;
        IF v_before IS NULL THEN
            RETURN NULL;
        END IF;
    ELSE
        v_before := jsonb_strip_nulls(v_old - k_secret);
        v_after := jsonb_strip_nulls(v_new - k_secret);
    END IF;
    INSERT INTO audit_log (tenant_id, at, actor, address, request_id, action, entity, entity_id, before, after)
    VALUES (
        CASE WHEN TG_TABLE_NAME = 'tenants' THEN v_row ->> 'id' ELSE v_row ->> 'tenant_id' END::uuid,
        (v_author ->> 'at')::timestamptz, v_author ->> 'actor', (v_author ->> 'address')::inet, v_author ->> 'request_id',
        CASE TG_OP WHEN 'INSERT' THEN 'create' WHEN 'UPDATE' THEN 'change' ELSE 'delete' END,
        TG_ARGV[0], (v_row ->> TG_ARGV[1])::uuid, v_before, v_after);
    RETURN NULL;
END $$;

DO $$
DECLARE
    v record;
BEGIN
    FOR v IN
        SELECT * FROM (VALUES
            ('tenants', 'salon', 'id'), ('services', 'service', 'id'), ('staff', 'staff', 'id'),
            ('staff_services', 'skill', 'staff_id'), ('business_hours', 'hours', NULL), ('staff_hours', 'hours', 'staff_id'),
            ('closures', 'closure', 'id'), ('policies', 'policy', 'service_id'), ('texts', 'text', NULL), ('quotas', 'quota', NULL),
            ('senders', 'sender', NULL), ('calendar_links', 'calendar', 'id'), ('calendar_feeds', 'calendar_feed', 'id'), ('webhook_endpoints', 'webhook', 'id'), ('memberships', 'member', 'user_id'),
            ('invitations', 'invitation', 'id'), ('api_keys', 'api_key', 'id'),
            ('customers', 'customer', 'id'), ('bookings', 'booking', 'id'), ('waitlist_entries', 'entry', 'id')
        ) AS audited (tbl, entity, key)
    LOOP
        EXECUTE format(
            'CREATE OR REPLACE TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW '
            'WHEN (current_setting(''standby.author'', true) <> '''') EXECUTE FUNCTION audit_change(%L, %L)',
            v.tbl || '_audit', v.tbl, v.entity, coalesce(v.key, ''));
    END LOOP;
END $$;
