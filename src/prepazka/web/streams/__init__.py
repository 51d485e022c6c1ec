"""Event streams: what has changed at the counters, told at once to everybody who listens."""
