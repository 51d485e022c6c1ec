"""A provider's gateway over HTTP, described by configuration: how it calls us and how it is called."""

from prepazka.gateways.hosted.gateway import Hosted
from prepazka.gateways.hosted.settings import HostedSettings

__all__ = ["Hosted", "HostedSettings"]
