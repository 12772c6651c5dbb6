-- Is the salon, or this staff member, away at any moment of that time?
SELECT EXISTS (SELECT FROM absences
               WHERE tenant_id = current_tenant() AND (staff_id IS NULL OR staff_id = $1)
                 AND starts_at < $3 AND ends_at > $2)
