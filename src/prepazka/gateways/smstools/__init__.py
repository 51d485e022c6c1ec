"""A SIM in a modem by smstools3, over the spool of its smsd.

`gateway` is the class the office opens, `outbox` writes messages for smsd, and `spool` reads smsd's files.
"""

from prepazka.gateways.smstools.gateway import Smstools
from prepazka.gateways.smstools.settings import SmstoolsSettings

__all__ = ["Smstools", "SmstoolsSettings"]
