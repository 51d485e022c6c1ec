"""The desk: a clerk's work at a counter and with the bookings of a day."""
