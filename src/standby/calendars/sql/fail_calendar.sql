-- Notes that a linked calendar failed, and when it is tried again ($4; NULL: when it has been connected anew).
SELECT fail_calendar($1, $2, $3, $4, $5, $6)
