-- Changes what people wait for, whatever stage of it they are at, and tells history so.
WITH changed AS (
    UPDATE waitlist_entries e
    SET earliest = given.earliest, latest = given.latest, weekdays = given.weekdays::smallint[],
        from_minute = given.from_minute, until_minute = given.until_minute, vip = given.vip,
        priority_override = given.priority, joined_at = given.joined
    FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::text[], $5::smallint[], $6::smallint[],
                $7::boolean[], $8::integer[], $9::timestamptz[])
         AS given (id, earliest, latest, weekdays, from_minute, until_minute, vip, priority, joined)
    WHERE e.tenant_id = current_tenant() AND e.id = given.id AND e.status IN ('waiting', 'notified', 'cooldown')
    RETURNING e.id
)
INSERT INTO history (tenant_id, entity, entity_id, reason, actor, at)
SELECT current_tenant(), 'entry', id, 'changed', 'import', $10 FROM changed
