"""Kannel by its smsbox over HTTP: tables of calls and answers, and a test with the real smsbox."""

import contextlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import ValidationError
from pytest_django.live_server_helper import LiveServer

from prepazka.flows.inbound import receive
from prepazka.flows.outbound.deliver import deliver
from prepazka.gateways.kannel_http import KannelHttp, KannelHttpSettings
from prepazka.gateways.values import (
    Inbound,
    LostAnswer,
    Outbound,
    Part,
    Receipt,
    SendError,
    Sent,
    WebhookCall,
    WebhookRefused,
)
from prepazka.store import models
from tests.gateways.kannel.bearerbox import Bearerbox, Phones, smsbox
from tests.gateways.peers import CLOSE, Response, listening
from tests.gateways.through import bound
from tests.waiting import until

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
SECRET = "0123456789abcdef"
GIVEN = {"secret": SECRET, "username": "prepazka", "password": "pw"}
ID = "386658a2-1670-4f64-9994-210e11d8ddf7"
QUERY = {
    "from": "+420731000001", "to": "739547765", "text": "OBJ ZOP", "coding": "0", "charset": "UTF-8", "udh": "",
    "id": ID, "at": str(int(NOW.timestamp())),
}  # fmt: skip


def gateway(**settings: Any) -> KannelHttp:
    return KannelHttp("k", KannelHttpSettings.model_validate({**GIVEN, **settings}))


def call(query: Mapping[str, str], **changes: Any) -> WebhookCall:
    given = {"method": "GET", "headers": {}, "body": b"", "address": "127.0.0.1", "path": SECRET, **changes}
    return WebhookCall(query=query, **given)


def bytes_as_query(octets: bytes) -> str:
    """Return octets as the web view passes them on."""
    return octets.decode("utf-8", "surrogateescape")


# --- smsbox's calls ----------------------------------------------------------------------------


def test_a_message_has_kannels_id_numbers_and_time() -> None:
    incoming = gateway().receive_call(call(QUERY), NOW)
    assert incoming.events == [Inbound("k", ID, "+420731000001", "739547765", "OBJ ZOP", NOW)]
    assert not incoming.replies_inline
    assert incoming.reply(()).body == ""


@pytest.mark.parametrize(
    ("octets", "coding", "charset", "text"),
    [
        ("Žluťoučký".encode(), "0", "UTF-8", "Žluťoučký"),
        ("Žluťoučký 😀".encode("utf-16-be"), "2", "UTF-16BE", "Žluťoučký 😀"),
        ("Žluť".encode("cp1252", "replace"), "0", "WINDOWS-1252", "\u017dlu?"),
        (b"", "0", "", ""),
        (b"\xff\xfe", "", "", "\ufffd\ufffd"),
        (b"Ahoj", "7", "nonsense", "Ahoj"),
    ],
)
def test_reads_the_text_by_its_coding(octets: bytes, coding: str, charset: str, text: str) -> None:
    query = {**QUERY, "text": bytes_as_query(octets), "coding": coding, "charset": charset}
    (event,) = gateway().receive_call(call(query), NOW).events
    assert isinstance(event, Inbound)
    assert event.text == text


def test_a_part_kannel_has_not_joined_is_a_part() -> None:
    query = {**QUERY, "udh": bytes_as_query(bytes([5, 0, 3, 0xC8, 2, 1]))}
    (event,) = gateway(answers="body").receive_call(call(query), NOW).events
    assert event == Part("k", ID, "+420731000001", "739547765", "OBJ ZOP", 0xC8, 2, 1, NOW)


@pytest.mark.parametrize("at", ["", "nun", "99999999999", "-1", "²"])
def test_an_invalid_time_is_dropped(at: str) -> None:
    (event,) = gateway().receive_call(call({**QUERY, "at": at}), NOW).events
    assert isinstance(event, Inbound)
    assert event.sent is None


