"""The hosted gateway and whoever is not the provider: every proof, and every call that is refused."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prepazka.gateways.hosted import Hosted
from prepazka.gateways.hosted.profile import builtin_profiles
from prepazka.gateways.http import basic_auth
from prepazka.gateways.values import (
    WebhookCall,
    WebhookRefused,
)
from tests.gateways.described import (
    FIELDS,
    IPEX,
    ME,
    NOW,
    SECRET,
    SMSEAGLE,
    SMSMANAGER_IN,
    SMSMANAGER_OUT,
    UNIX,
    events_of,
    form,
    gateway,
    own,
    posted,
    query,
)

# --- proofs -------------------------------------------------------------------------------------

BODY = json.dumps(FIELDS).encode()
SIGNED = 'proof = "signature"\n[calls.signature]\nheader = "X-Sign"\n'


def digest(signed: bytes, algorithm: Any = hashlib.sha256) -> bytes:
    return hmac.new(SECRET.encode(), signed, algorithm).digest()


def proven(way: str) -> tuple[Hosted, WebhookCall]:
    """Return a gateway with this proof, and a call that has it."""
    plain = posted(FIELDS, path="")
    match way:
        case "path":
            return own(), replace(plain, path=SECRET)
        case "query":
            return own('proof = "query:k"'), replace(plain, query={"k": SECRET})
        case "header":
            return own('proof = "header:X-Key"'), replace(plain, headers={**plain.headers, "x-key": SECRET})
        case "field":
            return own('proof = "field:k"'), posted(FIELDS | {"k": SECRET}, path="")
        case "basic":
            headers = {**plain.headers, "authorization": basic_auth("brana", SECRET)}
            return own('proof = "basic"', secret=f"brana:{SECRET}"), replace(plain, headers=headers)
        case "address":
            return own('proof = "address"', secret="", addresses="192.0.2.0/24, 2001:db8::/32"), plain
        case "signature":
            headers = {**plain.headers, "x-sign": digest(BODY).hex()}
            return own(SIGNED), replace(plain, headers=headers)
        case "signature with a time":
            stamp = str(UNIX)
            shown = base64.b64encode(digest(f"{stamp}.".encode() + BODY, hashlib.sha512)).decode()
            headers = {**plain.headers, "x-sign": f"v1={shown}", "x-time": stamp}
            more = (
                'algorithm = "sha512"\nencoding = "base64"\nprefix = "v1="\n'
                'signed = "{timestamp}.{body}"\ntimestamp_header = "X-Time"\n'
            )
            return own(SIGNED + more), replace(plain, headers=headers)
    raise AssertionError(way)


WAYS = ["path", "query", "header", "field", "basic", "address", "signature", "signature with a time"]


@pytest.mark.parametrize("way", WAYS)
def test_a_call_with_proof_is_accepted(way: str) -> None:
    described, call = proven(way)
    assert len(events_of(described, call)) == 1


@pytest.mark.parametrize("way", WAYS)
def test_a_call_without_proof_is_refused(way: str) -> None:
    described, call = proven(way)
    forged = posted(FIELDS | {"text": "OBJ ZOP SVOBODA", "k": "guess"}, path="guess", address="198.51.100.1")
    headers = {"content-type": "application/json", "x-key": "guess", "x-sign": "00", "authorization": "Basic eDp5"}
    for guess in [
        forged,
        replace(forged, headers=headers, query={"k": "guess"}),
        replace(forged, headers={**headers, "x-time": "1"}),
        replace(forged, address="no address"),
        replace(call, body=forged.body, path="", query={}, address="198.51.100.1"),
        *([] if way in {"path", "query", "header", "basic"} else [replace(forged, headers=call.headers)]),
    ]:
        if way in {"header", "basic"} and guess.headers == call.headers:
            continue  # such a proof identifies the caller and does not cover the message
        with pytest.raises(WebhookRefused) as refused:
            described.receive_call(guess, NOW)
        assert refused.value.reply.status in {401, 403}
        assert "SVOBODA" not in refused.value.reason


@pytest.mark.parametrize("seconds", [-301, 301])
def test_an_old_signature_is_refused(seconds: int) -> None:
    described, call = proven("signature with a time")
    with pytest.raises(WebhookRefused, match="too long ago"):
        described.receive_call(call, NOW + timedelta(seconds=seconds))


def test_an_address_is_asked_for_beside_the_secret() -> None:
    described = own(addresses="198.51.100.0/24")
    with pytest.raises(WebhookRefused, match="address"):
        described.receive_call(posted(FIELDS), NOW)
    assert described.receive_call(posted(FIELDS, address="198.51.100.9"), NOW).events


def test_basic_is_asked_for_in_its_own_way() -> None:
    described, _ = proven("basic")
    with pytest.raises(WebhookRefused) as refused:
        described.receive_call(posted(FIELDS), NOW)
    assert refused.value.reply.headers["WWW-Authenticate"].startswith("Basic")


# --- refused calls ------------------------------------------------------------------------------

MULTIPART = {"content-type": "multipart/form-data; boundary=x"}


@pytest.mark.parametrize(
    ("call", "status"),
    [
        pytest.param(posted(FIELDS, body=b"{"), 400, id="half an object"),
        pytest.param(posted(FIELDS, body=b"[" * 60_000), 400, id="too deep"),
        pytest.param(posted(FIELDS, body="ž".encode("cp1250")), 400, id="another encoding"),
        pytest.param(form(FIELDS | {"text": "ž"}, charset="cp1250", path=SECRET), 400, id="a form in another encoding"),
        pytest.param(query(FIELDS | {"text": "\udc9e"}, path=SECRET), 400, id="a query in another encoding"),
        pytest.param(form({str(i): "" for i in range(101)}, path=SECRET), 400, id="a form without end"),
        pytest.param(posted(FIELDS, headers=MULTIPART), 415, id="a form in parts"),
        pytest.param(posted(7), 422, id="a number"),
        pytest.param(posted([FIELDS, None]), 422, id="an event that is nothing"),
        pytest.param(posted({}), 422, id="nothing in it"),
        pytest.param(posted(FIELDS | {"text": None}), 422, id="no text"),
        pytest.param(posted(FIELDS | {"from": ""}), 422, id="no sender"),
        pytest.param(posted(FIELDS | {"from": [ME]}), 422, id="several senders"),
        pytest.param(posted(FIELDS | {"id": ""}), 422, id="no id"),
    ],
)
def test_a_call_unlike_the_profile_is_refused(call: WebhookCall, status: int) -> None:
    with pytest.raises(WebhookRefused) as refused:
        own().receive_call(call, NOW)
    assert refused.value.reply.status == status
    assert "NOVAK" not in refused.value.reason


def test_an_event_unknown_to_the_profile_is_refused() -> None:
    with pytest.raises(WebhookRefused, match="neither a message nor a receipt"):
        gateway("smsmanager").receive_call(posted([SMSMANAGER_IN | {"type": "new"}]), NOW)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@given(
    profile=st.sampled_from([*builtin_profiles()]),
    given=JSON
    | st.dictionaries(st.sampled_from([*SMSMANAGER_IN, *SMSMANAGER_OUT, *SMSEAGLE, *IPEX, "message", "api_key"]), JSON),
    body=st.none() | st.binary(max_size=100),
    kind=st.sampled_from(["application/json", "application/x-www-form-urlencoded", "text/plain", "multipart/x", ""]),
)
def test_any_call_is_read_or_refused_and_nothing_else(profile: str, given: Any, body: bytes | None, kind: str) -> None:
    proven = given | {"api_key": SECRET, "apikey": SECRET} if isinstance(given, dict) else given
    call = posted(proven, headers={"content-type": kind})
    try:
        events = gateway(profile).receive_call(call if body is None else replace(call, body=body), NOW).events
    except WebhookRefused as refused:
        events, status = (), refused.reply.status
    else:
        status = 200
    assert all(one.gateway == "brana" for one in events)
    assert status in {200, 400, 401, 403, 404, 415, 422}
