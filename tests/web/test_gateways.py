"""/gateways/NAME: an acknowledged message is stored; a refused call stores nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prepazka.core.office.office import Office
from prepazka.gateways.values import (
    Capabilities,
    Gateway,
    GatewayEvent,
    Health,
    Inbound,
    IncomingCall,
    Outbound,
    Part,
    Receipt,
    SendResult,
    WebhookCall,
    WebhookRefused,
    WebhookReply,
)
from prepazka.store import gateways as stored
from prepazka.store import models, offices
from prepazka.web import gateways
from tests.web.conftest import ME, NOW, NUMBER, bind

TEXT = "OBJ ZOP 10.8. 14:00 NOVAK"
AS_IT_COMES = Capabilities()


@dataclass(frozen=True)
class Heeded:
    """What a call of the peer below handed in."""

    events: Sequence[GatewayEvent]
    replies_inline: bool

    def reply(self, texts: Sequence[str | None]) -> WebhookReply:
        return WebhookReply(200, "|".join(text or "-" for text in texts) or "taken", headers={"X-Peer": "yes"})


@dataclass
class Peer:
    """A gateway that calls: it accepts calls that say `open sesame`."""

    name: str = "peer"
    capabilities: Capabilities = AS_IT_COMES
    replies_inline: bool = False
    events: Sequence[GatewayEvent] = (Inbound("peer", "m1", ME, NUMBER, TEXT),)
    calls: list[tuple[WebhookCall, datetime]] = field(default_factory=list)

    def receive_call(self, call: WebhookCall, now: datetime) -> IncomingCall:
        self.calls.append((call, now))
        if call.query.get("word") == "break":
            raise RuntimeError("a mistake of ours")
        if call.query.get("word") != "open sesame":
            raise WebhookRefused(WebhookReply(403, "who are you?"), "the word is wrong")
        return Heeded(self.events, self.replies_inline)

    def send(self, messages: Sequence[Outbound]) -> Sequence[SendResult]:
        return ()

    def poll(self, wait: float) -> Sequence[GatewayEvent]:
        return ()

    def ack(self, events: Sequence[GatewayEvent]) -> None: ...

    def health(self, now: datetime) -> Health:
        return Health("ok", "peer")

    def close(self) -> None: ...


@dataclass
class Deaf:
    """A gateway that does not call."""

    name: str = "deaf"
    capabilities: Capabilities = AS_IT_COMES
    send = Peer.send
    poll = Peer.poll
    ack = Peer.ack
    health = Peer.health
    close = Peer.close


Kept = list[GatewayEvent]


@pytest.fixture
def peer(office: Office, monkeypatch: pytest.MonkeyPatch) -> Peer:
    models.Gateway.objects.create(name="peer", kind="peer", made_at=NOW)
    bind(NUMBER, "peer")
    peer = Peer()
    known: dict[str, Gateway] = {"peer": peer, "deaf": Deaf()}
    monkeypatch.setattr(gateways, "open_named_gateway", known.get)
    return peer


@pytest.fixture
def kept(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> Kept:
    """Replace the storing by a list."""
    kept: Kept = []
    monkeypatch.setattr(gateways, "store_bound", lambda events, _now: kept.extend(events))
    return kept


Ring = Callable[..., Any]


@pytest.fixture
def ring(client: Client) -> Ring:
    """Call the office, as the peer does."""

    def ring(body: bytes = b"", *, word: str = "open sesame", name: str = "peer", **extra: Any) -> Any:
        return client.post(f"/gateways/{name}?word={word}", body, content_type="text/plain", **extra)

    return ring


# --- what a gateway is given, and its answer ----------------------------------------------------


def test_a_call_is_given_whole(peer: Peer, kept: Kept, client: Client) -> None:
    client.post(
        "/gateways/peer/a/b?word=open%20sesame&x=1&x=2&cs=%C5%BE&raw=%00%9E&empty=",
        b"\x00\xff",
        content_type="application/x-peer",
        headers={"X-Signature": "abc"},
        REMOTE_ADDR="192.0.2.7",
    )
    ((call, now),) = peer.calls
    assert (call.method, call.path, call.body, call.address) == ("POST", "a/b", b"\x00\xff", "192.0.2.7")
    assert call.query == {"word": "open sesame", "x": "2", "cs": "ž", "raw": "\0\udc9e", "empty": ""}
    assert call.query["raw"].encode("utf-8", "surrogateescape") == b"\x00\x9e"
    assert call.headers["x-signature"] == "abc"
    assert call.headers["content-type"] == "application/x-peer"
    assert now == NOW


def test_events_are_stored_and_then_acknowledged_in_the_gateways_words(peer: Peer, kept: Kept, ring: Ring) -> None:
    receipt = Receipt("peer", "delivered", NOW, id="7")
    peer.events = [*peer.events, receipt]
    answer = ring()
    assert (answer.status_code, answer.content, answer["X-Peer"]) == (200, b"taken", "yes")
    assert kept == peer.events


def test_a_slash_at_the_end_is_no_other_gateway(peer: Peer, kept: Kept, client: Client) -> None:
    assert client.post("/gateways/peer/?word=open sesame", b"", content_type="text/plain").status_code == 200


def test_a_call_by_get_is_taken(peer: Peer, kept: Kept, client: Client) -> None:
    assert client.get("/gateways/peer", {"word": "open sesame"}).status_code == 200
    assert kept == list(peer.events)


def test_no_cookie_is_given_and_none_wanted(peer: Peer, kept: Kept) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/gateways/peer?word=open sesame", b"", content_type="text/plain")
    assert (answer.status_code, dict(answer.cookies)) == (200, {})


# --- replies in the answer ----------------------------------------------------------------------


@pytest.fixture
def replies_inline(peer: Peer) -> Peer:
    peer.replies_inline = True
    return peer


def test_the_reply_is_in_the_answer_and_counts_as_handed(replies_inline: Peer, ring: Ring) -> None:
    answer = ring()
    reply = models.Outbound.objects.get()
    assert answer.content.decode() == reply.text
    assert reply.state == "handed"
    assert models.Booking.objects.get().name == "NOVAK"


def test_a_peer_that_missed_the_answer_gets_the_same_one_and_nothing_new_happens(
    replies_inline: Peer, ring: Ring
) -> None:
    first, second = ring(), ring()
    assert first.content == second.content
    assert models.Booking.objects.count() == models.Outbound.objects.count() == 1


def test_what_is_not_answered_is_reported_so(replies_inline: Peer, ring: Ring) -> None:
    (message,) = replies_inline.events
    assert isinstance(message, Inbound)
    replies_inline.events = [replace(message, sender="INFO"), replace(message, id="m2", text="POMOC")]
    silent, answered = ring().content.decode().split("|")
    assert silent == "-"
    assert answered == models.Outbound.objects.get().text


def test_an_id_used_again_by_another_phone_is_not_told_what_the_first_one_was(replies_inline: Peer, ring: Ring) -> None:
    first = ring().content
    replies_inline.events = [Inbound("peer", "m1", "+420602333444", NUMBER, "MOJE")]
    assert first != b"-"
    assert ring().content == b"-"


def test_a_message_without_a_recipient_is_to_the_number_bound_to_its_gateway(replies_inline: Peer, ring: Ring) -> None:
    replies_inline.events = [Inbound("peer", "m1", ME, "", TEXT)]
    assert ring().content.decode() == models.Outbound.objects.get().text


# --- numbers that are not the gateway's (docs/spec/safety.md §1; each kind: tests/gateways/test_foreign_numbers.py) ---

FOREIGN = "+420739000222"


@pytest.fixture
def _another_office(office: Office) -> None:
    models.Gateway.objects.create(name="theirs", kind="peer", made_at=NOW)
    other = replace(office, slug="lhota", numbers=(FOREIGN,), gateways={FOREIGN: "theirs"})
    offices.keep(other, NOW)


def own(id_: str) -> Inbound:
    return Inbound("peer", id_, ME, NUMBER, TEXT)


@pytest.mark.usefixtures("_another_office")
@pytest.mark.parametrize("inline", [False, True], ids=["acknowledges", "answers"])
@pytest.mark.parametrize(
    "event",
    [
        pytest.param(Inbound("peer", "f", ME, FOREIGN, "MOJE"), id="a message"),
        pytest.param(Part("peer", "f", ME, FOREIGN, "MO", 7, 2, 1), id="a part"),
        pytest.param(Inbound("peer", "f", ME, "+420739999999", "MOJE"), id="to nobody's number"),
    ],
)
def test_one_foreign_number_and_nothing_of_the_call_is_stored(
    peer: Peer, ring: Ring, event: GatewayEvent, *, inline: bool
) -> None:
    peer.replies_inline = inline
    peer.events = [own("m1"), Receipt("peer", "delivered", NOW, ref="r1"), event]
    answer = ring()
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    rows = (models.Inbound, models.InboundPart, models.Stray, models.Outbound, models.Booking, models.Receipt)
    assert [row.objects.count() for row in rows] == [0] * len(rows)


@pytest.mark.parametrize("inline", [False, True], ids=["acknowledges", "answers"])
def test_a_message_without_a_recipient_by_a_gateway_without_a_number_is_refused(
    peer: Peer, ring: Ring, *, inline: bool
) -> None:
    models.Number.objects.update(gateway=None)
    peer.replies_inline = inline
    peer.events = [Inbound("peer", "m1", ME, "", TEXT)]
    assert ring().status_code == 403
    assert models.Inbound.objects.count() == models.Stray.objects.count() == 0


def test_foreign_numbers_shut_nobody_out(peer: Peer, ring: Ring) -> None:
    peer.events = [Inbound("peer", "m1", ME, "+420739999999", TEXT)]
    assert {ring().status_code for _ in range(25)} == {403}
    peer.events = [own("m2")]
    assert ring().status_code == 200


# --- what is refused ----------------------------------------------------------------------------


def test_a_refusal_is_the_gateways_own_and_logged_without_the_message(
    peer: Peer, kept: Kept, ring: Ring, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = ring(TEXT.encode(), word="secret")
    assert (answer.status_code, answer.content) == (403, b"who are you?")
    assert kept == []
    logged = "".join(capsys.readouterr())
    assert "the word is wrong" in logged
    assert "secret" not in logged
    assert "NOVAK" not in logged


@pytest.mark.parametrize(
    ("body", "environ", "status"),
    [
        pytest.param(b"x" * (64 * 1024 + 1), {}, 413, id="a body that is too long"),
        pytest.param(b"x", {"CONTENT_LENGTH": "2000000000"}, 413, id="a body that says it is too long"),
        pytest.param(b"", {"CONTENT_LENGTH": "2", "wsgi.input": BytesIO(b"x")}, 400, id="half a body"),
        pytest.param(b"x", {"CONTENT_LENGTH": "-1"}, 400, id="a length below nothing"),
        pytest.param(b"x", {"CONTENT_LENGTH": "one"}, 400, id="a length that is no number"),
        pytest.param(b"x", {"HTTP_TRANSFER_ENCODING": "chunked"}, 411, id="a body in chunks"),
    ],
)
def test_what_cannot_be_read_whole_is_refused(
    peer: Peer, ring: Ring, body: bytes, environ: dict[str, Any], status: int
) -> None:
    answer = ring(body, **environ)
    assert answer.status_code == status
    assert answer["Content-Type"].startswith("text/plain")
    assert peer.calls == []


def test_the_longest_body_is_taken(peer: Peer, kept: Kept, ring: Ring) -> None:
    assert ring(b"x" * 64 * 1024).status_code == 200


def test_a_query_without_end_is_refused(peer: Peer, kept: Kept, client: Client) -> None:
    assert client.get("/gateways/peer?" + "a=&" * 101).status_code == 400
    assert peer.calls == []


@pytest.mark.parametrize("method", ["put", "delete", "patch", "head", "options"])
def test_other_methods_are_not_taken(peer: Peer, client: Client, method: str) -> None:
    answer = getattr(client, method)("/gateways/peer?word=open sesame")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, POST")
    assert peer.calls == []


@pytest.mark.parametrize("name", ["nobody", "deaf"])
def test_a_gateway_that_is_not_or_does_not_call_is_not_found(peer: Peer, ring: Ring, name: str) -> None:
    assert ring(name=name).status_code == 404


def test_whoever_is_refused_too_often_is_not_listened_to(peer: Peer, kept: Kept, ring: Ring) -> None:
    guesses = [ring(word=f"guess {number}", REMOTE_ADDR="192.0.2.1").status_code for number in range(21)]
    assert guesses == [403] * 20 + [429]
    shut_out = ring(word="guess again", REMOTE_ADDR="192.0.2.1")
    assert (shut_out.status_code, shut_out["Retry-After"]) == (429, "60")
    assert kept == []


def test_a_call_that_proves_itself_is_taken_however_many_others_from_its_address_were_refused(
    peer: Peer, kept: Kept, ring: Ring
) -> None:
    """The provider and whoever guesses may come by one proxy, or by one office's router."""
    for number in range(60):
        ring(word=f"guess {number}", REMOTE_ADDR="192.0.2.1")
        ring(name=f"name-{number}", REMOTE_ADDR="192.0.2.1")
    assert ring(REMOTE_ADDR="192.0.2.1").status_code == 200
    assert len(kept) == 1
    assert ring(word="guess", REMOTE_ADDR="192.0.2.1").status_code == 429


