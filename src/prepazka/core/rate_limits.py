"""Rate limits: how often something may happen in a period, and what happens beyond; all of them are listed here.

A limit slows down or asks for more; it shuts nobody out, because an address may be a whole district. Hits are counted
in slots of the limit's period; those of the slot before count by the share of it that is still within the period.
`store/rate_limits.py` keeps the counts, `web/callers.py` knows who calls.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Literal, NamedTuple

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_START = datetime(1970, 1, 1, tzinfo=UTC)

Then = Literal["ask", "wait", "refuse", "silence", "stop", "alarm"]
"""What happens beyond a limit: ask for a proof of work or a confirmation, let wait before the next try, refuse until
the period is over, send no more replies, send no more messages the office begins, warn and ask everybody."""


@dataclass(frozen=True, slots=True)
class RateLimit:
    """Up to `figure` hits in a period pass freely.

    pause: with "wait", the time between two tries once there are `figure` hits; it doubles with each further one, up to
    `longest`. tabled: whether hits are counted in the table of limits; others are counted where they are stored anyway.
    """

    name: str
    figure: int
    period: timedelta
    then: Then
    pause: timedelta = timedelta()
    longest: timedelta = timedelta()
    tabled: bool = True

    def slot(self, now: datetime) -> int:
        """Return the number of the slot: whole periods since 1970."""
        return (now - _START) // self.period

    def pause_after(self, hits: int) -> timedelta:
        """Return the time between the last of so many hits and the next try."""
        if hits < self.figure or not self.pause:
            return timedelta()
        doublings = min(hits - self.figure, 16)  # beyond, it is longer than any `longest`
        return min(self.pause * (1 << doublings), self.longest)


@dataclass(frozen=True, slots=True)
class Tally:
    """The hits of one bucket: `count` in `slot`, `before` in the slot before it; last: the moment of the last hit.

    Of a hit that was just counted, `last` is the one before it.
    """

    limit: RateLimit
    slot: int = 0
    count: int = 0
    before: int = 0
    last: datetime | None = None

    def hits(self, now: datetime) -> int:
        """Return the hits of the past period, rounded down."""
        slot = self.limit.slot(now)
        count, before = {slot: (self.count, self.before), slot - 1: (0, self.count)}.get(self.slot, (0, 0))
        left = self.limit.period - (now - _START) % self.limit.period
        return count + int(before * (left / self.limit.period))

    def reached(self, now: datetime) -> bool:
        """Whether one more hit would be beyond the limit."""
        return self.hits(now) >= self.limit.figure

    def exceeded(self, now: datetime) -> bool:
        """Whether there were more hits than pass freely: asked after a hit was counted."""
        return self.hits(now) > self.limit.figure

    def wait(self, now: datetime) -> timedelta:
        """Return how long the next try has to wait; a last hit in the future, by a wrong clock, does not count."""
        if self.limit.then == "refuse":
            return self.refused_for(now) if self.reached(now) else timedelta()
        if self.last is None or self.last > now:
            return timedelta()
        return max(self.last + self.limit.pause_after(self.hits(now)) - now, timedelta())

    def refused_for(self, now: datetime) -> timedelta:
        """Return after which time a limit that refuses lets pass again, at the latest."""
        return self.limit.period - (now - _START) % self.limit.period

    def without_this(self) -> "Tally":
        """Return the tally as it was before a hit that was just counted."""
        return replace(self, count=self.count - 1)


class Bucket(NamedTuple):
    """What is counted together: the hits of one limit under one key. office: whose affair they are, if anybody's."""

    limit: RateLimit
    key: str
    office: int | None = None


# docs/spec/safety.md §2.2: "An IPv4 address is one bucket, and so is an IPv6 network of 64 bits"
@dataclass(frozen=True, slots=True)
class AddressLimit:
    """One limit for callers known by their address only: its figures by the kind of network."""

    ipv4: RateLimit
    ipv6_64: RateLimit
    ipv6_48: RateLimit

    def buckets(self, address: str, *key: str, office: int | None = None) -> list[Bucket]:
        """Return the buckets of this address, the narrowest first; key: what else is told apart."""
        limits: dict[str, RateLimit] = {"4": self.ipv4, "64": self.ipv6_64, "48": self.ipv6_48}
        return [
            Bucket(limits[kind], " ".join((network, *key)), office) for kind, network in networks_of(address).items()
        ]


