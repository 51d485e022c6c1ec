"""The audit trail in people's words, with its filter and its file; a second office's entries are in none of them."""

import ast
import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

import prepazka
from prepazka.core.office.office import Office
from prepazka.store import accounts, log, models, offices
from prepazka.store.models import User
from prepazka.web import audit_sentences as sentences
from prepazka.web.audit_words import KINDS, format_details, format_entry
from prepazka.web.labels import AUDIT
from tests.web.admin.test_words import text_of
from tests.web.conftest import NOW
from tests.web.staff import SignedIn

SOURCE = Path(prepazka.__file__).parent
TRAIL, FILE = "/demo/admin/audit", "/demo/admin/audit.csv"


@pytest.fixture
def client(signed_in: SignedIn, office: Office, officials: dict[str, User]) -> Client:
    """A manager, and what two people did on two days, in this office and in another."""
    accounts.rename(officials["administrator"], "Jana Nováková")
    accounts.rename(officials["clerk"], "Eva Dvořáková")
    first = replace(office.agendas[0], rules=office.agendas[0].rules[1:], title="Průkazy")
    settings = replace(office.settings, inbox=True, voice="cs_en", languages=("cs",))
    counters = (replace(office.counters[0], arrow="left"), *office.counters[1:])
    changed = replace(office, agendas=(first, *office.agendas[1:]), settings=settings, counters=counters)
    offices.keep(changed, NOW - timedelta(days=3), "administrator")
    log.note(office.id, NOW, "manager", "counter closed", counter="Přepážka 2", clerk="clerk")
    log.note(office.id, NOW, "manager", "bookings called off", reason="malování", bookings=[7, 8, 9], told=2)
    log.note(offices.find("other"), NOW, "foreign", "counter closed", counter="Cizí přepážka")
    log.note(None, NOW, "operator", "gateway created", gateway="tajny-modem")
    return signed_in("manager")


def entries(client: Client, **asked: str) -> str:
    page = text_of(client.get(TRAIL, asked).content)
    return page[page.index("<table") : page.index("</table>")] if "<table" in page else ""


def rows(client: Client, **asked: str) -> list[dict[str, str]]:
    answer = client.get(FILE, asked)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = answer.content.decode("utf-8-sig").replace("\xa0", " ")
    return list(csv.DictReader(StringIO(text), delimiter=";"))


def test_entries_are_in_words(client: Client) -> None:
    page = entries(client)
    for words in (
        "Jana Nováková",
        "Agenda Průkazy: hodiny",
        "pondělí 8:00–17:00, přestávka 11:30–12:30, po 15 min, 2 najednou",
        "Úředníci odpovídají na zprávy, kterým program nerozumí",
        "<del>ne</del> → <ins>ano</ins>",
        "<del>vypnutý</del> → <ins>česky a anglicky</ins>",
        "<ins>čeština</ins>",
        "<ins>vlevo</ins>",
        "Přepážka 2: zavřeno, úředník: Eva Dvořáková (clerk)",
        "Objednávky zrušené úřadem: 3, důvod: malování, posláno zpráv: 2",
    ):
        assert words in page, words
    for code in ("mon", "True", "False", "cs_en", "doklady", "/15 min"):
        assert code not in page, code


def test_in_english_they_are_english(client: Client) -> None:
    client.cookies["language"] = "en"
    page = entries(client)
    assert "Monday 8:00–17:00, break 11:30–12:30, every 15 min, 2 at once" in page
    assert "Bookings called off by the office: 3, reason: malování" in page
    assert "pondělí" not in page


@pytest.mark.parametrize(
    ("asked", "there", "not_there"),
    [
        ({"who": "manager"}, "Přepážka 2", "Nastavení změněno"),
        ({"who": "administrator"}, "Nastavení změněno", "Přepážka 2"),
        ({"what": "bookings called off"}, "malování", "Přepážka 2"),
        ({"since": "2026-08-03"}, "Přepážka 2", "Nastavení změněno"),
        ({"until": "2026-08-02"}, "Nastavení změněno", "malování"),
        ({"since": "2026-07-31", "until": "2026-07-31", "who": "administrator"}, "Nastavení změněno", "malování"),
    ],
)
def test_the_filter_leaves_what_is_asked_for(client: Client, asked: dict[str, str], there: str, not_there: str) -> None:
    page = entries(client, **asked)
    assert (there in page, not_there in page) == (True, False)
    told = str(rows(client, **asked))
    assert (there in told, not_there in told) == (True, False)


def test_a_day_is_the_offices_own(client: Client, office: Office) -> None:
    """Half past eleven at night in UTC is the next day in Prague."""
    log.note(office.id, datetime(2026, 7, 9, 23, 30, tzinfo=UTC), "manager", "tickets stopped", agenda="Evidence")
    assert "Výdej lístků" in entries(client, since="2026-07-10", until="2026-07-10")
    assert entries(client, until="2026-07-09") == ""


@pytest.mark.parametrize(
    "asked",
    [
        {"who": "foreign"},
        {"what": "no such act"},
        {"since": "včera"},
        {"since": "2026-08-05", "until": "2026-08-01"},
        {"before": "nonsense,1"},
        {"who": "x" * 500},
    ],
)
def test_a_wrong_filter_is_told_and_shows_no_other_office(client: Client, asked: dict[str, str]) -> None:
    answer = client.get(TRAIL, asked)
    assert answer.status_code == 200
    assert "Cizí přepážka" not in text_of(answer.content)
    if "before" not in asked:
        assert 'class="notice bad"' in answer.content.decode()
    assert client.get(FILE, asked).status_code == 200


