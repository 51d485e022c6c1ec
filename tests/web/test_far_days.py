"""Days that nobody means, in every form and address that takes one: told in words or passed over, never a failure."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
from django.test import Client

from prepazka.core.office.office import Office
from tests.web.staff import OPERATOR, SignedIn
from tests.web.test_authorisation import ALL, address

FAR = ("0001-01-01", "9999-12-31", "2026-02-30", "31.2.", "")
FAR_MONTHS = ("0001-01", "9999-12", "2026-13")


@dataclass
class DatedForm:
    """A form that takes days: as a browser would send it, with the names of its fields of days and months."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    days: list[str] = field(default_factory=list)
    months: list[str] = field(default_factory=list)


class Forms(HTMLParser):
    """Finds the forms of a page."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.found: list[DatedForm] = []
        self._select = ""
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        kind, name = given.get("type", ""), given.get("name", "")
        if tag == "form":
            self.found.append(DatedForm(given.get("action", ""), given.get("method", "get").lower()))
        elif not self.found:
            return
        elif tag == "select":
            self._select = name
        elif tag == "option":
            if "selected" in given or self._select not in self.found[-1].values:
                self.found[-1].values[self._select] = given.get("value", "")
        elif tag == "input" and name and (kind not in {"checkbox", "radio"} or "checked" in given):
            self.found[-1].values[name] = given.get("value", "")
            self.found[-1].days += [name] if kind == "date" else []
            self.found[-1].months += [name] if kind == "month" else []


def pages(client: Client) -> dict[str, bytes]:
    paths = [address(route, pattern) for route, pattern in ALL if not route.startswith(("api/", "gateways/"))]
    answers = {path: client.get(path) for path in paths if not path.startswith("/account/sign-out")}
    return {
        path: answer.content
        for path, answer in answers.items()
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")
    }


def test_every_form_with_days_takes_days_nobody_means(signed_in: SignedIn, office: Office) -> None:
    client = signed_in(OPERATOR)
    client.raise_request_exception = False
    failed, asked = {}, 0
    for path, page in pages(client).items():
        for form in Forms(page).found:
            far = [dict.fromkeys(form.days, day) for day in FAR[:2] if form.days]
            far += [dict.fromkeys(form.months, month) for month in FAR_MONTHS[:2] if form.months]
            for days in far:
                send = client.post if form.method == "post" else client.get
                answer = send(form.action or path, form.values | days)
                asked += 1
                if answer.status_code >= 500:
                    failed[path, form.action, str(days)] = answer.status_code
    assert failed == {}
    assert asked > 20


@pytest.mark.parametrize("day", FAR)
@pytest.mark.parametrize(
    "path",
    [
        "desk/bookings/?day={}",
        "desk/bookings/new/?service=ZOP&day={}",
        "desk/bookings/list?day={}",
        "desk/bookings/arrivals?day={}",
        "admin/day.xlsx?day={}",
        "admin/statistics/?first={}&last={}",
        "admin/statistics/waits.csv?first={}&last={}",
        "admin/audit?since={}&until={}",
        "admin/audit.csv?since={}&until={}",
        "admin/report/?month={}",
        "admin/misunderstood/?month={}",
        "admin/what-if/?first={}&month={}",
        "book/ZOP/?day={}",
        "book/ZOP/?week={}",
    ],
)
def test_an_address_with_such_a_day_does_not_fail(signed_in: SignedIn, office: Office, path: str, day: str) -> None:
    client = signed_in(OPERATOR)
    client.raise_request_exception = False
    assert client.get(f"/demo/{path.replace('{}', day)}").status_code < 500


def test_citizens_do_not_make_it_fail_either(client: Client, office: Office) -> None:
    client.raise_request_exception = False
    for day in FAR:
        for path in (
            f"/api/v1/offices/demo/slots?service=ZOP&date={day}",
            f"/demo/book/ZOP/{day}/09-00/",
            f"/api/v1/offices/demo/free-days?service=ZOP&first={day}&last={day}",
        ):
            assert client.get(path).status_code < 500, path
        form = {"code": "123456", "day": day, "new_day": day, "at": "09:00", "key": ""}
        for path in ("/demo/cancel/", "/demo/move/"):
            assert client.post(path, form).status_code < 500, (path, day)
