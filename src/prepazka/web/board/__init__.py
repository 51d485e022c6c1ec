"""The board: the live state of the counters, as a page and as a big screen. Numbers only."""