def test_nothing_of_another_office_or_of_none_is_shown_or_saved(client: Client) -> None:
    page, told = text_of(client.get(TRAIL).content), str(rows(client))
    for foreign in ("Cizí přepážka", "tajny-modem", "foreign"):
        assert foreign not in page
        assert foreign not in told
    assert client.get("/other/admin/audit.csv").status_code == 404


def test_who_is_no_manager_saves_nothing(signed_in: SignedIn, office: Office) -> None:
    assert signed_in("clerk").get(FILE).status_code == 403
    assert signed_in("officer").get(FILE).status_code == 403
    assert signed_in("foreign").get(FILE).status_code == 404


def test_the_file_has_a_row_for_each_value(client: Client) -> None:
    changed = [row for row in rows(client) if row["Čeho se změna týká"]]
    voice = next(row for row in changed if row["Čeho se změna týká"] == "Hlas po gongu")
    assert voice == {
        "Kdy": "2026-07-31 09:00",
        "Kdo": "Jana Nováková",
        "Účet": "administrator",
        "Co": "Nastavení změněno",
        "Podrobnosti": "",
        "Čeho se změna týká": "Hlas po gongu",
        "Dosud": "vypnutý",
        "Nově": "česky a anglicky",
    }


@pytest.mark.parametrize("evil", ["=1+1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")'])
def test_no_cell_is_a_formula(client: Client, office: Office, evil: str) -> None:
    log.note(office.id, NOW, evil, "slide added", text=evil)
    models.Audit.objects.create(
        office_id=office.id, at=NOW, who="manager", what=evil, details={"changes": [["office.name", evil, evil]]}
    )
    cells = [cell for row in rows(client) for cell in row.values()]
    assert evil not in cells
    assert f"'{evil}" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_the_filter_stays_on_the_next_page(client: Client, office: Office) -> None:
    for minute in range(60):
        log.note(office.id, NOW + timedelta(minutes=minute), "clerk", "tickets stopped", agenda=f"č. {minute}")
    page = client.get(TRAIL, {"who": "clerk"}).content.decode()
    links = [part.partition('"')[0].replace("&amp;", "&") for part in page.split('href="')[1:]]
    link = next(one for one in links if "before=" in one)
    older = text_of(client.get(TRAIL + link).content)
    assert "č. 0" in older
    assert "Nastavení změněno" not in older[older.index("<table") :]


def test_the_number_of_queries_does_not_grow_with_the_entries(
    client: Client, office: Office, django_assert_max_num_queries: object
) -> None:
    client.get(FILE)
    for minute in range(40):
        log.note(office.id, NOW, f"user{minute}", "tickets stopped", agenda="x")
    with django_assert_max_num_queries(25):  # type: ignore[operator]  # pytest-django's
        assert len(rows(client)) > 40


# --- every entry ---------------------------------------------------------------------------------

_SAMPLES = {
    "user": "novakova", "clerk": "novakova", "from": "clerk", "to": "manager", "day": "2026-08-03", "count": 4,
    "archive": "praha.zip", "kind": "totp", "gateway": "modem", "number": "+420739547765", "message": 12,
    "bookings": [7, 8], "counter": "Matrika – kancelář 12", "agenda": "Evidence", "kiosk": "hala", "text": "Vítejte",
    "piece": "counter 2", "office": "praha", "language": "en", "rows": 9,
}  # fmt: skip


@pytest.mark.parametrize("language", ["cs", "en"])
def test_every_sentence_says_each_thing_once(language: str) -> None:
    """No label stands behind a sentence or a title that has said it: not "Účet založen: účet: novakova"."""
    for what in sentences.SENTENCES:
        details = {name: _SAMPLES[name] for name in sentences.named(what)}
        with translation.override(language):
            said = format_entry(what, details, {"novakova": "Jana Nováková"})
            told = format_details(what, details, {"novakova": "Jana Nováková"})
        assert "{" not in said, what
        assert said.count("Jana Nováková (novakova)") == ("user" in details), said
        assert ":" not in told.replace("counter:", ""), told


@pytest.mark.parametrize("details", [{}, {"user": ""}, {"user": None}])
def test_an_entry_without_what_its_sentence_names_has_its_title(details: dict[str, object]) -> None:
    assert format_entry("account opened", details, {}) == "Účet založen"


def test_every_entry_that_is_written_has_a_title() -> None:
    """Whatever is written to the trail is told in people's words, not as the program names it."""
    written = {what for path in _modules() for what in _written(ast.parse(path.read_text()))}
    assert {"account opened", "office moved in", "restored from a backup", "first operator's link made"} <= written
    assert sorted(written - {*AUDIT, *KINDS}) == []
    assert sorted({*sentences.SENTENCES} - {*AUDIT}) == []


def _modules() -> list[Path]:
    """Return all modules but those of `prepazka check`, which gives findings and writes nothing."""
    checks = ("checks.py", "start_checks.py", "availability.py", "text_checks.py")
    return [path for path in sorted(SOURCE.rglob("*.py")) if path.name not in checks]


_WRITES = {"note", "_note", "note_change", "_audit", "finish", "create"}


def _written(tree: ast.AST) -> Iterator[str]:
    """Yield the words of entries in a module: where one is written, or kept in a name to be written."""
    for node in ast.walk(tree):
        values: list[ast.expr] = []
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            on = ast.unparse(node.func)
            if called in _WRITES and not on.startswith(("register.", "kiosks.", "idempotency.", "undoing.", "ledger.")):
                values = [*node.args, *(word.value for word in node.keywords if word.arg == "what")]
        elif isinstance(node, ast.Assign) and {ast.unparse(one) for one in node.targets} & {"what", "said"}:
            values = [node.value]
        for value in values:
            found = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
            yield from (
                one.value for one in found if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value
            )
