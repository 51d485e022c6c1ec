"""How much work each measurement does: the usual run, the full one of the performance page, and a small trial."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Filling:
    """What a database of the part `freetimes` holds: this many offices, which share these bookings of the past."""

    offices: int
    bookings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Peak:
    """The peak of a country (`country`): how long, and at which share of its rates.

    workers: processes that serve. seconds: all at once; alone: each kind by itself, before; rest: without anything,
    before that; full: all at once at the country's full rates, at the end, 0 for not. waiting: halls in which somebody
    waits at first. listeners: towns to whose board somebody listens.
    """

    workers: int
    seconds: float
    share: float
    alone: float
    rest: float
    full: float
    waiting: int
    listeners: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """The amount of work of each part of the benchmark; every count is at least 2, as quantiles need."""

    # messages: transactions of a full batch, messages taken in alone, the same after rests, texts parsed and rendered.
    batches: int
    singles: int
    rested: int
    texts: int
    # freetimes: each filling is measured in a database of its own, by this many queries.
    fillings: tuple[Filling, ...]
    queries: int
    # http: bookings of each client, and how often all clients compete for the same places.
    bookings: int
    contests: int
    # pages: how often each is asked for.
    pages: int
    # queue: people waiting, runs of each act, simulated days.
    waiting: int
    acts: int
    days: int
    # reports: people on each working day of a year.
    people: int
    # streams: connections, and calls of the next ticket.
    listeners: int
    calls: int
    # smpp, kannel: messages the centre hands over.
    delivered: int
    # gateways: how many, over how many processes, watched as node is.
    gateways: int
    processes: int
    # node: offices of the larger one, seconds it is watched, messages stored.
    offices: int
    watched: float
    stored: int
    # country: offices as for node.
    peak: Peak


USUAL = Sizes(
    batches=30,
    singles=300,
    rested=60,
    texts=2_000,
    fillings=(Filling(1, 10_000), Filling(100, 100_000)),
    queries=300,
    bookings=250,
    contests=25,
    pages=200,
    waiting=40,
    acts=200,
    days=5,
    people=100,
    listeners=1_000,
    calls=30,
    delivered=3_000,
    gateways=200,
    processes=2,
    offices=1_000,
    watched=20.0,
    stored=10,
    peak=Peak(workers=2, seconds=60.0, share=0.2, alone=20.0, rest=10.0, full=20.0, waiting=200, listeners=200),
)
# Runs every part in seconds; the figures mean nothing.
SMALL = Sizes(
    batches=2,
    singles=2,
    rested=2,
    texts=2,
    fillings=(Filling(2, 20),),
    queries=2,
    bookings=2,
    contests=2,
    pages=2,
    waiting=3,
    acts=3,
    days=2,
    people=2,
    listeners=5,
    calls=2,
    delivered=4,
    gateways=3,
    processes=1,
    offices=1,
    watched=0.2,
    stored=2,
    peak=Peak(workers=1, seconds=0.6, share=0.1, alone=0.3, rest=0.1, full=0.05, waiting=1, listeners=1),
)
_MILLION = (Filling(1, 10_000), Filling(1, 1_000_000), Filling(100, 1_000_000))
_PEAK = Peak(workers=2, seconds=600.0, share=1.0, alone=30.0, rest=20.0, full=30.0, waiting=500, listeners=1_000)
# By the kind of database: everything that docs/performance.md shows.
FULL = {
    "sqlite": replace(
        USUAL, fillings=(*_MILLION, Filling(6_000, 1_000_000)), gateways=1_000, processes=4, offices=6_000, peak=_PEAK
    ),
    "postgresql": replace(
        USUAL, fillings=(*_MILLION, Filling(6_000, 10_000_000)), gateways=1_000, processes=4, offices=6_000, peak=_PEAK
    ),
}
