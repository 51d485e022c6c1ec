"""The client's address behind a proxy: only our own proxies are trusted."""

from collections.abc import Iterable
from typing import Any

import pytest

from prepazka.web.wsgi import trust_proxies


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "seen"),
    [
        pytest.param([], "127.0.0.1", "198.51.100.7", "127.0.0.1", id="no proxy is trusted"),
        pytest.param(["127.0.0.1"], "127.0.0.1", "198.51.100.7", "198.51.100.7", id="by our proxy"),
        pytest.param(
            ["127.0.0.1"], "127.0.0.1", "10.9.9.9, 198.51.100.7", "198.51.100.7", id="made up before our proxy"
        ),
        pytest.param(["10.0.0.0/8"], "10.0.0.2", "198.51.100.7, 10.0.0.1", "198.51.100.7", id="by two of ours"),
        pytest.param(["127.0.0.1"], "198.51.100.9", "10.0.0.1", "198.51.100.9", id="past our proxy"),
        pytest.param(["127.0.0.1"], "127.0.0.1", None, "127.0.0.1", id="our proxy says nothing"),
    ],
)
def test_whose_call_it_is(proxies: list[str], peer: str, forwarded: str | None, seen: str) -> None:
    addresses = []

    def application(environ: dict[str, Any], _start: Any) -> Iterable[bytes]:
        addresses.append(environ["REMOTE_ADDR"])
        return []

    environ = {"REMOTE_ADDR": peer} | ({"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {})
    trust_proxies(proxies, application)(environ, lambda *_: None)  # type: ignore[arg-type]
    assert addresses == [seen]
