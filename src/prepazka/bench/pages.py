"""A citizen's pages, one after another from a running server: how much of its processor each takes."""

import http.client
from dataclasses import replace

from prepazka import officefile
from prepazka.bench import scratch
from prepazka.bench.http import Server, serving
from prepazka.bench.measure import Row
from prepazka.bench.sizes import Sizes
from prepazka.store import offices

_PAGES = {"the office": "/bench/", "a week of times": "/bench/book/ZOP/", "the board": "/bench/board/"}


def measure(sizes: Sizes) -> list[Row]:
    """Ask one process for each page so many times; nothing is booked, so the week has as many links as it can have."""
    with scratch.database() as url:
        demo = officefile.load_demo()
        public = replace(demo.settings, public_unfinished=True)
        offices.keep(replace(demo, slug="bench", numbers=(), settings=public), scratch.NOW)
        with serving(url, workers=1) as server:
            spent = {page: _processor_of(server, path, sizes.pages) for page, path in _PAGES.items()}
    return [Row(f"{page}, processor time", 1e3 * seconds, "ms", None, "≤ 10 ms") for page, seconds in spent.items()]


def _processor_of(server: Server, path: str, times: int) -> float:
    """Return the seconds of processor of one answer; what the server does meanwhile for itself is counted in."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    _get(connection, path)
    before = server.processor()
    for _ in range(times):
        _get(connection, path)
    connection.close()
    return (server.processor() - before) / times


def _get(connection: http.client.HTTPConnection, path: str) -> None:
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path} was answered by {answer.status}")
