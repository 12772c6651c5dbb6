"""Calendars elsewhere: read for the times when somebody is busy, and told of bookings."""
