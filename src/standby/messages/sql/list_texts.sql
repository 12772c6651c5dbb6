SELECT kind, language, subject, body, sms, changed_at, changed_by FROM texts WHERE tenant_id = current_tenant()
