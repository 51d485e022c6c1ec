"""A SIM in a modem by gammu-smsd, over its SQL database on SQLite or PostgreSQL; each modem is one gateway.

`gateway` is the class the office opens. `inbox`, `outbox` and `receipts` read and write smsd's tables through
`database`, `health` reads smsd's heartbeat, and `config` prints the configuration smsd needs.
"""

from prepazka.gateways.gammu.gateway import Gammu
from prepazka.gateways.gammu.settings import GammuSettings

__all__ = ["Gammu", "GammuSettings"]
