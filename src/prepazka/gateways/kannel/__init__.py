"""Kannel's bearerbox by its own box protocol: codec, session, what messages mean, and the gateway made of them."""

from prepazka.gateways.kannel.box import Kannel
from prepazka.gateways.kannel.settings import KannelSettings

__all__ = ["Kannel", "KannelSettings"]
