"""The desk: what a clerk does at a counter, and with the day's bookings."""
