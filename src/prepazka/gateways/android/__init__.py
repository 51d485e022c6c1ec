"""An Android phone with the app SMS Gateway (capcom6)."""

from prepazka.gateways.android.gateway import Android
from prepazka.gateways.android.settings import AndroidSettings

__all__ = ["Android", "AndroidSettings"]
