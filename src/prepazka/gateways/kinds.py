"""The kinds of gateways the office can open, one line each."""

from collections.abc import Callable, Mapping
from typing import Any

from prepazka.gateways.values import Gateway

Open = Callable[[str, Mapping[str, Any]], Gateway]
"""Opens a gateway of one kind by its name and its settings, without asking the peer yet.

Raises: ValueError naming the setting that is missing or wrong.
"""

KINDS: Mapping[str, Open] = {}
"""Kinds by name: the `kind` of a gateway in the database."""
