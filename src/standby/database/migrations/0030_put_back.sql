-- What was cancelled or taken back by mistake is put back: an appointment stands again, a time is offered again
-- depends: 0029_imports

-- migrate: apply

INSERT INTO transitions (entity, from_state, to_state) VALUES
    ('booking', 'cancelled', 'confirmed'), ('slot', 'cancelled', 'open');

-- migrate: rollback
DELETE FROM transitions
WHERE (entity, from_state, to_state) IN (('booking', 'cancelled', 'confirmed'), ('slot', 'cancelled', 'open'));
