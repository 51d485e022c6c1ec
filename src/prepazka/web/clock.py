"""The clock of the faces: the only place where they learn the time."""

from prepazka.clock import now

__all__ = ["now"]
