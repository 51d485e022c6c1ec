"""What people wrote that the office did not understand: which words are shown, and one press that teaches one."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from prepazka.core.office.office import Office
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.sms.understand.repairs import REPAIRS
from prepazka.store import models, offices
from prepazka.store.misunderstandings import WrittenText
from prepazka.web import repair_titles
from prepazka.web.admin.misunderstood import unknown
from tests.offices import demo_office
from tests.web.conftest import NOW, NUMBER
from tests.web.staff import SignedIn

PAGE = "/demo/admin/misunderstood/"


@pytest.fixture
def manager(signed_in: SignedIn) -> Client:
    return signed_in("manager")


def wrote(*texts: str, since: timedelta = timedelta()) -> None:
    """Each text comes from a number of its own."""
    first = models.Inbound.objects.count()
    messages = [
        Inbound("test", f"m{first + n}", f"+4206020{first + n:05d}", NUMBER, text) for n, text in enumerate(texts)
    ]
    receive(messages, NOW - since)


def said(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode().replace("\xa0", " "))


def told(*texts: str, sender: str = "") -> list[tuple[str, int, str]]:
    written = [WrittenText(sender or f"+420602{n}", text) for n, text in enumerate(texts)]
    return [(one.words, one.messages, one.guess) for one in unknown(written, demo_office())]


# --- which words -------------------------------------------------------------------------------


def test_only_what_several_people_wrote_is_shown() -> None:
    assert told("obcance", "ridicak") == []
    assert told("obcance", "obcance", sender="+420602000001") == []
    assert told("Občance na pondělí", "obcance v zitra", "ridicak") == [("obcance", 2, "ZOP")]


def test_no_number_and_no_name_is_shown() -> None:
    text = "OBJ obcance 10.8. 14:00 Nováková 777123456 850101/1234"
    assert told(text, text) == [("obcance", 2, "ZOP")]


def test_words_that_only_come_together_stand_as_one() -> None:
    assert told("ridicsky prukazek", "ridicsky prukazek", "prukazek") == [
        ("prukazek", 3, "ZOP"),
        ("ridicsky prukazek", 2, "ZOP"),
    ]


def test_the_most_frequent_comes_first() -> None:
    assert [one[0] for one in told("ridicak", "ridicak obcance", "obcance ridicak")] == ["ridicak", "obcance"]


# --- the page ----------------------------------------------------------------------------------


def test_the_page_counts_a_month_and_the_one_before(manager: Client, office: Office) -> None:
    wrote("obcance na pondeli", "obcance zitra", "POMOC", "POMOC")
    wrote("POMOC", "POMOC", "POMOC", "obcance", since=timedelta(days=5))
    page = said(manager.get(PAGE))
    assert "srpen 2026" in page
    assert "nerozuměli: 2, to je 50,0 % všech" in page
    assert "Měsíc předtím to bylo 25,0 %." in page
    assert "2 zprávy, 2 lidé" in page
    assert "?month=2026-07" in page
    assert "Další měsíc" not in page
    july = said(manager.get(f"{PAGE}?month=2026-07"))
    assert "červenec 2026" in july
    assert "?month=2026-08" in july
    assert "Žádné neznámé slovo" in july


@pytest.mark.parametrize("month", ["", "x", "2026-13", "2027-01", "0001-01", "2026-08-01", "9999-12"])
def test_a_month_that_is_none_is_this_one(manager: Client, office: Office, month: str) -> None:
    assert "srpen 2026" in said(manager.get(PAGE, {"month": month}))


def test_what_is_erased_is_counted_and_said(manager: Client, office: Office) -> None:
    wrote("obcance", "obcance")
    models.Inbound.objects.update(text="", text_key="", sender="")
    page = said(manager.get(PAGE))
    assert "nerozuměli: 2" in page
    assert "Z už smazaných zpráv slova nezjistíme: 2." in page


def test_repairs_are_counted(manager: Client, office: Office) -> None:
    wrote("POMOC", "POMOC")
    models.Inbound.objects.update(repairs="courtesy")
    row = r"Oslovení, prosba nebo podpis<br><span [^>]*>[^<]*OBJ [^<]*</span></th><td[^>]*>2</td><td[^>]*>2</td>"
    assert re.search(row, said(manager.get(PAGE)))


def test_every_repair_has_a_title() -> None:
    assert repair_titles.TITLES.keys() == {repair.name for repair in REPAIRS}
    for name in ("about", "after", "cancel_wish", "opening"):  # what is read by no repair of the table
        assert repair_titles.repair_title(name) != name


def test_a_repair_of_an_older_version_is_still_counted(manager: Client, office: Office) -> None:
    wrote("POMOC")
    models.Inbound.objects.update(repairs="long_gone")
    assert "long_gone" in said(manager.get(PAGE))


def test_more_messages_cost_no_more_queries(manager: Client, office: Office) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            manager.get(PAGE)
        return len(asked)

    wrote("obcance", "obcance")
    before = queries()
    wrote("ridicak", "ridicak", "ridicsky prukazek", "ridicsky prukazek", "obcance")
    assert queries() == before


# --- teaching a word ---------------------------------------------------------------------------


def teach(client: Client, words: str, service: str = "ZOP") -> Any:
    return client.post(f"{PAGE}synonym", {"words": words, "service": service, "month": "2026-08"})


def synonyms(code: str = "ZOP") -> tuple[str, ...]:
    return offices.load(offices.find("demo") or 0).service_of[code].synonyms


def test_one_press_makes_a_word_a_synonym(manager: Client, office: Office) -> None:
    wrote("obcance", "obcance")
    for _ in range(2):
        answer = teach(manager, "obcance")
        assert answer.headers["Location"] == f"{PAGE}?month=2026-08&added=obcance&service=ZOP"
    assert synonyms()[-1] == "obcance"
    assert synonyms().count("obcance") == 1
    page = said(manager.get(answer.headers["Location"]))
    assert "teď lidé mohou psát i „obcance“." in page
    assert "Žádné neznámé slovo" in page
    trail = said(manager.get("/demo/admin/audit"))
    assert "jiná slova" in trail


def test_an_address_alone_says_of_no_word_that_it_was_added(manager: Client, office: Office) -> None:
    for query in ("added=kolek&service=ZOP", "added=kolek&service=XXX", "added=kolek"):
        assert "teď lidé mohou psát" not in said(manager.get(f"{PAGE}?month=2026-08&{query}"))


def test_two_words_are_one_synonym(manager: Client, office: Office) -> None:
    teach(manager, "ridicsky prukazek", "PTP")
    assert "ridicsky prukazek" in synonyms("PTP")


def test_a_word_of_another_service_is_refused(manager: Client, office: Office) -> None:
    teach(manager, "obcance")
    answer = teach(manager, "OBČANCE", "POP")
    assert answer.status_code == 200
    assert "už má jiná činnost" in said(answer)
    assert synonyms("POP") == office.service_of["POP"].synonyms


@pytest.mark.parametrize(
    ("words", "why"), [("storno", "povel"), ("pondeli", "znamená ve zprávách den"), ("PCD", "zkratka činnosti")]
)
def test_a_word_that_means_something_else_is_refused(manager: Client, office: Office, words: str, why: str) -> None:
    assert why in said(teach(manager, words))
    assert synonyms() == office.service_of["ZOP"].synonyms


@pytest.mark.parametrize("words", ["", "???", "1a", "x" * 31])
def test_what_is_no_word_is_refused(manager: Client, office: Office, words: str) -> None:
    assert teach(manager, words).status_code == 200
    assert synonyms() == office.service_of["ZOP"].synonyms


def test_a_service_that_is_not_there_is_not_taught(manager: Client, office: Office) -> None:
    assert teach(manager, "obcance", "XXX").status_code == 404


def test_what_else_a_service_has_stays(manager: Client, office: Office) -> None:
    zop = replace(office.services[0], synonyms=("op",), bring={"cs": "Občanský průkaz."})
    offices.keep(replace(office, services=(zop, *office.services[1:])), NOW)
    teach(manager, "obcance")
    kept = offices.load(office.id).service_of["ZOP"]
    assert (kept.synonyms, kept.bring) == (("op", "obcance"), {"cs": "Občanský průkaz."})


def test_a_clerk_sees_and_teaches_nothing(signed_in: SignedIn, office: Office) -> None:
    clerk = signed_in("clerk")
    assert clerk.get(PAGE).status_code == 403
    assert teach(clerk, "obcance").status_code == 403
    assert synonyms() == office.service_of["ZOP"].synonyms
