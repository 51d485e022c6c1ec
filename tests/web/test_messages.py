"""POST /api/v1/messages: what a gateway can rely on (spec/contract.md §2)."""

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.db import InternalError, OperationalError, connection
from django.test import Client

from prepazka.store import models
from prepazka.web.api import handing_in
from tests.web.conftest import ME, NUMBER, TOKEN, HandIn, add_number, gateway, message

PROBLEM = "application/problem+json"


def assert_problem(answer: Any, status: int) -> dict[str, Any]:
    problem: dict[str, Any] = answer.json()
    assert answer.status_code == problem["status"] == status
    assert answer["Content-Type"] == PROBLEM
    assert problem["type"] == "about:blank"
    assert problem["title"]
    assert problem["detail"]
    return problem


def stored() -> int:
    return models.Inbound.objects.count()


# --- what is taken ------------------------------------------------------------------------------


def test_a_message_is_handled_when_the_call_returns(hand_in: HandIn) -> None:
    answer = hand_in(message())
    line = answer.json()
    booking = models.Booking.objects.get()
    assert answer.status_code == 202
    assert line == {
        "id": "m1",
        "outcome": "booked",
        "reply": models.Outbound.objects.get().text,
        "language": "cs",
        "septets": models.Outbound.objects.get().septets,
        "parts": 1,
        "booking": {
            "service": "ZOP",
            "date": "2026-08-10",
            "time": "14:00",
            "name": "NOVAK",
            "code": booking.code,
            "state": "booked",
        },
        "offers": [],
    }


def test_free_times_are_reported_uncompressed(hand_in: HandIn) -> None:
    offers = hand_in(message(text="TERMIN ZOP 10.8.")).json()["offers"]
    assert offers[0] == {"date": "2026-08-10", "time": "08:00"}
    assert len(offers) == 14 + 18


def test_a_list_is_answered_in_its_order(hand_in: HandIn) -> None:
    answer = hand_in([message("a", "POMOC"), message("b", "OBJ ZOP NOVAK"), message("c", "ZKR")])
    assert answer.status_code == 202
    assert [(line["id"], line["outcome"]) for line in answer.json()] == [
        ("a", "help"),
        ("b", "booked"),
        ("c", "services"),
    ]


def test_the_longest_list_is_taken(hand_in: HandIn) -> None:
    answer = hand_in([message(f"m{place}", "POMOC", **{"from": f"+4207770{place:05}"}) for place in range(500)])
    assert answer.status_code == 202
    assert stored() == 500


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"at": "2026-08-03T09:00:00+02:00"}, id="a moment with an offset"),
        pytest.param({"at": "2026-08-03T07:00:00.123Z"}, id="a moment in UTC with fractions"),
        pytest.param({"at": None}, id="no moment"),
        pytest.param({"from": "INFO"}, id="a sender with a name"),
        pytest.param({"text": ""}, id="no text"),
        pytest.param({"text": "x" * 1600}, id="the longest text"),
        pytest.param({"text": "\0\ud83d"}, id="what a broken encoder leaves"),
        pytest.param({"to": "739 547 765"}, id="a number as people write it"),
        pytest.param({"id": "x" * 200}, id="the longest id"),
    ],
)
def test_what_gateways_send_is_taken(hand_in: HandIn, fields: dict[str, Any]) -> None:
    answer = hand_in(json.dumps(message() | fields).encode())
    assert answer.status_code == 202
    assert stored() == 1


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["UTF-8", "UTF-8 with a mark"])
def test_czech_letters_arrive_whole(hand_in: HandIn, mark: bytes) -> None:
    body = json.dumps(message(text="OBJ ZOP 10.8. 14:00 Žluťoučká"), ensure_ascii=False).encode()
    assert hand_in(mark + body, content_type="application/json; charset=UTF-8").status_code == 202
    assert models.Booking.objects.get().name == "Žluťoučká"


# --- repeats ------------------------------------------------------------------------------------


def test_the_same_id_again_does_nothing_and_tells_what_came_of_it(hand_in: HandIn) -> None:
    first = hand_in(message()).json()
    again = hand_in(message(text="OBJ PTP 10.8. 14:00 NOVAK"))
    assert again.status_code == 200
    assert again.json()["outcome"] == "duplicate"
    assert again.json()["reply"] is None
    assert again.json()["earlier"] == {"outcome": "booked", "reply": first["reply"]}
    assert models.Booking.objects.count() == models.Outbound.objects.count() == 1


