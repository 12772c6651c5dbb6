"""Providers as they are seen from outside: each listens on a socket, keeps what it took and refuses what is wrong."""
