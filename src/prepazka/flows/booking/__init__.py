"""Bookings by any channel: decided under the office's lock and kept."""
