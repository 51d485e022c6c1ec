"""The language of a page: Czech until another is chosen, the same on every page, and every text translated."""

import subprocess
import sys
from datetime import date, time
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from prepazka.core.office.office import Office
from prepazka.web import wording

ROOT = Path(__file__).parents[2]


def test_every_text_of_the_pages_is_translated_and_compiled() -> None:
    checked = subprocess.run(
        [sys.executable, ROOT / "scripts/messages", "--check"], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


def test_pages_are_czech_whatever_the_browser_prefers(office: Office, client: Client) -> None:
    page = client.get("/demo/", headers={"Accept-Language": "en"})
    assert '<html lang="cs">' in page.content.decode()
    assert page.headers["Content-Language"] == "cs"
    assert "Cookie" in page.headers["Vary"]


def test_a_chosen_language_is_kept(office: Office, client: Client) -> None:
    chosen = client.get("/demo/book/ZOP/?week=2026-08-10&language=en")
    assert (chosen.status_code, chosen.headers["Location"]) == (302, "/demo/book/ZOP/?week=2026-08-10")
    assert "no-store" in chosen.headers["Cache-Control"]
    page = client.get("/demo/").content.decode()
    assert '<html lang="en">' in page
    assert "Booking by SMS" in page
    client.get("/demo/?language=cs")
    assert "Objednání přes SMS" in client.get("/demo/").content.decode()


def test_a_language_we_do_not_speak_changes_nothing(office: Office, client: Client) -> None:
    client.cookies["language"] = "xx"
    page = client.get("/demo/?language=de")
    assert page.status_code == 200
    assert '<html lang="cs">' in page.content.decode()


def test_choosing_a_language_leads_to_no_other_server(office: Office, client: Client) -> None:
    answer = client.get("/?language=en", PATH_INFO="//elsewhere.example/")
    assert answer.headers["Location"] == "/elsewhere.example/"


def test_the_link_keeps_the_address_and_after_a_form_leads_to_its_page(office: Office, client: Client) -> None:
    assert 'href="/demo/book/ZOP/?week=2026-08-10&amp;language=en"' in (
        client.get("/demo/book/ZOP/?week=2026-08-10").content.decode()
    )
    answer = client.post(
        "/phone/demo/number", {"number": ""}, headers={"Referer": "http://testserver/phone/demo/?text=POMOC"}
    )
    assert 'href="/phone/demo/?text=POMOC&amp;language=en"' in answer.content.decode()


def test_mistakes_in_forms_are_reported_in_the_language_of_the_page(office: Office, client: Client) -> None:
    client.cookies["language"] = "en"
    answer = client.post("/demo/cancel/", {})
    assert "Enter the code from the confirmation text." in answer.content.decode()


def test_errors_are_reported_in_the_language_of_the_page(office: Office, client: Client) -> None:
    client.cookies["language"] = "en"
    assert "Page not found" in client.get("/nowhere/").content.decode()


def test_one_visitors_language_is_not_the_next_ones(office: Office, client: Client) -> None:
    client.get("/demo/?language=en")
    client.get("/demo/")
    assert translation.get_language() == "cs"
    assert "Objednání přes SMS" in Client().get("/demo/").content.decode()


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("cs", ["pondělí\u00a010.\u00a08.\u00a02026", "1\u00a0objednávku", "3\u00a0dny", "2\u00a0hodiny", "A a B"]),
        ("en", ["Monday\u00a010\u00a0August\u00a02026", "1\u00a0booking", "3\u00a0days", "2\u00a0hours", "A and B"]),
    ],
)
def test_dates_and_counts_are_written_as_the_language_does(language: str, expected: list[str]) -> None:
    with translation.override(language):
        assert expected == [
            wording.format_day(date(2026, 8, 10)),
            wording.format_booking_count(1),
            wording.format_day_count(3),
            wording.format_duration(120),
            wording.join_words(["A", "B"]),
        ]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (time(1), "v 1:00"),
        (time(2), "ve 2:00"),
        (time(4, 30), "ve 4:30"),
        (time(8), "v 8:00"),
        (time(11), "v 11:00"),
        (time(12), "ve 12:00"),
        (time(14, 15), "ve 14:15"),
        (time(15), "v 15:00"),
        (time(19), "v 19:00"),
        (time(20), "ve 20:00"),
    ],
)
def test_the_preposition_before_a_time_is_the_spoken_one(at: time, expected: str) -> None:
    assert wording.format_at_time(at).replace("\u00a0", " ") == expected


@pytest.mark.parametrize(
    ("day", "on", "until"),
    [
        (date(2026, 8, 10), "v pondělí 10. 8. 2026", "na pondělí 10. 8. 2026"),
        (date(2026, 8, 12), "ve středu 12. 8. 2026", "na středu 12. 8. 2026"),
        (date(2026, 8, 15), "v sobotu 15. 8. 2026", "na sobotu 15. 8. 2026"),
        (date(2026, 8, 16), "v neděli 16. 8. 2026", "na neděli 16. 8. 2026"),
    ],
)
def test_a_day_stands_in_its_case(day: date, on: str, until: str) -> None:
    assert wording.format_on_day(day).replace("\u00a0", " ") == on
    assert wording.format_for_day(day).replace("\u00a0", " ") == until


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(1, "1 minuty"), (2, "2 minut"), (15, "15 minut"), (60, "1 hodiny"), (120, "2 hodin"), (300, "5 hodin")],
)
def test_a_duration_behind_do_is_in_the_genitive(minutes: int, expected: str) -> None:
    assert wording.format_until(minutes).replace("\u00a0", " ") == expected
