-- Forgets what was done by minute before $1. The row of all that ever was stays.
DELETE FROM work_minutes WHERE minute < $1 AND minute > '-infinity'
