"""Booking and cancelling on the web, without an account."""