def test_of_a_message_that_still_waits_a_repeat_tells_nothing(hand_in: HandIn) -> None:
    hand_in(message())
    models.Outbound.objects.all().delete()
    models.Inbound.objects.update(state="waiting")
    assert hand_in(message()).json()["earlier"] == {"outcome": None, "reply": None}


def test_repeats_in_a_list_are_reported_one_by_one(hand_in: HandIn) -> None:
    hand_in(message("a", "POMOC"))
    answer = hand_in([message("a", "POMOC"), message("b", "ZKR"), message("b", "ZKR")])
    assert answer.status_code == 202
    assert [line["outcome"] for line in answer.json()] == ["duplicate", "services", "duplicate"]
    assert [line.get("earlier", {}).get("outcome") for line in answer.json()] == ["help", None, "services"]


def test_an_id_is_its_gateways_own(hand_in: HandIn) -> None:
    gateway("second", "token-of-the-second-gateway")
    add_number("+420739547799", "second")
    hand_in(message())
    other = hand_in(message(text="POMOC", to="+420739547799"), token="token-of-the-second-gateway")
    assert (other.status_code, other.json()["outcome"]) == (202, "help")
    assert set(models.Inbound.objects.values_list("gateway", "gateway_id")) == {("first", "m1"), ("second", "m1")}


# --- who may ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "authorization",
    [
        pytest.param(None, id="nothing"),
        pytest.param("Bearer another", id="a token of nobody"),
        pytest.param("Bearer ", id="an empty token"),
        pytest.param(f"Basic {TOKEN}", id="another scheme"),
        pytest.param(f"Bearer {TOKEN}x", id="a longer token"),
        pytest.param("Bearer žluť", id="letters no token has"),
    ],
)
def test_without_a_gateways_token_nothing_is_taken(hand_in: HandIn, client: Client, authorization: str | None) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    answer = client.post("/api/v1/messages", message(), content_type="application/json", headers=headers)
    assert_problem(answer, 401)
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert stored() == 0


def test_a_withdrawn_token_ends(hand_in: HandIn) -> None:
    assert hand_in(message()).status_code == 202
    models.Gateway.objects.update(token_sha256=None)
    cache.clear()  # as after tokens.CACHED_FOR seconds
    assert_problem(hand_in(message("m2")), 401)


# --- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        pytest.param({"id": ""}, "id", id="an empty id"),
        pytest.param({"id": "x" * 201}, "id", id="a long id"),
        pytest.param({"id": "a\nb"}, "id", id="an id of two lines"),
        pytest.param({"id": 7}, "id", id="an id that is no text"),
        pytest.param({"from": ""}, "from", id="no sender"),
        pytest.param({"from": "1" * 41}, "from", id="a long sender"),
        pytest.param({"from": None}, "from", id="a sender that is nothing"),
        pytest.param({"to": ""}, "to", id="no recipient"),
        pytest.param({"to": [NUMBER]}, "to", id="several recipients"),
        pytest.param({"text": "x" * 1601}, "text", id="a long text"),
        pytest.param({"text": None}, "text", id="a text that is nothing"),
        pytest.param({"at": "2026-08-03T09:00:00"}, "at", id="a moment without an offset"),
        pytest.param({"at": "2026-08-03"}, "at", id="a day"),
        pytest.param({"at": "2026-02-30T09:00:00Z"}, "at", id="a day that does not exist"),
        pytest.param({"at": "0001-01-01T00:00:00+02:00"}, "at", id="a moment before any SMS"),
        pytest.param({"at": "9999-12-31T23:59:59Z"}, "at", id="a moment after all"),
        pytest.param({"id": "a\0b"}, "id", id="NUL in the id"),
        pytest.param({"id": "a\ud800"}, "id", id="half of a pair in the id"),
        pytest.param({"at": 1785740400}, "at", id="seconds"),
        pytest.param({"at": "1785740400"}, "at", id="seconds as text"),
        pytest.param({"priority": 1}, "priority", id="a field nobody knows"),
    ],
)
@pytest.mark.parametrize("listed", [False, True], ids=["alone", "in a list"])
def test_an_invalid_field_is_named_and_nothing_stored(
    hand_in: HandIn, fields: dict[str, Any], field: str, *, listed: bool
) -> None:
    bad = message("bad") | fields
    problem = assert_problem(hand_in([message("good"), bad] if listed else bad), 422)
    assert [error["field"] for error in problem["errors"]] == [f"1.{field}" if listed else field]
    assert all(error["detail"] for error in problem["errors"])
    assert stored() == 0


