"""Kannel: a real bearerbox hands over messages as they are acknowledged, to us and to a box that keeps nothing.

The SMS centre behind bearerbox is ours. Each message books a place, so it has one reply, and on each reply bearerbox
gives two reports.
"""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

from prepazka.bench import children, scratch
from prepazka.bench.filled import fill_and_count
from prepazka.bench.http import serving
from prepazka.bench.kannel_peers import BOX, Bearerbox, Centre, Relay, program, running
from prepazka.bench.measure import Row, report
from prepazka.bench.messages import bookings
from prepazka.bench.sizes import Sizes
from prepazka.gateways.values import Inbound
from prepazka.store import gateways, models, offices

_GATEWAY = "kannel"
_WITHIN = 300.0


def measure(sizes: Sizes) -> list[Row]:
    """Measure acknowledging and the whole path, beside the box that keeps nothing; no row where Kannel is missing."""
    path = program()
    if path is None:
        report("kannel is left out: bearerbox is not installed (Debian: apt install kannel)")
        return []
    with scratch.database() as url:
        office, filled = scratch.store_towns(2)
        fill_and_count(filled)
        messages = bookings("kannel", offices.load(office).numbers[0], datetime.now(UTC).date())
        inbounds = [next(messages) for _ in range(sizes.delivered)]
        with _behind(path, inbounds) as (bearerbox, relay, centre), _bare_box(relay.port):
            bare, _ = _seconds(bearerbox, relay, centre, inbounds, replies=False)
        with _behind(path, inbounds) as (bearerbox, relay, centre):
            _bind(relay.port)
            with serving(url, workers=1) as server:
                bearerbox.wait_for_box()
                idle = server.processor()
                acknowledged, replied = _seconds(bearerbox, relay, centre, inbounds, replies=True)
                each = (server.processor() - idle) / len(inbounds)
    bare_rate = len(inbounds) / bare
    return [
        Row("Kannel: acknowledged", len(inbounds) / acknowledged, "/s", bare_rate, "ratio ≥ 0.25"),
        Row(
            "Kannel: to the last reply taken by the centre",
            len(inbounds) / replied,
            "/s",
            bare_rate,
            "ratio ≥ 0.1",
            f"{1000 * each:.2f} ms of our processor time each",
        ),
    ]


@contextmanager
def _behind(path: str, inbounds: Sequence[Inbound]) -> Iterator[tuple[Bearerbox, Relay, Centre]]:
    """Run a new bearerbox with its centre, and the relay that a box is to connect to."""
    with tempfile.TemporaryDirectory() as directory, running(path, Path(directory)) as bearerbox:
        centre = Centre(bearerbox.centre, len(inbounds))
        try:
            yield bearerbox, Relay(bearerbox.boxes, len(inbounds)), centre
        finally:
            centre.close()


def _seconds(
    bearerbox: Bearerbox, relay: Relay, centre: Centre, inbounds: Sequence[Inbound], *, replies: bool
) -> tuple[float, float]:
    """Hand over all messages; return the seconds until the last acknowledgement, and until the last reply."""
    bearerbox.wait_for_box()
    began = centre.hand_over(inbounds)
    _wait(relay.acknowledged, "acknowledgements")
    if replies:
        _wait(centre.replied, "replies")
    return relay.acknowledged_at - began, centre.replied_at - began


def _wait(event: Event, what: str) -> None:
    if not event.wait(_WITHIN):
        raise RuntimeError(f"not all {what} came")


def _bind(port: int) -> None:
    gateways.keep(_GATEWAY, "kannel", {"port": port, "box": BOX}, datetime.now(UTC), "bench")
    models.Number.objects.update(gateway=models.Gateway.objects.get(name=_GATEWAY))


@contextmanager
def _bare_box(port: int) -> Iterator[None]:
    """Run the box that keeps nothing, in a process of its own, as ours is."""
    box = children.start([sys.executable, "-m", "prepazka.bench.kannel_client", str(port), BOX])
    try:
        yield
    finally:
        box.terminate()
        box.wait(10)
