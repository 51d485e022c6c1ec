"""The hosted gateway as its user describes it: custom descriptions, health and wrong settings."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

import pytest
from pydantic import ValidationError

from prepazka.gateways.hosted import Hosted, HostedSettings
from prepazka.gateways.http import basic_auth
from prepazka.gateways.values import (
    Capabilities,
    Inbound,
    Outbound,
    Receipt,
    SendError,
)
from tests.gateways.described import (
    FIELDS,
    NOW,
    OUT,
    OWN,
    SECRET,
    content,
    events_of,
    form,
    gateway,
    own,
    posted,
    query,
)
from tests.gateways.peers import Response, listening
from tests.gateways.test_http import closed_address


@pytest.mark.parametrize(
    ("at", "sent"),
    [
        pytest.param("2026-08-03T09:00:00+02:00", NOW, id="with an offset"),
        pytest.param("2026-08-03T09:00:00", NOW, id="of the office's zone"),
        pytest.param("2026-08-03 09:00:00", NOW, id="with a space"),
        pytest.param("yesterday", None, id="no time: the message is accepted anyway"),
        pytest.param("9999-12-31T23:59:59-14:00", None, id="after all moments"),
        pytest.param(None, None, id="none"),
    ],
)
def test_moments(at: str | None, sent: datetime | None) -> None:
    (one,) = events_of(own(), posted(FIELDS | {"at": at}))
    assert content(one)[3] == sent


def test_a_charset_of_old_systems() -> None:
    call = form(FIELDS | {"text": "Žluťoučký"}, charset="cp1250", path=SECRET)
    (one,) = events_of(own('charset = "cp1250"'), call)
    assert content(one)[2] == "Žluťoučký"


def test_a_query_in_another_charset_is_read_in_it() -> None:
    given = FIELDS | {"text": "Žluť".encode("cp1250").decode("utf-8", "surrogateescape")}
    (one,) = events_of(own('charset = "cp1250"'), query(given, path=SECRET))
    assert content(one)[2] == "Žluť"


def test_events_in_a_nested_list() -> None:
    events = events_of(own('each = "data.list"'), posted({"data": {"list": [FIELDS, FIELDS | {"id": "8"}]}}))
    assert [one.id for one in events if isinstance(one, Inbound)] == ["7", "8"]


def test_long_ids_stay_distinct() -> None:
    ids = [events_of(own(), posted(FIELDS | {"id": "x" * 300 + end}))[0] for end in "ab"]
    assert len({one.id for one in ids if isinstance(one, Inbound)}) == 2
    assert all(len(one.id) <= 200 for one in ids if isinstance(one, Inbound))


def test_a_reply_in_the_answer() -> None:
    described = own('reply = "body"\nanswer = "SMS {text}"\nsilence = "NIC"')
    received = described.receive_call(posted(FIELDS), NOW)
    assert received.replies_inline
    assert (received.reply(["Objednano {text}"]).body, received.reply([None]).body) == ("SMS Objednano {text}", "NIC")


def test_a_reply_in_an_answer_of_json() -> None:
    described = own('reply = "body"\nanswer = { reply = "{text}" }\nsilence = { reply = "" }')
    reply = described.receive_call(posted(FIELDS), NOW).reply(['"žluť"'])
    assert reply.content_type == "application/json"
    assert json.loads(reply.body) == {"reply": '"žluť"'}


def test_of_several_messages_the_replies_go_by_calls() -> None:
    received = own('reply = "body"\nanswer = "{text}"').receive_call(posted([FIELDS, FIELDS | {"id": "8"}]), NOW)
    assert not received.replies_inline


def test_an_acknowledgement_the_provider_waits_for() -> None:
    assert own('answer = "OK"').receive_call(posted(FIELDS), NOW).reply(()).body == "OK"


def request_of(described: Hosted, message: Outbound) -> dict[str, Any]:
    assert described._profile.send is not None
    return described._account.filled(described._profile.send, described._values(message))


def test_a_request_is_filled_safely() -> None:
    described = own(send='format = "form"\nbody = { t = "{text}", s = "{sender_digits}" }')
    request = request_of(described, replace(OUT, text="a&b {key} +"))
    assert request["url"] == "https://brana.example/420777123456?k=our-key"
    assert dict(parse_qsl(request["body"].decode())) == {"t": "a&b {key} +", "s": "420739547765"}


def test_a_name_and_a_password_for_sending() -> None:
    described = own(send="basic = true", username="urad", password="žluť")
    request = request_of(described, OUT)
    assert request["headers"]["Authorization"] == basic_auth("urad", "žluť")


def test_capabilities_follow_from_the_description() -> None:
    receipts = '[calls.receipts]\nwhere = { kind = "dlr" }\nid = "ours"\nstatus = "s"\nstatuses = { ok = "delivered" }'
    assert own().capabilities == Capabilities(receipts=False)
    assert own(more=receipts, send="idempotent = true", per_minute=60).capabilities == Capabilities(
        per_minute=60, idempotent=True, receipts=True
    )
    receipt = events_of(own(more=receipts), posted({"kind": "dlr", "ours": OUT.id, "s": "ok"}))
    assert receipt == [Receipt("brana", "delivered", NOW, id=OUT.id)]


# --- health and settings ------------------------------------------------------------------------


def test_a_provider_that_can_be_reached() -> None:
    with listening(lambda _: Response(200)) as peer:
        health = gateway("ipex", url=peer.url).health(NOW)
        assert peer.requests == [], "it is asked nothing"
    assert (health.level, health.summary) == (
        "ok",
        "IPEX (voipex): it can be reached (made from its documentation, not tried live)",
    )


def test_a_provider_that_cannot() -> None:
    health = gateway("ipex", url=closed_address()).health(NOW)
    assert (health.level, bool(health.fix)) == ("error", True)


BODY_ONLY = OWN.partition("[send]")[0]


def test_a_provider_that_only_calls() -> None:
    described = gateway(definition=BODY_ONLY.format(calls='reply = "body"\nanswer = "{text}"', more=""))
    assert described.health(NOW).level == "ok"
    (answer,) = described.send([OUT])
    assert isinstance(answer, SendError)
    assert not answer.retryable


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        pytest.param({}, "either profile", id="neither"),
        pytest.param({"profile": "ipex", "definition": "x"}, "either profile", id="both"),
        pytest.param({"profile": "ipexx"}, "there are: bulkgate, centrumsms", id="a profile there is not"),
        pytest.param({"definition": "title ="}, "is no TOML", id="no TOML"),
        pytest.param({"definition": 'title = "x"'}, "replies must leave somehow", id="half a description"),
        pytest.param({"profile": "ipex", "secret": "short"}, "secret", id="a short secret"),
        pytest.param({"profile": "ipex", "addresses": "192.0.2.0/33"}, "addresses", id="no address"),
        pytest.param({"profile": "ipex", "url": "ftp://x"}, "url", id="another scheme"),
        pytest.param({"profile": "ipex", "colour": "red"}, "colour", id="what it does not have"),
        pytest.param(
            {"definition": OWN.format(calls='proof = "header"', more="", send="")}, "query:NAME", id="no name"
        ),
        pytest.param({"definition": OWN.format(calls='proof = "oath"', more="", send="")}, "proof is", id="an oath"),
        pytest.param(
            {"definition": OWN.format(calls='proof = "signature"', more="", send="")}, "signature", id="no signature"
        ),
        pytest.param(
            {"definition": OWN.format(calls='proof = "address"', more="", send="")}, "addresses", id="no addresses"
        ),
        pytest.param({"definition": OWN.format(calls="", more="", send='body = { a = "{x}" }')}, "{x}", id="{x}"),
        pytest.param(
            {"definition": OWN.format(calls="", more="", send='headers = { a = "{text}" }')},
            "{text}",
            id="a text on top",
        ),
        pytest.param({"definition": OWN.format(calls="", more="", send="colour = 1")}, "colour", id="an unknown word"),
        pytest.param({"definition": BODY_ONLY.format(calls="", more="")}, "reply must be body", id="no way to reply"),
    ],
)
def test_settings_that_are_wrong_are_named(settings: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError) as told:
        HostedSettings.model_validate({"secret": SECRET} | settings)
    assert says in str(told.value)
