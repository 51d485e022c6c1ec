"""Booking: what somebody may request, what is decided, and everything that can come of it."""
