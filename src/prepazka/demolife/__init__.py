"""The demo office's life: people who text, come, wait and are served, so that every page has something to show.

Everything is done by the office's own journeys, at made-up times; nothing is written past them. Only ever in the demo.
"""
