-- Deletes this transaction's account with all that is its own; salons keep what it did, under its id. Returns the salons
-- that would be left without an owner: then nothing is deleted. Owners are locked, in one order: of two who leave a salon
-- at once one waits, and is then the last.
CREATE OR REPLACE FUNCTION delete_account(p_author jsonb) RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp SET enable_seqscan = off
AS $$
DECLARE
    v_salons text[];
BEGIN
    PERFORM FROM memberships m
    WHERE m.role = 'owner' AND m.tenant_id IN (
        SELECT mine.tenant_id FROM memberships mine WHERE mine.user_id = current_account() AND mine.role = 'owner')
    ORDER BY m.tenant_id, m.user_id FOR UPDATE;
    SELECT array_agg(t.name ORDER BY t.name) INTO v_salons
    FROM memberships m JOIN tenants t ON t.id = m.tenant_id
    WHERE m.user_id = current_account() AND m.role = 'owner' AND NOT EXISTS (
        SELECT FROM memberships other
        WHERE other.tenant_id = m.tenant_id AND other.role = 'owner' AND other.user_id <> m.user_id);
    IF v_salons IS NOT NULL THEN
        RETURN QUERY SELECT unnest(v_salons);
        RETURN;
    END IF;
    PERFORM set_config('standby.author', p_author::text, true);
    DELETE FROM letters WHERE email = (SELECT u.email FROM users u WHERE u.id = current_account());
    DELETE FROM letters WHERE kind = 'email' AND used_at IS NULL AND details ->> 'account' = current_account()::text;
    DELETE FROM memberships WHERE user_id = current_account();
    DELETE FROM users WHERE id = current_account();
END $$;
