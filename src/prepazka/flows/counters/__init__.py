"""The journeys at the counters: arriving, calling, the board, the end of the day."""
