"""Gateways without a peer: their messages appear on a screen, so they are delivered as soon as they are sent."""

PHONE = "phone"
"""The phone simulator."""

CONSOLE = "console"
"""The command line; the ids in its replay files are unique within it."""

SCREENS = frozenset({PHONE, CONSOLE})
