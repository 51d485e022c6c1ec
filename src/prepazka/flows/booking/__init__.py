"""Bookings from every channel: decided under the office's lock and stored."""
