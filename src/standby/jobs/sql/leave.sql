-- A worker that ended well is no longer listed.
DELETE FROM workers WHERE id = $1
