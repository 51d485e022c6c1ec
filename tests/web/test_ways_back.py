"""Pages of errors: in the looks of who sees them, with a way back that fits, also where there is no database."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from prepazka.core.office.office import Office
from prepazka.store import offices
from tests.web.conftest import NOW
from tests.web.staff import FOREIGN, OPERATOR, SignedIn

MENU = '<nav aria-label="Hlavní">'


def shown(client: Client, path: str, status: int, **more: Any) -> str:
    client.raise_request_exception = False
    answer = client.get(path, **more)
    assert answer.status_code == status
    return answer.content.decode()


@pytest.mark.parametrize(
    ("who", "path", "back"),
    [
        ("clerk", "/demo/desk/nonsense/", '<a href="/demo/desk/">Zpět na přepážku</a>'),
        ("manager", "/demo/nonsense/", '<a href="/demo/admin/hall/">Zpět do správy úřadu</a>'),
        ("administrator", "/demo/admin/nonsense/", '<a href="/demo/admin/">Zpět do správy úřadu</a>'),
        ("administrator", "/demo/desk/bookings/999983", '<a href="/demo/desk/">Zpět na přepážku</a>'),
        (OPERATOR, "/demo/admin/agendas/lesy", '<a href="/demo/admin/">Zpět do správy úřadu</a>'),
    ],
)
def test_an_official_keeps_the_menu_of_the_office(signed_in: SignedIn, who: str, path: str, back: str) -> None:
    page = shown(signed_in(who), path, 404)
    assert MENU in page
    assert back in page
    assert "Odhlásit" in page


def test_a_refused_page_leads_to_where_its_reader_works(signed_in: SignedIn) -> None:
    page = shown(signed_in("clerk"), "/demo/admin/agendas/", 403)
    assert MENU in page
    assert '<a href="/demo/desk/">Zpět na přepážku</a>' in page


@pytest.mark.parametrize("path", ["/demo/desk/", "/nikde/desk/", "/nikde/"])
def test_of_an_office_that_is_not_theirs_nothing_is_said(signed_in: SignedIn, path: str) -> None:
    page = shown(signed_in(FOREIGN), path, 404)
    assert '<a href="/account/">Zpět na váš účet</a>' in page
    assert "Městský úřad" not in page


@pytest.mark.parametrize(
    ("path", "back"),
    [
        ("/demo/nonsense/", '<a href="/demo/">Na stránku úřadu</a>'),
        ("/demo/XYZ/book/", '<a href="/demo/">Na stránku úřadu</a>'),
        ("/demo/admin/nonsense/", '<a href="/account/sign-in">Přihlásit se</a>'),
        ("/nikde/", '<a href="/">Přejít na úvodní stránku</a>'),
        ("/account/nonsense", '<a href="/account/sign-in">Přihlásit se</a>'),
    ],
)
def test_a_citizen_gets_back_to_the_office(office: Office, client: Client, path: str, back: str) -> None:
    page = shown(client, path, 404)
    assert back in page
    assert (MENU in page) is path.startswith("/demo/")


def test_an_office_that_is_not_public_is_not_named(office: Office, client: Client) -> None:
    settings = replace(office.settings, public_unfinished=False)
    offices.keep(replace(office, slug="lhota", name="Lhota", numbers=(), counters=(), settings=settings), NOW)
    page = shown(client, "/lhota/nonsense/", 404)
    assert '<a href="/">Přejít na úvodní stránku</a>' in page
    assert "Lhota" not in page


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], None]:
    """Let every page of an office fail, and the database be away for what is asked afterwards."""

    def faulty(error: Exception) -> None:
        def fail(*_args: Any, **_kwargs: Any) -> Any:
            raise error

        for name in ("find", "names"):
            monkeypatch.setattr(offices, name, fail)

    return faulty


@pytest.mark.parametrize("error", [OperationalError("gone"), RuntimeError("a fault")])
@pytest.mark.parametrize(
    ("path", "back"),
    [
        ("/demo/", None),
        ("/demo/book/", '<a href="/demo/">Na stránku úřadu</a>'),
        ("/", None),
    ],
)
def test_a_fault_offers_the_page_again_and_needs_no_database(
    office: Office, client: Client, faulty: Callable[[Exception], None], error: Exception, path: str, back: str | None
) -> None:
    faulty(error)
    page = shown(client, f"{path}?day=2026-08-05", 503 if isinstance(error, OperationalError) else 500)
    assert f'<a class="button" href="{path}?day=2026-08-05">Zkusit znovu</a>' in page
    assert (back in page) if back else "<p><a href" not in page


def test_a_fault_at_the_desk_leads_to_the_desk(
    office: Office, signed_in: SignedIn, faulty: Callable[[Exception], None]
) -> None:
    clerk = signed_in("clerk")
    faulty(RuntimeError("a fault"))
    page = shown(clerk, "/demo/desk/bookings/", 500)
    assert '<a href="/demo/desk/">Zpět na přepážku</a>' in page
    assert "zprávou SMS" not in page
    assert "zprávou SMS" in shown(Client(), "/demo/book/", 500)


# docs/spec/counters.md §8: "A page of errors of the office on a kiosk or a screen begins anew by itself"
@pytest.mark.parametrize(("path", "home"), [("/demo/kiosk/code/", "/demo/kiosk/"), ("/demo/screen/", "/demo/screen/")])
def test_a_device_in_the_hall_begins_anew_by_itself(
    office: Office, client: Client, faulty: Callable[[Exception], None], path: str, home: str
) -> None:
    faulty(OperationalError("gone"))
    page = shown(client, path, 503)
    assert f'data-home="{home}" data-idle="20"' in page
    assert "kiosk.js" in page
    assert "prepazka check" not in page
    assert 'href="/"' not in page


def test_a_kiosks_page_that_is_not_there_leads_to_its_beginning(office: Office, client: Client) -> None:
    page = shown(client, "/demo/kiosk/ticket/nonsense", 404)
    assert '<a class="button large" href="/demo/kiosk/">Začít znovu</a>' in page
    assert 'href="/"' not in page


def test_a_host_that_is_not_answered_is_not_linked(office: Office, client: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["mesto.example"]
    page = shown(client, "/demo/", 400, headers={"host": "jinde.example"})
    assert "Na této adrese stránky úřadu nejsou" in page
    assert "<p><a href" not in page


@pytest.mark.parametrize("path", ["/%00/desk/", "/D%C3%ADlna/x/", f"/{'o' * 41}/x/", "/.env"])
def test_what_no_office_can_be_called_is_not_looked_for(
    transactional_db: None, client: Client, faulty: Callable[[Exception], None], path: str
) -> None:
    faulty(ValueError("A string literal cannot contain NUL (0x00) characters."))
    assert '<a href="/">Přejít na úvodní stránku</a>' in shown(client, path, 404)
