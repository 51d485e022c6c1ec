"""The gateways without a peer: what the office says by them is shown on a screen, so it has arrived when it is said."""

PHONE = "phone"
"""The phone simulator."""

CONSOLE = "console"
"""The command line; ids given in replay lines are unique within it."""

SCREENS = frozenset({PHONE, CONSOLE})
