"""Booking and cancelling by the API: a program of an office, the rules of every channel."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from prepazka.core.office.office import Office
from prepazka.store import models, offices
from tests.web.conftest import ME, NOW, NUMBER, TOKEN, gateway

PATH = "/api/v1/offices/demo/bookings"
WANTED = {"service": "ZOP", "date": "2026-08-10", "time": "14:00", "name": "Jana Nováková", "phone": ME}


class Api:
    """The calls of a program with a token."""

    def __init__(self, client: Client, token: str = TOKEN) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {token}"}

    def book(self, path: str = PATH, **fields: Any) -> Any:
        body = {name: value for name, value in (WANTED | fields).items() if value is not None}
        return self._client.post(path, body, content_type="application/json", headers=self._headers)

    def cancel(self, code: str, day: str = "2026-08-10", path: str = PATH) -> Any:
        return self._client.delete(f"{path}/{code}?date={day}", headers=self._headers)


@pytest.fixture
def api(office: Office, client: Client) -> Api:
    gateway("first", TOKEN)
    offices.keep(replace(office, gateways={NUMBER: "first"}), NOW)
    return Api(client)


def test_a_program_books_and_is_reported_the_code(api: Api) -> None:
    answer = api.book()
    assert answer.status_code == 201
    booking = models.Booking.objects.get()
    assert (booking.sender, booking.channel) == (ME, "api")
    data = answer.json()
    assert (data["outcome"], data["booking"]["code"]) == ("booked", booking.code)
    assert models.Outbound.objects.filter(kind="confirmation").count() == 1


@pytest.mark.parametrize(
    ("phone", "detail"),
    [
        pytest.param("731 246 8025", "a mobile telephone number", id="a digit too many"),
        pytest.param("+979123456789", "a mobile telephone number", id="premium of no country"),
        pytest.param("+420541234567", "no SMS is sent to a fixed line", id="a fixed line"),
        pytest.param("+33612345678", "PREPAZKA_COUNTRIES", id="another country"),
        pytest.param("0905246802", "+421905246802", id="a Slovak number without its prefix"),
    ],
)
def test_a_number_without_sms_books_nothing_and_says_why(api: Api, phone: str, detail: str) -> None:
    answer = api.book(phone=phone)
    assert answer.status_code == 422
    assert detail in str(answer.json())
    assert models.Booking.objects.count() == 0


@pytest.mark.parametrize("phone", ["00420777123456", "777 123 456", "+420 (0) 777 123 456"])
def test_other_spellings_are_the_same_number(api: Api, phone: str) -> None:
    assert api.book(phone=phone).status_code == 201
    assert models.Booking.objects.get().sender == ME


def test_a_program_that_tells_the_citizen_itself_wants_no_sms(api: Api) -> None:
    api.book(confirm=False)
    assert models.Outbound.objects.count() == 0


def test_without_day_and_time_the_soonest_is_booked(api: Api) -> None:
    assert api.book(date=None, time=None).json()["booking"]["date"] == "2026-08-03"


def test_what_cannot_be_had_is_a_conflict_with_offers(api: Api) -> None:
    api.book(service="PTP")
    answer = api.book(service="PTP", phone="+420602111222", name="Petr")
    assert (answer.status_code, answer.json()["outcome"]) == (409, "slot_full")
    assert answer.json()["offers"][0] == {"date": "2026-08-10", "time": "13:45"}


def test_the_same_wish_again_is_the_same_booking(api: Api) -> None:
    first, second = api.book(), api.book()
    assert second.status_code == 200
    assert second.json()["booking"] == first.json()["booking"]


def test_a_program_cancels_with_code_and_date(api: Api) -> None:
    code = api.book().json()["booking"]["code"]
    assert api.cancel(code, "2026-08-11").status_code == 404
    assert api.cancel(code).json()["outcome"] == "cancelled"
    again = api.cancel(code)
    assert (again.status_code, again.json()["outcome"]) == (200, "already_cancelled")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        pytest.param({"service": "XXX"}, "service", id="unknown service"),
        pytest.param({"name": "R2D2"}, "name", id="no name"),
        pytest.param({"phone": "112"}, "phone", id="short code"),
        pytest.param({"time": None}, "time", id="day alone"),
        pytest.param({"date": None}, "date", id="time alone"),
        pytest.param({"date": "31.2."}, "date", id="no date"),
        pytest.param({"phone": NUMBER}, "phone", id="the office's own number"),
        pytest.param({"date": 0}, "date", id="seconds for a date"),
        pytest.param({"date": "1754784000"}, "date", id="seconds as text"),
        pytest.param({"time": 50400}, "time", id="seconds for a time"),
        pytest.param({"time": "14:00:30"}, "time", id="no whole minute"),
        pytest.param({"time": "14:00Z"}, "time", id="a time elsewhere"),
        pytest.param({"persons": 0}, "persons", id="nobody"),
        pytest.param({"when": "soon"}, "when", id="unknown field"),
    ],
)
def test_a_mistake_names_its_field_and_books_nothing(api: Api, fields: dict[str, Any], field: str) -> None:
    answer = api.book(**fields)
    assert answer.status_code == 422
    assert any(error["field"].endswith(field) for error in answer.json()["errors"]), answer.json()
    assert models.Booking.objects.count() == 0


def test_without_a_token_nothing_is_done(api: Api, client: Client) -> None:
    code = api.book().json()["booking"]["code"]
    assert client.post(PATH, WANTED, content_type="application/json").status_code == 401
    assert Api(client, "forged").cancel(code).status_code == 401
    assert models.Booking.objects.get().state == "booked"


def test_the_token_of_another_office_opens_nothing_here(api: Api, client: Client) -> None:
    code = api.book().json()["booking"]["code"]
    gateway("other", "token-of-the-other")
    elsewhere = replace(offices.load(models.Office.objects.get().id), slug="jinde", numbers=("+420739547766",))
    offices.keep(replace(elsewhere, gateways={"+420739547766": "other"}), NOW)
    stranger = Api(client, "token-of-the-other")
    assert stranger.book().status_code == 404
    assert stranger.cancel(code).status_code == 404
    assert stranger.book("/api/v1/offices/jinde/bookings").status_code == 201
    assert models.Booking.objects.get(code=code, office__slug="demo").state == "booked"


def test_codes_cannot_be_guessed(api: Api) -> None:
    code = api.book().json()["booking"]["code"]
    for guess in range(100_000, 100_030):
        api.cancel(str(guess))
    assert api.cancel(code).status_code == 429


def test_the_document_describes_both_calls(api: Api, client: Client) -> None:
    paths = client.get("/api/openapi.json").json()["paths"]
    assert "post" in paths["/api/v1/offices/{office}/bookings"]
    responses = paths["/api/v1/offices/{office}/bookings/{code}"]["delete"]["responses"]
    assert {"application/json", "application/problem+json"} <= responses["404"]["content"].keys()


@pytest.mark.parametrize("day", ["0", "1754784000", "10.8.", ""])
def test_what_is_no_day_cancels_nothing(api: Api, day: str) -> None:
    answer = api.cancel("123456", day)
    assert (answer.status_code, answer.json()["errors"]) == (
        422,
        [{"field": "date", "detail": "a day such as 2026-08-10"}],
    )
