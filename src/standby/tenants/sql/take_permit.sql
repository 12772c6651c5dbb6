-- Takes a place in each line ($1, as hashes; $2 how far apart, $3 how many at once), or in none; how long to wait.
SELECT take_permit($1, $2, $3, $4)