@pytest.mark.parametrize("field", ["id", "from", "to", "text"])
def test_a_missing_field_is_named(hand_in: HandIn, field: str) -> None:
    body = message()
    del body[field]
    problem = assert_problem(hand_in(body), 422)
    assert [error["field"] for error in problem["errors"]] == [field]


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        pytest.param(b"{", "application/json", 400, id="half an object"),
        pytest.param(b" ", "application/json", 400, id="nothing"),
        pytest.param(b"[" * 100_000, "application/json", 400, id="too deep"),
        pytest.param(b"1" * 10_000, "application/json", 400, id="too many digits"),
        pytest.param('{"text": "Dobrý"}'.encode("cp1250"), "application/json", 400, id="Windows-1250"),
        pytest.param('{"text": "Dobrý"}'.encode("utf-16"), "application/json", 400, id="UTF-16"),
        pytest.param(b"id=m1", "application/x-www-form-urlencoded", 415, id="a form"),
        pytest.param(b"{}", "text/plain", 415, id="plain text"),
        pytest.param(b"{}", "application/json; charset=iso-8859-2", 415, id="another alphabet"),
        pytest.param(b'"text"', "application/json", 422, id="a text"),
        pytest.param(b"null", "application/json", 422, id="null"),
        pytest.param(b"[]", "application/json", 422, id="an empty list"),
        pytest.param(b"[1]", "application/json", 422, id="a list of numbers"),
        pytest.param(json.dumps([message()] * 501).encode(), "application/json", 422, id="a long list"),
        pytest.param(b'"' + b"x" * 1024 * 1024 + b'"', "application/json", 413, id="more than 1 MB"),
    ],
)
def test_an_unreadable_body_is_refused(hand_in: HandIn, body: bytes, content_type: str, status: int) -> None:
    assert_problem(hand_in(body, content_type=content_type), status)
    assert stored() == 0


def test_a_body_without_its_length_is_refused(hand_in: HandIn) -> None:
    assert_problem(hand_in(message(), CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked"), 411)
    assert stored() == 0


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_another_method_is_a_problem_too(client: Client, method: str) -> None:
    answer = getattr(client, method)("/api/v1/messages")
    assert_problem(answer, 405)
    assert answer["Allow"] == "POST"


def test_an_address_that_is_not_there_is_a_problem_too(client: Client) -> None:
    assert_problem(client.get("/api/v1/nothing"), 404)


def test_a_failure_of_ours_is_a_problem_too(hand_in: HandIn, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ValueError("a mistake")

    monkeypatch.setattr(handing_in, "take", fail)
    client.raise_request_exception = False
    problem = assert_problem(hand_in(message()), 500)
    assert "mistake" not in json.dumps(problem)


# --- the database is away -----------------------------------------------------------------------


AWAY = [
    OperationalError("the server closed the connection"),
    InternalError("cannot execute INSERT in a read-only transaction"),
]


@pytest.mark.parametrize("error", AWAY, ids=["away", "a primary that became read-only"])
@pytest.mark.parametrize("known", [True, False], ids=["the token is believed", "the token must be looked up"])
def test_without_the_database_nothing_is_acknowledged(
    hand_in: HandIn, monkeypatch: pytest.MonkeyPatch, error: Exception, *, known: bool
) -> None:
    def away(*_: object, **__: object) -> None:
        raise error

    if known:
        hand_in(message("before"))
    with monkeypatch.context() as patched:
        patched.setattr(connection, "cursor", away)
        answer = hand_in(message())
        assert_problem(answer, 503)
        assert int(answer["Retry-After"]) > 0
    assert hand_in(message()).status_code == 202, "the same message is taken when the database is back"


# --- the description ----------------------------------------------------------------------------


def test_the_document_describes_the_call(client: Client) -> None:
    document = client.get("/api/openapi.json").json()
    call = document["paths"]["/api/v1/messages"]["post"]
    one, several = call["requestBody"]["content"]["application/json"]["schema"]["oneOf"]
    assert set(one["properties"]) == {"id", "from", "to", "text", "at"}
    assert one["required"] == ["id", "from", "to", "text"]
    assert several["maxItems"] == 500
    assert set(call["responses"]) == {"200", "202", "400", "401", "403", "411", "413", "415", "422", "503"}
    assert set(call["responses"]["422"]["content"]) == {PROBLEM}
    assert call["security"] == [{"GatewayToken": []}]


def test_the_documentation_page_loads_only_our_files(client: Client) -> None:
    page = client.get("/api/docs").content.decode()
    assert "/static/ninja/swagger-ui-bundle.js" in page
    assert "//cdn" not in page
    assert "https://" not in page


def test_the_sender_is_the_one_given(hand_in: HandIn) -> None:
    hand_in(message(**{"from": "777 123 456"}))
    assert models.Booking.objects.get().sender == ME
