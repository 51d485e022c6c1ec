"""What was measured of the country, as rows of the table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from prepazka.bench.country.load import REACHED_WITHIN, Meter
from prepazka.bench.country.people import Change, People
from prepazka.bench.measure import Row, median
from prepazka.bench.sizes import Peak

# Units of the seconds of processor that one of each kind takes.
_ONE = {"SMS": "an SMS", "acts": "an act or arrival", "web bookings": "a web booking"}


@dataclass(frozen=True, slots=True)
class Stretch:
    """What was measured in a stretch of time.

    offered, lasted: for how many seconds people came, and until the last was answered. pages: the seconds of each.
    ours, theirs, callers: seconds of processor of the server, of PostgreSQL (None where it is not here) and of the
    callers. load: of the machine.
    """

    offered: float
    lasted: float
    meters: Mapping[str, Meter]
    changes: Sequence[Change]
    pages: Sequence[float]
    ours: float
    theirs: float | None
    callers: float
    load: float


def rows_of(people: People, stretches: Sequence[Stretch], peak: Peak) -> list[Row]:
    """Return the rows of a peak: at rest, of each kind alone, of all at once, and, if asked, of all at full rates."""
    full = list(stretches[-1:]) if peak.full else []
    rest, *alone, together = stretches[: len(stretches) - len(full)]
    return [
        *_reached(together, peak),
        _pages(together),
        _replies(people.replies),
        _heard(people, together, peak),
        *(row for stretch in alone for row in _costs(stretch, rest)),
        *_whole(together, rest),
        *(_at_full_rates(kind, meter, one) for one in full for kind, meter in one.meters.items()),
    ]


def _reached(together: Stretch, peak: Peak) -> Iterator[Row]:
    for kind, meter in together.meters.items():
        offered = meter.due / together.offered
        yield Row(
            f"country, {100 * peak.share:.0f} % of its peak: {kind}",
            meter.reached / together.offered,
            "/s",
            None,
            f"{offered:.3g}/s came",
            f"{_spread(meter.seconds)}{_failures(meter)}",
        )


def _pages(together: Stretch) -> Row:
    """Pages that are only read: those of a desk after its act, of a kiosk, and those on the way to a booking."""
    count = len(together.pages) / together.lasted
    return Row("country: pages read beside them", count, "/s", None, "", _spread(together.pages))


def _replies(replies: Meter) -> Row:
    """Of all stretches: each is timed from the moment its SMS was to be written."""
    return Row(
        "country: SMS whose reply reached its phone",
        100 * len(replies.seconds) / max(1, replies.due),
        "%",
        None,
        "100 %",
        _spread(replies.seconds),
    )


def _heard(people: People, together: Stretch, peak: Peak) -> Row:
    """How many acts were heard by who listens to their town's board, and how long after the act was answered."""
    watched = {town.slug for town in people.towns[: peak.listeners]}
    changes = [change for change in together.changes if change.town in watched]
    delays = []
    for change in changes:
        told = [at for version, at in people.heard[change.town] if version >= change.version]
        if told:
            delays.append(max(0.0, min(told) - change.at))
    return Row(
        f"country: changes heard by {len(watched):,} listeners, one a board",
        100 * len(delays) / max(1, len(changes)),
        "%",
        None,
        "100 %",
        f"{len(changes):,} changes, {_spread(delays)}",
    )


def _costs(alone: Stretch, rest: Stretch) -> Iterator[Row]:
    """Seconds of processor of one of a kind, without what is spent at rest."""
    kind = next(iter(alone.meters))
    count = sum(len(meter.seconds) for meter in alone.meters.values())
    ours = alone.ours - rest.ours * alone.lasted / rest.lasted
    note = "pages and SMS of it included" if kind != "SMS" else "from the call to the reply's leaving"
    yield Row(f"country: our processor, {_ONE[kind]}", 1e3 * ours / max(1, count), "ms", None, "", note)
    if alone.theirs is not None and rest.theirs is not None:
        theirs = alone.theirs - rest.theirs * alone.lasted / rest.lasted
        yield Row(f"country: PostgreSQL's processor, {_ONE[kind]}", 1e3 * theirs / max(1, count), "ms")


def _whole(together: Stretch, rest: Stretch) -> Iterator[Row]:
    """What the whole took of the machine's processors."""
    yield Row(
        "country: processors used by ours, all at once",
        together.ours / together.lasted,
        "",
        None,
        "",
        f"at rest {rest.ours / rest.lasted:.2f}; the callers {together.callers / together.lasted:.2f}; "
        f"load of the machine {together.load:.1f}",
    )
    if together.theirs is not None:
        yield Row("country: processors used by PostgreSQL", together.theirs / together.lasted, "")


def _at_full_rates(kind: str, meter: Meter, full: Stretch) -> Row:
    return Row(
        f"country, at its full rates for {full.offered:.0f} s: {kind} reached",
        100 * meter.reached / max(1, meter.due),
        "%",
        None,
        "",
        f"{meter.due:,} came; {_spread(meter.seconds)}{_failures(meter)}; load of the machine {full.load:.1f}",
    )


def _spread(seconds: Sequence[float]) -> str:
    if not seconds:
        return "none"
    ordered = sorted(seconds)
    p99 = ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]
    return f"p50 {1e3 * median(ordered):.0f} ms, p99 {1e3 * p99:.0f} ms"


def _failures(meter: Meter) -> str:
    late = len(meter.seconds) - meter.reached
    found = [f"{count:,} {why}" for why, count in meter.failed.most_common()]
    if late:
        found.append(f"{late:,} after more than {REACHED_WITHIN:.0f} s")
    return "".join(f"; {one}" for one in found)
