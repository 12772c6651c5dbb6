"""Webhooks: salons' own systems are told of what happens."""