def test_whoever_tries_names_is_not_listened_to_either(peer: Peer, ring: Ring) -> None:
    assert [ring(name=f"name-{number}").status_code for number in range(21)] == [404] * 20 + [429]


def test_good_calls_are_not_counted(peer: Peer, kept: Kept, ring: Ring) -> None:
    assert {ring().status_code for _ in range(50)} == {200}


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(query=st.binary(max_size=60), body=st.binary(max_size=60))
def test_whatever_is_called_gets_an_answer(peer: Peer, client: Client, query: bytes, body: bytes) -> None:
    models.RateCount.objects.all().delete()
    answer = client.generic("POST", "/gateways/peer", body, QUERY_STRING=query.decode("latin-1"))
    assert answer.status_code in {400, 403}


# --- what fails ---------------------------------------------------------------------------------


def test_without_the_database_nothing_is_acknowledged(
    replies_inline: Peer, ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any, **__: Any) -> Any:
        raise OperationalError("connection refused")

    with monkeypatch.context() as patched:
        patched.setattr(connection, "cursor", away)
        answer = ring()
        assert answer.status_code == 503
        assert int(answer["Retry-After"]) > 0
    assert ring().status_code == 200, "the same call is taken when the database is back"
    assert models.Booking.objects.count() == 1


def test_a_mistake_of_ours_shows_nothing_of_itself(peer: Peer, ring: Ring) -> None:
    answer = ring(word="break")
    assert answer.status_code == 500
    assert b"Traceback" not in answer.content
    assert b"a mistake of ours" not in answer.content


def test_a_caller_keeps_its_messages_while_no_key_opens_the_settings(
    office: Office, client: Client, settings: Any
) -> None:
    """404 would tell a provider to give the message up."""
    stored.keep("sms", "hosted", {"profile": "smsmanager", "secret": "0123456789abcdef"}, NOW, "me")
    settings.SECRET_KEY = "another key than the settings were sealed with, of the right length"
    answer = client.post("/gateways/sms/0123456789abcdef", {"from": ME})
    assert answer.status_code == 500
    assert "nothing was acknowledged" in answer.content.decode()