def networks_of(address: str) -> dict[str, str]:
    """Return what an address is counted as: "4" the address itself, or its IPv6 networks "64" and "48".

    Callers without a readable address, such as those of a socket file, count as one.
    """
    try:
        given = ip_address(address.partition("%")[0])
    except ValueError:
        return {"4": "unknown"}
    if isinstance(given, IPv6Address):
        given = given.ipv4_mapped or given
    if isinstance(given, IPv4Address):
        return {"4": str(given)}
    return {str(bits): str(ip_network((given, bits), strict=False)) for bits in (64, 48)}


Pauses = tuple[timedelta, timedelta]
NO_PAUSES: Pauses = (timedelta(), timedelta())


def network_of(address: str) -> str:
    """Return the narrowest network an address is counted as."""
    return next(iter(networks_of(address).values()))


def _by_address(
    name: str, figures: tuple[int, int, int], period: timedelta, then: Then, pauses: Pauses = NO_PAUSES
) -> AddressLimit:
    """Return the limits of an IPv4 address, of an IPv6 /64 and of a /48."""
    kinds = [kind.name for kind in fields(AddressLimit)]
    return AddressLimit(
        *(
            RateLimit(f"{name}_{kind}", figure, period, then, *pauses)
            for kind, figure in zip(kinds, figures, strict=True)
        )
    )


_SECOND = timedelta(seconds=1)

# docs/spec/safety.md §2.3 has the same list as a table; tests/docs/test_spec.py compares them.
WEB_BOOKINGS = _by_address("web_bookings", (60, 20, 100), HOUR, "ask")
WRONG_CODES = _by_address("wrong_codes", (20, 20, 100), HOUR, "wait", (30 * _SECOND, 30 * _SECOND))
WRONG_CODES_OF_OFFICE = RateLimit("wrong_codes_of_office", 200, HOUR, "alarm")
WRONG_CODES_OF_PROGRAM = RateLimit("wrong_codes_of_program", 30, HOUR, "refuse")
KIOSK_CODES = RateLimit("kiosk_codes", 5, MINUTE, "wait", 3 * _SECOND, 3 * _SECOND)
PAIRING_CODES = RateLimit("pairing_codes", 20, HOUR, "refuse")
SIGN_IN = RateLimit("sign_in", 5, HOUR, "wait", _SECOND, 60 * _SECOND)
SIGN_IN_OF_NAME = RateLimit("sign_in_of_name", 5, HOUR, "wait", _SECOND, 60 * _SECOND)
SIGN_IN_OF_ADDRESS = _by_address("sign_in_of_address", (100, 100, 500), HOUR, "wait", (_SECOND, 60 * _SECOND))
GATEWAY_REFUSALS = _by_address("gateway_refusals", (20, 20, 100), MINUTE, "refuse")
SMS_REPLIES_AN_HOUR = RateLimit("sms_replies_an_hour", 30, HOUR, "silence", tabled=False)
SMS_REPLIES_A_DAY = RateLimit("sms_replies_a_day", 100, DAY, "silence", tabled=False)
MESSAGES_OF_OFFICE = RateLimit("messages_of_office", 1000, DAY, "stop", tabled=False)
REPLIES_TO_OTHER_COUNTRIES = RateLimit("replies_to_other_countries", 50, DAY, "silence")
WEB_REFUSALS = RateLimit("web_refusals", 30, 10 * MINUTE, "ask")


def _all() -> Iterator[RateLimit]:
    for found in globals().values():
        if isinstance(found, RateLimit):
            yield found
        elif isinstance(found, AddressLimit):
            yield from (found.ipv4, found.ipv6_64, found.ipv6_48)


LIMITS: dict[str, RateLimit] = {limit.name: limit for limit in list(_all())}
"""All limits by name, with their usual figures; an installation may set others (`PREPAZKA_LIMITS`)."""
