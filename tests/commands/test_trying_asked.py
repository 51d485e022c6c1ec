"""`gateway set` and `gateway try` of a provider that is asked: the receipt and the answer come with what is fetched."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from prepazka.store import gateways, models
from tests.commands.conftest import Prepazka
from tests.gateways.peers import Peer, Request, Response, listening

pytestmark = pytest.mark.django_db(transaction=True)

PHONE, OFFICE, STRANGER = "+420604271828", "+420739100200", "+420777000111"
SCHRANKA = """
title = "Schránka"

[[fetch]]
url = "{base}/inbox"
body = { after = "{cursor}" }
each = "messages"
last = "id"
start = "0"

[fetch.messages]
where = { text = "*" }
id = "id"
sender = "from"
recipient = "to"
text = "text"

[fetch.receipts]
where = { state = "*" }
ref = "of"
status = "state"
statuses = { D = "delivered" }

[send]
url = "{base}/send"
body = { to = "{recipient}", text = "{text}" }
where = { ref = "*" }
ref = "ref"
"""


class Provider:
    """Delivers what it is given, and the phone sends it back; a stranger texts meanwhile."""

    def __init__(self) -> None:
        self.items: list[dict[str, object]] = [{"id": 1, "from": STRANGER, "to": OFFICE, "text": "POMOC"}]

    def __call__(self, request: Request) -> Response:
        if request.target == "/send":
            text = json.loads(request.body)["text"]
            self.items += [
                {"id": 2, "of": "r-1", "state": "D"},
                {"id": 3, "from": PHONE, "to": OFFICE, "text": text},
            ]
            return Response(200, b'{"ref": "r-1"}')
        after = int(parse_qs(urlsplit(request.target).query)["after"][0])
        behind = [item for item in self.items if int(str(item["id"])) > after]
        return Response(200, json.dumps({"messages": behind}).encode())


@pytest.fixture
def peer() -> Iterator[Peer]:
    with listening(Provider()) as peer:
        yield peer


def test_a_trial_hears_what_is_fetched_and_loses_nothing_else(peer: Peer, prepazka: Prepazka, tmp_path: Path) -> None:
    definition = tmp_path / "schranka.toml"
    definition.write_text(SCHRANKA, "utf-8")
    made = prepazka("gateway", "set", "schranka", "hosted", f"definition=@{definition}", f"url={peer.url}")
    assert made.code == 0, made.err
    done = prepazka("gateway", "try", "schranka", "--to", PHONE, "--from", OFFICE, "--answer", "--wait", "30")
    assert done.code == 0, done.err
    assert "receipt: delivered" in done.out
    assert "answer: the phone's text has come back" in done.out
    assert list(models.Stray.objects.values_list("sender", flat=True)) == [STRANGER]
    assert '"3"' in gateways.position("schranka"), "nothing of the trial is taken for a message later"
    assert "schranka  hosted" in prepazka("gateway", "list").out


def test_a_profile_without_what_it_needs_is_one_line(prepazka: Prepazka) -> None:
    done = prepazka("gateway", "set", "router", "hosted", "profile=mikrotik", "account=lte1")
    assert (done.code, "url: fill in" in done.err) == (2, True)
    assert not models.Gateway.objects.exists()
