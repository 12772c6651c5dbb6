"""The JSON API under /api: one file per thing, each handler parses, calls one domain function, and answers."""
