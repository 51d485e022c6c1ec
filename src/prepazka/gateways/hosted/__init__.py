"""A provider over HTTP, described by configuration."""

from prepazka.gateways.hosted.gateway import Hosted
from prepazka.gateways.hosted.settings import HostedSettings

__all__ = ["Hosted", "HostedSettings"]
