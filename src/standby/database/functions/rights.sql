-- Who owns and who may call the functions of this folder. Nobody may by default.
-- standby_system owns them: its policy lets them cross tenants. What the app may call keeps to the caller's own tenant
-- or only enters one; what the worker may call takes no tenant from a user.
DO $$
DECLARE
    fn text;
BEGIN
    FOREACH fn IN ARRAY ARRAY['enqueue_for', 'enqueue', 'enqueue_fills_for_entry', 'refill_for', 'enter_tenant_of_offer',
        'enter_tenant_named', 'enter_tenant_of_feed', 'announce_deadline', 'next_deadlines', 'expire_due_offers', 'remind_due_offers',
        'end_due_cooldowns', 'expire_due_entries', 'close_due_slots', 'start_due_fills', 'wake_due_messages',
        'recover_stale_messages', 'renew_leases', 'withdraw_undelivered_offer', 'claim_messages', 'grant_send', 'defer_message',
        'sealed_senders', 'reseal_sender', 'pause_channel', 'set_offer_clock', 'record_outcomes', 'reconcile',
        'broken_invariants', 'uncertain_messages', 'callback_senders', 'store_callback', 'reread_callbacks',
        'unreadable_callbacks', 'forget_callbacks', 'note_delivery', 'count_settled', 'settle_sent', 'resend_undelivered',
        'take_turn', 'used_up_channels', 'tell_salon', 'count_usage',
        'send_priority', 'enqueue_send', 'due_messages_in_turn', 'fail_without_channel', 'used_up_quotas',
        'quiet_hours', 'quiet_until', 'goes_at_once', 'next_reminder', 'reminder_of', 'set_marked_reminders',
        'remind_due_bookings', 'set_reminder', 'mark_reminders', 'tell_of_failed_reminder', 'forget_request_keys',
        'read_due_calendars', 'write_due_events', 'fail_calendar', 'sealed_calendars',
        'reseal_calendar', 'enter_tenant_of_request', 'hear_push', 'follow_bookings', 'tell_of_unwritten',
        'record_change', 'count_visits', 'audit_change', 'erase_customer', 'erase_idle_customers', 'note_export',
        'forget_audit', 'event_of', 'write_event', 'follow_history', 'follow_messages', 'send_due_webhooks',
        'forget_old_webhooks', 'end_webhook', 'failing_webhooks', 'sealed_webhooks', 'reseal_webhook', 'take_permit',
        'forget_permits', 'forget_verifications', 'ask_letter', 'open_letter', 'close_letters', 'enter_account_named',
        'enter_account_of_refresh', 'find_session', 'find_api_key', 'salons_of_account', 'members_of_salon',
        'take_attempt', 'forgive_attempt', 'hand_over_letter', 'send_due_letters', 'claim_letter', 'end_letter',
        'forget_accounts', 'list_users', 'set_operator', 'sealed_factors', 'reseal_factor', 'unsent_letters',
        'count_story', 'count_deadlines', 'count_provider_pauses', 'delete_account', 'look_at_due_imports', 'note_trial'] LOOP  -- A trigger's own rights are not asked; whoever makes one needs this.
        EXECUTE format('ALTER FUNCTION %I OWNER TO standby_system', fn);
        EXECUTE format('REVOKE ALL ON FUNCTION %I FROM PUBLIC', fn);
    END LOOP;
    FOREACH fn IN ARRAY ARRAY['enqueue', 'refill_for', 'enter_tenant_of_offer', 'enter_tenant_named',
        'enter_tenant_of_feed', 'enqueue_send', 'announce_deadline', 'note_delivery', 'count_settled', 'fail_calendar',
        'enter_tenant_of_request', 'tell_of_unwritten', 'erase_customer', 'note_export', 'end_webhook',
        'take_permit', 'ask_letter', 'open_letter', 'close_letters', 'enter_account_named',
        'enter_account_of_refresh', 'find_session', 'find_api_key', 'salons_of_account', 'members_of_salon',
        'take_attempt', 'forgive_attempt', 'hand_over_letter', 'delete_account', 'note_trial'] LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION %I TO standby_app', fn);
    END LOOP;
    FOREACH fn IN ARRAY ARRAY['next_deadlines', 'expire_due_offers', 'remind_due_offers', 'end_due_cooldowns',
        'expire_due_entries', 'close_due_slots', 'start_due_fills', 'wake_due_messages', 'recover_stale_messages',
        'claim_messages', 'sealed_senders', 'reseal_sender', 'renew_leases', 'record_outcomes', 'reconcile', 'broken_invariants', 'uncertain_messages',
        'callback_senders', 'store_callback', 'reread_callbacks', 'unreadable_callbacks',
        'forget_callbacks', 'forget_request_keys', 'used_up_quotas', 'set_marked_reminders', 'remind_due_bookings',
        'read_due_calendars', 'write_due_events', 'sealed_calendars', 'reseal_calendar', 'hear_push',
        'erase_idle_customers', 'forget_audit', 'send_due_webhooks', 'forget_old_webhooks', 'failing_webhooks',
        'sealed_webhooks', 'reseal_webhook', 'forget_permits', 'forget_verifications', 'send_due_letters', 'claim_letter', 'end_letter',
        'forget_accounts', 'list_users', 'set_operator', 'sealed_factors', 'reseal_factor', 'unsent_letters',
        'count_story', 'count_deadlines', 'count_provider_pauses', 'look_at_due_imports'] LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION %I TO standby_worker', fn);
    END LOOP;
END $$;

-- A login that may take the worker's role can see that nothing is missing.
GRANT SELECT ON public._pogo_migration, public._pogo_version TO standby_worker;

-- The queue belongs to the worker; the app adds to it through enqueue() alone.
GRANT SELECT, INSERT, UPDATE, DELETE ON pgqueuer, pgqueuer_log, pgqueuer_statistics, pgqueuer_schedules
    TO standby_worker;
GRANT INSERT ON pgqueuer TO standby_system;
-- Why a priority was set; 0020 has the rest of what erase_customer takes away.
GRANT UPDATE (details) ON history TO standby_system;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA standby TO standby_app, standby_worker, standby_system;
GRANT SELECT ON ALL TABLES IN SCHEMA standby TO standby_system;
