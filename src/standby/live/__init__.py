"""Who looks at a salon's pages learns at once that something has changed: told by PostgreSQL, passed on to each."""
