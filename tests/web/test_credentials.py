"""A credential is good only for the numbers of its gateway and for its purposes (docs/spec/safety.md §1).

Two offices, a gateway and a token each; a citizen of the first one. The attacker has the second token.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from prepazka.core.credentials import PURPOSES, scope_of
from prepazka.core.office.office import Office
from prepazka.flows.inbound.receive import receive, work
from prepazka.gateways.values import Inbound
from prepazka.store import models, offices, tokens
from tests.offices import demo_office
from tests.web.conftest import NOW, NUMBER, add_number, bind, gateway

THEIRS = "+420739000222"
CITIZEN = "+420602777888"
OURS_TOKEN, THEIR_TOKEN = "token-of-the-office-of-the-citizen", "token-of-the-attacker"
PROBLEM = "application/problem+json"


@pytest.fixture(autouse=True)
def two_offices(office: Office) -> None:
    gateway("ours", OURS_TOKEN)
    gateway("theirs", THEIR_TOKEN)
    bind(NUMBER, "ours")
    other = replace(demo_office(), slug="lhota", name="Obec Lhota", numbers=(THEIRS,), gateways={THEIRS: "theirs"})
    offices.keep(other, NOW)


@pytest.fixture
def code() -> str:
    """The access code of the citizen's booking in the first office."""
    receive([Inbound("ours", "before", CITIZEN, NUMBER, "OBJ ZOP 12.8. 10:30 DVORAKOVA")], NOW)
    return models.Booking.objects.get().code


class Program:
    """A program with a token."""

    def __init__(self, client: Client, token: str) -> None:
        self._client, self._headers = client, {"Authorization": f"Bearer {token}"}

    def hand_in(self, text: str, to: str = NUMBER, id_: str = "m1", sender: str = CITIZEN) -> Any:
        return self.hand_in_all([{"id": id_, "from": sender, "to": to, "text": text}], listed=False)

    def hand_in_all(self, messages: Sequence[Mapping[str, str]], *, listed: bool = True) -> Any:
        body = list(messages) if listed else messages[0]
        return self._client.post("/api/v1/messages", body, content_type="application/json", headers=self._headers)

    def book(self, slug: str = "demo") -> Any:
        body = {"service": "ZOP", "date": "2026-08-13", "time": "09:45", "name": "Karel Malý", "phone": "+420603111000"}
        path = f"/api/v1/offices/{slug}/bookings"
        return self._client.post(path, body, content_type="application/json", headers=self._headers)

    def cancel(self, code: str, slug: str = "demo") -> Any:
        path = f"/api/v1/offices/{slug}/bookings/{code}?date=2026-08-12"
        return self._client.delete(path, headers=self._headers)


@pytest.fixture
def attacker(client: Client) -> Program:
    return Program(client, THEIR_TOKEN)


@pytest.fixture
def own(client: Client) -> Program:
    return Program(client, OURS_TOKEN)


def limit(name: str, *purposes: str, numbers: Sequence[str] | None = None) -> None:
    tokens.change(name, scope_of(purposes, numbers), NOW, "test")
    cache.clear()  # as after tokens.CACHED_FOR seconds


def assert_nothing_learned(answer: Any, status: int, *secrets: str) -> None:
    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM)
    for secret in secrets:
        assert secret not in answer.content.decode()


# --- the numbers of another gateway -------------------------------------------------------------


@pytest.mark.parametrize("text", ["MOJE", "STORNO {code} 12.8.", "POMOC", ""])
@pytest.mark.parametrize("to", [NUMBER, "739547765", "00420 739 547 765"])
def test_the_token_of_another_office_neither_reads_nor_cancels(
    attacker: Program, code: str, text: str, to: str
) -> None:
    answer = attacker.hand_in(text.format(code=code), to)
    assert_nothing_learned(answer, 403, code, "DVORAKOVA", "10:30")
    assert models.Booking.objects.get().state == "booked"
    assert models.Inbound.objects.count() == 1, "only the citizen's own"
    assert models.Stray.objects.count() == 0


def test_a_number_of_another_office_looks_like_one_of_none(attacker: Program) -> None:
    of_another, of_nobody = attacker.hand_in("MOJE"), attacker.hand_in("MOJE", "+420739999999")
    assert of_another.status_code == of_nobody.status_code == 403
    assert of_another.json() == of_nobody.json()
    assert of_another.json()["errors"] == [{"field": "to", "detail": "the token is not good for this number"}]


def test_one_foreign_number_in_a_list_and_nothing_of_it_is_stored(attacker: Program) -> None:
    own = {"id": "a", "from": CITIZEN, "to": THEIRS, "text": "POMOC"}
    answer = attacker.hand_in_all([own, {**own, "id": "b", "to": NUMBER}])
    assert answer.status_code == 403
    assert [error["field"] for error in answer.json()["errors"]] == ["1.to"]
    assert models.Inbound.objects.count() == 0


def test_a_token_hands_in_for_its_own_number(attacker: Program) -> None:
    assert attacker.hand_in("POMOC", THEIRS).json()["outcome"] == "help"


