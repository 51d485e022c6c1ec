"""The part `country` of the bench: the peak of a country as an open load, each kind alone, then all at once."""

import asyncio
import os
import resource
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from django.db import connection

from prepazka.bench import processor, scratch
from prepazka.bench.country import books, filling
from prepazka.bench.country.load import Meter, offer
from prepazka.bench.country.people import People
from prepazka.bench.country.rows import Stretch, rows_of
from prepazka.bench.country.smsbox import Smsbox
from prepazka.bench.http import Server, serving
from prepazka.bench.measure import Row, report
from prepazka.bench.node import settle
from prepazka.bench.sizes import Peak, Sizes

RATES: Mapping[str, float] = {"SMS": 37, "acts": 75, "arrivals": 25, "web bookings": 13}
"""What is done in the country in a second of its peak. Acts and arrivals together are its 100 changes of boards."""

# What is measured alone, before all of it at once, to tell the seconds of processor of each apart.
_ALONE = (("SMS",), ("acts", "arrivals"), ("web bookings",))


def measure(sizes: Sizes) -> list[Row]:
    """Fill a country, serve it, and let its people come."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a socket for each listener and caller
    peak, now = sizes.peak, datetime.now(UTC)
    with scratch.database() as url:
        report(f"country: {sizes.offices:,} offices")
        smsbox_port = _free_port()
        towns = filling.fill(sizes.offices, smsbox_port, now)
        with serving(url, workers=peak.workers) as server:
            people = People(server.port, towns, Smsbox(), now.date(), Random(14))  # noqa: S311 -- a made-up peak is no secret
            for place in range(filling.let_people_come(peak.waiting, now)):
                people.wait_in(place)
            watched = _Watched(server, processor.postgresql())
            connection.close()  # as idle as if the callers were on other machines
            stretches = asyncio.run(_live(people, smsbox_port, watched, peak))
        return [*rows_of(people, stretches, peak), *books.rows_of(people)]


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass(frozen=True, slots=True)
class _Watched:
    """The processes whose seconds of processor are counted: ours, PostgreSQL's where it is here, the callers'."""

    server: Server
    postgresql: int | None

    def seconds(self) -> tuple[float, float, float]:
        theirs = 0.0 if self.postgresql is None else processor.of_tree(self.postgresql)
        return self.server.processor(), theirs, time.process_time()


async def _live(people: People, smsbox_port: int, watched: _Watched, peak: Peak) -> list[Stretch]:
    """Let the people come; return what was measured: at rest, of each kind alone, of all, of all at full rates."""
    async with people.smsbox.listening(smsbox_port):
        await asyncio.to_thread(settle, watched.server, peak.rest)
        watching = [asyncio.create_task(people.watch(town)) for town in people.towns[: peak.listeners]]
        await asyncio.sleep(peak.rest)
        stretches = [await _stretch(people, watched, {}, peak.rest)]
        stretches += [await _stretch(people, watched, _rates(kinds, peak), peak.alone) for kinds in _ALONE]
        stretches.append(await _stretch(people, watched, _rates(RATES, peak), peak.seconds))
        if peak.full:
            stretches.append(await _stretch(people, watched, RATES, peak.full))
        await asyncio.to_thread(books.drain)
        await asyncio.sleep(peak.rest)  # boards hear the last change
        for one in watching:
            one.cancel()
        await asyncio.gather(*watching, return_exceptions=True)
    return stretches


def _rates(kinds: "Mapping[str, float] | tuple[str, ...]", peak: Peak) -> Mapping[str, float]:
    return {kind: RATES[kind] * peak.share for kind in kinds}


async def _stretch(people: People, watched: _Watched, rates: Mapping[str, float], seconds: float) -> Stretch:
    """Offer these kinds at their rates for so long, until the last is answered."""
    if rates:
        report(f"country: {', '.join(rates)} for {seconds:.0f} s")
    meters = {kind: Meter() for kind in rates}
    changes, pages = len(people.changes), len(people.pages)
    before, began = watched.seconds(), time.perf_counter()
    offered = [
        offer(rate, seconds, people.doings[kind], meters[kind], Random(place))  # noqa: S311 -- the same
        for place, (kind, rate) in enumerate(rates.items())
    ]
    await asyncio.gather(*offered) if offered else await asyncio.sleep(seconds)
    spent = [now - then for now, then in zip(watched.seconds(), before, strict=True)]
    return Stretch(
        offered=seconds,
        lasted=time.perf_counter() - began,
        meters=meters,
        changes=people.changes[changes:],
        pages=people.pages[pages:],
        ours=spent[0],
        theirs=None if watched.postgresql is None else spent[1],
        callers=spent[2],
        load=os.getloadavg()[0],
    )
