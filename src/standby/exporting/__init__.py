"""A salon's book, to CSV: as importing/ reads it."""
