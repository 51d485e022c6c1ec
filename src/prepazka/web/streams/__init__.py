"""Event streams: changes at the counters, sent at once to every listener."""
