"""The peak of a whole country on this machine: its messages, acts at counters, web bookings and boards, all at once."""
