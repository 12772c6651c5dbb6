-- How many appointments to come one phone number may have when it books another without signing in
-- depends: 0023_account_changes

-- migrate: apply

-- NULL is the default, also of a salon: an old version, which may still run beside this one, doesn't name it.
ALTER TABLE policies ADD COLUMN max_future_bookings smallint CHECK (max_future_bookings BETWEEN 1 AND 100);

-- migrate: rollback
ALTER TABLE policies DROP COLUMN max_future_bookings;
