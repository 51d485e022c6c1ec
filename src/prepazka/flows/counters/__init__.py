"""The counters: arriving, calling, the board, the end of the day."""
