"""Calendars: feeds that programs read bookings from."""
