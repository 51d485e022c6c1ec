"""Booking on the web: activity, day and time, name and telephone; the code comes by SMS. And cancelling."""
