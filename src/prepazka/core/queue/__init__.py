"""The queue at the counters: tickets and their states, the order of calling, arriving, estimated waits, the board.

Moments here are aware datetimes, not minutes, because people are called within seconds.
"""