@pytest.mark.parametrize(
    ("query", "status", "why"),
    [
        ({"dlr": "8", "id": "4711", "reason": "ACK/", "at": QUERY["at"]}, "sent", ""),
        ({"dlr": "1", "id": "4711"}, "delivered", ""),
        ({"dlr": "2", "id": "4711", "reason": "stat:UNDELIV err:1 text:OBJ"}, "undelivered", "UNDELIV 1"),
        ({"dlr": "16", "id": "4711", "reason": "NACK/0x00000045"}, "failed", "0x00000045"),
    ],
)
def test_a_report_names_our_message(query: dict[str, str], status: str, why: str) -> None:
    incoming = gateway().receive_call(call(query), NOW)
    assert incoming.events == [Receipt("k", status, NOW, id="4711", reason=why)]  # type: ignore[arg-type]


def test_an_intermediate_report_is_no_event() -> None:
    assert gateway().receive_call(call({"dlr": "4", "id": "4711"}), NOW).events == []


@pytest.mark.parametrize(
    ("changes", "query", "status"),
    [
        ({"address": "192.0.2.1"}, QUERY, 403),
        ({"address": "nonsense"}, QUERY, 403),
        ({"path": ""}, QUERY, 403),
        ({"path": SECRET[:-1]}, QUERY, 403),
        ({"path": "\udcff"}, QUERY, 403),
        ({"method": "POST"}, QUERY, 405),
        ({}, {}, 400),
        ({}, {**QUERY, "id": ""}, 400),
        ({}, {**QUERY, "from": ""}, 400),
        ({}, {name: value for name, value in QUERY.items() if name != "text"}, 400),
        ({}, {"dlr": "x", "id": "1"}, 400),
        ({}, {"dlr": "8"}, 400),
        ({}, {"dlr": "9" * 4000, "id": "1"}, 400),
        ({}, {"dlr": "²", "id": "1"}, 400),
    ],
)
def test_refuses(changes: dict[str, str], query: dict[str, str], status: int) -> None:
    with pytest.raises(WebhookRefused) as refused:
        gateway().receive_call(call(query, **changes), NOW)
    assert refused.value.reply.status == status
    assert "731000001" not in refused.value.reason


@pytest.mark.parametrize(
    ("texts", "body", "headers"),
    [
        (["Objednano: {€}"], "Objednano: {€}", {}),
        (["Objednáno"], "Objednáno", {"X-Kannel-Coding": "2"}),
        ([None], "", {}),
    ],
)
def test_the_reply_is_in_the_answer_where_it_is_to_be(
    texts: list[str | None], body: str, headers: dict[str, str]
) -> None:
    incoming = gateway(answers="body").receive_call(call(QUERY), NOW)
    assert incoming.replies_inline
    reply = incoming.reply(texts)
    assert (reply.status, reply.body, reply.headers) == (200, body, headers)


@pytest.mark.parametrize(
    "wrong", [{"secret": "short"}, {"secret": "ř" * 16}, {"secret": "a/b?" * 5}, {"addresses": "nowhere"}, {"url": "x"}]
)
def test_settings_that_could_not_work_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        KannelHttpSettings.model_validate({**GIVEN, **wrong})


# --- requests to sendsms -----------------------------------------------------------------------


def out(text: str) -> Outbound:
    return Outbound("4711-ab", "+420739547765", "+420731000001", text, 1, datetime.now(UTC) + timedelta(minutes=60))


