"""/app: a salon's own pages, for those who have signed in."""
