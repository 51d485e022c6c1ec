"""Kannel's bearerbox, by its own box protocol.

`codec` translates frames, `connection` and `session` keep the box connected, `messages` translates messages and
reports, `status` reads the status page, and `box` is the class the office opens.
"""

from prepazka.gateways.kannel.box import Kannel
from prepazka.gateways.kannel.settings import KannelSettings

__all__ = ["Kannel", "KannelSettings"]
