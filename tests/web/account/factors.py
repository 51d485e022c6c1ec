"""Second factors for tests: an application on a telephone whose clock stands, and the steps of enrolling."""

import re
from types import SimpleNamespace

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

SIGN_IN, CODE, SECOND_STEP = "/account/sign-in", "/account/sign-in/code", "/account/second-step"


class Phone:
    """An application that shows codes; `at` is the time of the telephone and of the server, in seconds since 1970."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at, self.secret = 1_785_000_000, ""
        monkeypatch.setattr(totp, "time", SimpleNamespace(time=lambda: self.at))

    def code(self, *, later: int = 0) -> str:
        """The code it shows, or will show so many seconds later."""
        return str(totp.format_hotp_value(totp.hotp_value(self.secret, (self.at + later) // 30)))

    def wait(self) -> None:
        """Let the time of one code pass."""
        self.at += 30

    def enrol(self, client: Client) -> list[str]:
        """Enrol by the pages, and return the recovery codes."""
        page = client.get(f"{SECOND_STEP}/app").content.decode()
        [self.secret] = re.findall(r'<code id="secret">([A-Z2-7]+)</code>', page)
        done = client.post(f"{SECOND_STEP}/app", {"code": self.code()})
        assert done.status_code == 302, done.content.decode()
        shown = client.get(done.headers["Location"]).content.decode()
        self.wait()
        return re.findall(r"<li><code>(\d{8})</code></li>", shown)


@pytest.fixture
def phone(monkeypatch: pytest.MonkeyPatch) -> Phone:
    return Phone(monkeypatch)


def give_password(client: Client, name: str, password: str) -> str:
    """Type name and password; return where that leads."""
    return client.post(SIGN_IN, {"login": name, "password": password}).headers.get("Location", "")


def give_code(client: Client, code: str) -> str:
    """Type a code after the password; return where that leads, "" when it was refused."""
    return client.post(CODE, {"code": code}).headers.get("Location", "")
