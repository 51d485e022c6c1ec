"""Behind a proxy that ends HTTPS, a program that was not told so refuses every form: the log names the setting."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from structlog.testing import capture_logs

from prepazka.web import clock, errors, untold_https
from tests.web.conftest import NOW

pytestmark = pytest.mark.usefixtures("office")
HOST = "objednani.vlkov.example"
FORM = "/account/sign-in"


@pytest.fixture(autouse=True)
def one_host(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ALLOWED_HOSTS = [HOST]
    monkeypatch.setattr(errors, "untold_https", untold_https.UntoldHttps())


def told_of_a_form(origin: str) -> list[str]:
    """What the log says of a form of a page at this origin, which is refused."""
    client = Client(enforce_csrf_checks=True)
    with capture_logs() as logs:
        client.get(FORM, headers={"Host": HOST})
        token = client.cookies["csrftoken"].value
        form = {"login": "dvorakova", "password": "heslo", "csrfmiddlewaretoken": token}
        answer = client.post(FORM, form, headers={"Host": HOST, "Origin": origin})
    assert answer.status_code == 403
    return [line["fix"] for line in logs if line["event"] == "every form sent over HTTPS is refused"]


def test_the_log_names_the_setting_once_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    for later, times in ((0, 1), (59, 0), (61, 1)):
        monkeypatch.setattr(clock, "now", lambda later=later: NOW + timedelta(minutes=later))
        found = told_of_a_form(f"https://{HOST}")
        assert (len(found), all("PREPAZKA_HTTPS=true" in fix for fix in found)) == (times, True)


@pytest.mark.parametrize("origin", ["https://jinde.example", f"http://jinde.{HOST}", "null"])
def test_a_form_of_another_page_is_just_refused(origin: str) -> None:
    assert told_of_a_form(origin) == []


def test_a_program_that_was_told_has_nothing_to_say(settings: Any) -> None:
    settings.HTTPS = True
    assert told_of_a_form("https://jinde.example") == []