def test_a_reply_goes_out_with_its_coding_its_end_and_our_id_in_its_report() -> None:
    with listening(lambda _: Response(202, b"0: Accepted for delivery")) as smsbox:
        sender = gateway(url=f"{smsbox.url}/cgi-bin/sendsms", callback="http://office:8000/gateways/k/", smsc="gsm")
        assert list(sender.send([out("Ahoj é{€} & %d"), out("Příliš")])) == [Sent("4711-ab"), Sent("4711-ab")]
    first, second = (parse_qs(urlsplit(request.target).query) for request in smsbox.requests)
    assert {name: value for name, (value,) in first.items()} == {
        "username": "prepazka", "password": "pw", "from": "+420739547765", "to": "+420731000001",
        "text": "Ahoj é{€} & %d", "charset": "UTF-8", "coding": "0", "validity": "60", "smsc": "gsm", "dlr-mask": "27",
        "dlr-url": f"http://office:8000/gateways/k/{SECRET}?dlr=%d&id=4711-ab&reason=%A&at=%T",
    }  # fmt: skip
    assert (second["coding"], second["text"]) == (["2"], ["Příliš"])


@pytest.mark.parametrize(
    ("response", "kind", "retryable"),
    [
        (Response(202, b"3: Queued for later delivery"), Sent, None),
        (Response(400, b"Missing parameter"), SendError, False),
        (Response(403, b"Authorization failed for sendsms"), SendError, True),
        (Response(404, b"Unknown request."), SendError, True),
        (Response(503, b"Temporal failure, try again later."), SendError, True),
        (Response(500), LostAnswer, None),
        (Response(200, b"<html>"), LostAnswer, None),
        (Response(CLOSE), LostAnswer, None),
    ],
)
def test_smsboxs_answer_is_ours(response: Response, kind: type, retryable: bool | None) -> None:
    with listening(lambda _: response) as smsbox:
        (answer,) = gateway(url=smsbox.url).send([out("Ahoj")])
    assert type(answer) is kind
    assert getattr(answer, "retryable", None) == retryable


def test_without_smsbox_nothing_was_sent_and_health_reports_it() -> None:
    with listening(lambda _: Response(202)) as smsbox:
        one = gateway(url=smsbox.url)
        assert one.health(NOW).level == "ok"
    assert one.health(NOW).level == "error"
    (answer,) = one.send([out("Ahoj")])
    assert isinstance(answer, SendError)
    assert answer.retryable


def test_without_a_callback_no_reports_are_asked_for() -> None:
    with listening(lambda _: Response(202)) as smsbox:
        one = gateway(url=smsbox.url)
        assert not one.capabilities.receipts
        list(one.send([out("Ahoj")]))
    assert "dlr" not in smsbox.requests[0].target


# --- the real smsbox ---------------------------------------------------------------------------


@pytest.mark.parametrize("answers", ["sendsms", "body"])
def test_a_citizen_texts_and_is_answered_by_the_real_smsbox(
    office_id: int, live_server: LiveServer, tmp_path: Path, answers: str
) -> None:
    daemon = Bearerbox(tmp_path)
    door = f"{live_server.url}/gateways/k"
    phones = Phones(daemon.centre)
    with contextlib.closing(daemon), smsbox(daemon, f"{door}/{SECRET}") as port, contextlib.closing(phones):
        given = {"secret": SECRET, "username": "prepazka", "password": "change-me-three", "answers": answers}
        given |= {"url": f"http://127.0.0.1:{port}/cgi-bin/sendsms", "callback": door}
        bound("k", "kannel-http", given)
        phones.connect()
        phones.text("+420731000001", "+420739547765", "Pomoc, nevím si rady s žádostí 😀")
        until(models.Inbound.objects.count, "smsbox has called")
        one = KannelHttp("k", KannelHttpSettings.model_validate(given))
        until(lambda: receive.work(NOW) or models.Outbound.objects.count(), "the message is decided")
        if answers == "sendsms":
            deliver(one, NOW)
        got = phones.wait_for(1)
        if answers == "sendsms":
            until(lambda: models.Outbound.objects.get().state == "delivered", "Kannel has reported it")
        one.close()
    inbound = models.Inbound.objects.get()
    assert inbound.text == "Pomoc, nevím si rady s žádostí 😀"
    assert inbound.sender == "+420731000001"
    assert got == {"+420731000001": [models.Outbound.objects.get().text]}