def test_a_number_that_moved_to_another_gateway_takes_its_old_token_along_no_more(own: Program) -> None:
    assert own.hand_in("POMOC", id_="1").status_code == 202
    bind(NUMBER, "theirs")
    assert own.hand_in("POMOC", id_="2").status_code == 403
    assert own.book().status_code == 404


def test_a_number_bound_to_no_gateway_takes_nothing_from_any_token(own: Program, attacker: Program) -> None:
    models.Number.objects.filter(e164=NUMBER).update(gateway=None)
    assert [one.hand_in("POMOC").status_code for one in (own, attacker)] == [403, 403]


def test_a_token_for_some_numbers_is_good_for_no_others_of_its_gateway(own: Program) -> None:
    add_number("+420739000555", "ours")
    limit("ours", *PURPOSES, numbers=["+420739000555"])
    assert own.hand_in("POMOC").status_code == 403
    assert own.hand_in("POMOC", "+420739000555").status_code == 202


def test_a_token_for_a_number_that_left_its_gateway_is_good_for_nothing(own: Program) -> None:
    limit("ours", *PURPOSES, numbers=[NUMBER])
    bind(NUMBER, "theirs")
    assert own.hand_in("MOJE").status_code == 403
    assert own.book().status_code == 404


def test_the_answer_to_an_id_that_was_used_is_told_only_of_the_same_phone_and_number(own: Program, code: str) -> None:
    own.hand_in("MOJE", id_="7")
    again = own.hand_in("MOJE", id_="7").json()
    assert code in again["earlier"]["reply"]
    other = own.hand_in("POMOC", id_="7", sender="+420608000111")
    assert (other.json()["outcome"], other.json()["earlier"]) == ("duplicate", None)
    assert code not in other.content.decode()


# --- purposes -----------------------------------------------------------------------------------


def test_without_the_purpose_replies_go_to_the_phone_and_the_caller_reads_nothing(own: Program, code: str) -> None:
    limit("ours", "messages")
    answer = own.hand_in("MOJE")
    assert (answer.status_code, answer.json()["id"]) == (202, "m1")
    assert {answer.json()[key] for key in ("outcome", "reply", "booking", "septets")} == {None}
    assert code not in answer.content.decode()
    work(NOW)
    reply = models.Outbound.objects.latest("id")
    assert (reply.recipient, reply.gateway, reply.state) == (CITIZEN, "ours", "queued")
    assert code in reply.text


def test_nor_does_the_same_id_again_tell_it(own: Program, code: str) -> None:
    own.hand_in("MOJE")
    limit("ours", "messages")
    answer = own.hand_in("MOJE")
    assert answer.status_code == 202
    assert code not in answer.content.decode()
    work(NOW)
    assert models.Inbound.objects.filter(gateway_id="m1").count() == 1


def test_a_foreign_number_is_refused_to_that_token_too(attacker: Program) -> None:
    limit("theirs", "messages")
    assert attacker.hand_in("POMOC").status_code == 403
    assert models.Inbound.objects.count() == models.Stray.objects.count() == 0


@pytest.mark.parametrize("purposes", [(), ("replies",), ("bookings",), ("replies", "bookings")])
def test_without_the_purpose_no_messages_are_taken(own: Program, purposes: tuple[str, ...]) -> None:
    limit("ours", *purposes)
    for to in (NUMBER, THEIRS, "+420739999999"):
        assert_nothing_learned(own.hand_in("POMOC", to), 403)
    assert models.Inbound.objects.count() == 0


@pytest.mark.parametrize("slug", ["demo", "lhota", "nowhere"])
@pytest.mark.parametrize("purposes", [("messages",), ("messages", "replies")])
def test_without_the_purpose_nothing_is_booked_or_cancelled_anywhere(
    own: Program, code: str, purposes: tuple[str, ...], slug: str
) -> None:
    limit("ours", *purposes)
    booked, cancelled = own.book(slug), own.cancel(code, slug)
    assert_nothing_learned(booked, 403)
    assert_nothing_learned(cancelled, 403, "DVORAKOVA")
    assert booked.json() == cancelled.json(), "the same for every office, also for none"
    assert models.Booking.objects.get().state == "booked"


def test_with_the_purpose_another_office_looks_like_none(attacker: Program, code: str) -> None:
    for answer in (attacker.book(), attacker.cancel(code)):
        assert_nothing_learned(answer, 404, "DVORAKOVA")
        nowhere = attacker.book("nowhere").json()
        assert answer.json()["detail"].replace("demo", "nowhere") == nowhere["detail"]
    assert models.Booking.objects.get().state == "booked"


def test_a_token_for_bookings_alone_books(own: Program, code: str) -> None:
    limit("ours", "bookings")
    assert own.book().status_code == 201
    assert own.cancel(code).status_code == 200


def test_a_new_token_has_the_least(client: Client) -> None:
    fresh = Program(client, tokens.issue("ours", scope_of(["messages"], None), NOW, "test"))
    assert fresh.hand_in("MOJE").json()["reply"] is None
    assert fresh.book().status_code == 403
    tokens.withdraw("ours", NOW, "test")
    assert models.Gateway.objects.get(name="ours").token_purposes == ["messages"]
