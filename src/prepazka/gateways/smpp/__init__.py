"""SMPP 3.4, spoken with an operator's or aggregator's SMSC directly.

`pdus` and `session` are pure: octets in, events out; `line` gives a session a socket and time; `hearing` and `sending`
say what PDUs mean to an office; `journal` knows what may come again; `gateway` is what the office opens.
"""

from prepazka.gateways.smpp.gateway import Smpp
from prepazka.gateways.smpp.settings import SmppSettings

__all__ = ["Smpp", "SmppSettings"]
