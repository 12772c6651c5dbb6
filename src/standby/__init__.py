"""Standby fills cancelled appointments from a waitlist."""

__version__ = "0.1.0"
