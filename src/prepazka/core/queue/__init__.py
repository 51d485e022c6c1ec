"""The queue at the counters: tickets and their states, who is next, arriving, how long one waits, what the board shows.

Moments here are aware datetimes, not minutes: people are called within seconds.
"""
