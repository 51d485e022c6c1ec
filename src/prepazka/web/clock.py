"""The clock of the pages: the only place where they read the time."""

from prepazka.clock import now

__all__ = ["now"]
