"""What a gateway's token is good for: its purposes, and the numbers it may speak for."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

Purpose = Literal["messages", "replies", "bookings"]
PURPOSES: tuple[Purpose, ...] = ("messages", "replies", "bookings")
"""Handing in messages; reading the reply in the answer to the call; booking and cancelling for an office."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What one token may do.

    numbers: those it is good for, as far as they are bound to its gateway; None means all that are bound to it.
    """

    # docs/spec/safety.md §1: "Without options it may only hand in messages"
    purposes: tuple[Purpose, ...] = ("messages",)
    numbers: tuple[str, ...] | None = None

    def allows(self, purpose: Purpose) -> bool:
        """Whether the token was given for this purpose."""
        return purpose in self.purposes

    def covers(self, number: str) -> bool:
        """Whether the token is good for a number that is bound to its gateway."""
        return self.numbers is None or number in self.numbers


def scope_of(purposes: Collection[str], numbers: Collection[str] | None) -> Scope:
    """Return a scope, its purposes in their usual order and those that are not known left out."""
    known = tuple(purpose for purpose in PURPOSES if purpose in purposes)
    return Scope(known, None if numbers is None else tuple(sorted(set(numbers))))
