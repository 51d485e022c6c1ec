"""SMPP 3.4: binds directly to the SMSC of an operator or an aggregator.

`pdus` and `session` do no I/O: they turn octets into events. `connection` gives a session a socket and the time.
`deliveries` and `sending` translate PDUs to and from the office's messages. `journal` recognises repeated deliveries.
`gateway` is the class the office opens.
"""

from prepazka.gateways.smpp.gateway import Smpp
from prepazka.gateways.smpp.settings import SmppSettings

__all__ = ["Smpp", "SmppSettings"]
