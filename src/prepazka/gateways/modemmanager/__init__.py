"""A modem of ModemManager, by its program mmcli."""

from prepazka.gateways.modemmanager.gateway import ModemManager
from prepazka.gateways.modemmanager.settings import ModemManagerSettings

__all__ = ["ModemManager", "ModemManagerSettings"]
