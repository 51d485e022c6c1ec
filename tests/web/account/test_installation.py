"""The operator's first page names what is to be mended on the server; nobody else's does."""

from pathlib import Path
from typing import Any

import pytest

from prepazka.flows.health import machine
from prepazka.store import marks
from tests.web.conftest import NOW
from tests.web.staff import OPERATOR, SignedIn


@pytest.fixture
def faulty(settings: Any, monkeypatch: pytest.MonkeyPatch, officials: object) -> None:
    settings.UNKNOWN_SETTINGS = ["PREPAZKA_PROXY is no setting; did you mean PREPAZKA_PROXIES?"]
    marks.put_host("rezervace.hlinsko.example", NOW)
    space = machine.Space(Path("/srv/prepazka"), 123 * 1024**2)
    monkeypatch.setattr(machine, "spaces", lambda: [space])


@pytest.mark.usefixtures("faulty")
def test_the_operator_reads_what_to_mend(signed_in: SignedIn) -> None:
    page = signed_in(OPERATOR).get("/account/").content.decode()
    assert "Co na serveru opravit" in page
    for named in ("PREPAZKA_PROXY", "rezervace.hlinsko.example", "123 MB", "/srv/prepazka"):
        assert named in page, named


@pytest.mark.usefixtures("faulty")
@pytest.mark.parametrize("role", ["clerk", "administrator"])
def test_the_officials_of_an_office_do_not(signed_in: SignedIn, role: str) -> None:
    page = signed_in(role).get("/account/").content.decode()
    assert "opravit" not in page
    assert "PREPAZKA_PROXY" not in page


def test_a_server_without_faults_says_nothing(
    signed_in: SignedIn, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.UNKNOWN_SETTINGS = []
    monkeypatch.setattr(machine, "spaces", list)
    assert "Co na serveru opravit" not in signed_in(OPERATOR).get("/account/").content.decode()
