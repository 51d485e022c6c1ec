"""The board: the live state of the counters, as a page and as a screen. It shows numbers only."""
