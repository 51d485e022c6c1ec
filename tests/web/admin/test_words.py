"""The office's own words in the administration: synonyms, what to bring, where it is, and how it answers."""

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from django.test import Client

from prepazka.core.office.office import Office, Service, Settings
from prepazka.sms import own_words
from prepazka.sms.languages import load
from prepazka.store import offices
from prepazka.web import office_errors
from tests.offices import demo_office
from tests.web.conftest import NOW
from tests.web.staff import SignedIn

RTP = "/demo/admin/services/RTP"
GOOD = {"title": "zrušení pobytu", "agenda": "evidence", "minutes": "20"}


@pytest.fixture
def client(signed_in: SignedIn) -> Client:
    return signed_in("administrator")


def seen(client: Client, path: str) -> str:
    """The digest a form was filled from, as the browser would send it back."""
    found = re.search(r'name="seen" value="(\w+)"', client.get(path).content.decode())
    assert found
    return found[1]


def text_of(page: bytes) -> str:
    """The page with every kind of space as a space."""
    return unescape(page.decode()).replace("\xa0", " ")


def post(client: Client, path: str, **fields: object) -> str:
    """Fill in the form at this address; where it leads, or else what the page tells."""
    answer = client.post(path, {"seen": seen(client, path), **fields})
    return answer.headers.get("Location", "") or text_of(answer.content)


def office(slug: str = "demo") -> Office:
    return offices.load(offices.find(slug) or 0)


def service(code: str = "RTP") -> Service:
    return office().service_of[code]


# --- synonyms and what to bring -----------------------------------------------------------------


def test_synonyms_and_what_to_bring_are_kept_as_written(client: Client) -> None:
    bring = {"bring.cs": "doklad\r\nkopii ", "bring.en": ""}
    assert post(client, RTP, **GOOD, synonyms=" Výmaz ,\nodstěhování z obce;", **bring).endswith("?done=saved")
    kept = service()
    assert (kept.title, kept.minutes, kept.agenda) == ("zrušení pobytu", 20, office().agendas[1].id)
    assert (kept.synonyms, kept.bring) == (("Výmaz", "odstěhování z obce"), {"cs": "doklad\nkopii"})
    page = unescape(client.get(RTP).content.decode())
    assert "Výmaz, odstěhování z obce" in page
    assert "doklad\nkopii" in page


def test_what_is_left_empty_is_taken_away(client: Client) -> None:
    fields = {"title": "pas", "agenda": "doklady", "minutes": "15", "synonyms": ""}
    assert post(client, "/demo/admin/services/ZCD", **fields).endswith("?done=saved")
    assert (service("ZCD").synonyms, service("ZCD").bring) == ((), {})


def test_what_to_bring_in_a_language_that_is_not_offered_stays(client: Client) -> None:
    demo = office()
    offices.keep(replace(demo, settings=replace(demo.settings, languages=("cs",))), NOW)
    page = client.get("/demo/admin/services/PCD").content.decode()
    assert "bring.cs" in page
    assert "bring.en" not in page
    fields = {"title": "pas", "agenda": "doklady", "minutes": "15", "bring.cs": "starý pas"}
    assert post(client, "/demo/admin/services/PCD", **fields).endswith("?done=saved")
    assert service("PCD").bring == {"cs": "starý pas", "en": "your ID card and current passport"}


def test_a_new_service_has_its_words_at_once(client: Client) -> None:
    new = {"code": "ryb", "title": "rybářský lístek", "agenda": "doklady", "minutes": "5"}
    assert post(client, "/demo/admin/services/new", **new, synonyms="kapr", **{"bring.en": "a fish"}).endswith("saved")
    assert (service("RYB").synonyms, service("RYB").bring) == (("kapr",), {"en": "a fish"})


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"synonyms": "kapr, zítra"}, "Slovo „zítra“ znamená ve zprávách den."),
        ({"synonyms": "zop"}, "Slovo „zop“ je zkratka činnosti."),
        ({"synonyms": "OBCANKA"}, "Slovo „OBCANKA“ už má jiná činnost"),
        ({"synonyms": "stav úřadu"}, "je ve zprávách povel, nebo jím začíná"),
        ({"synonyms": "říjen"}, "znamená ve zprávách čas"),
        ({"synonyms": "jméno"}, "zastupuje ve vzorech zpráv jiný údaj"),
        ({"synonyms": "kdo?"}, "Slova pište z písmen a číslic"),
        ({"synonyms": "x" * 31}, "může mít nejvýše 30 znaků"),
        ({"bring.cs": "x" * 301}, "nejvýše 300 znaků"),
    ],
)
def test_a_word_that_cannot_be_is_told_at_its_field(client: Client, fields: dict[str, str], told: str) -> None:
    before = office()
    page = post(client, RTP, **GOOD | fields)
    [name] = fields
    assert told in page[page.index(f'id="id_{name}_helptext"') : page.index(f'name="{name}"')]
    assert office() == before


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("FRONTA", "Zkratka FRONTA je ve zprávách povel."),
        ("ned", "Zkratka NED znamená ve zprávách den."),
        ("HOD", "Zkratka HOD stojí ve zprávách u dne nebo času."),
        ("DATE", "Zkratka DATE zastupuje ve vzorech zpráv jiný údaj."),
    ],
)
def test_a_code_that_means_something_else_is_refused(client: Client, code: str, told: str) -> None:
    assert told in post(client, "/demo/admin/services/new", **GOOD, code=code)


def test_an_old_code_keeps_nobody_from_changing_the_office(client: Client) -> None:
    demo = office()
    offices.keep(replace(demo, services=(*demo.services, Service(0, "STAV", "stavba", 30, demo.agendas[0].id))), NOW)
    assert post(client, RTP, **GOOD).endswith("?done=saved")


def test_every_problem_of_a_word_has_its_czech_words() -> None:
    text = Path(str(own_words.__file__)).read_text("utf-8")
    kinds = {f"{of}_{meaning}" for of in ("code", "synonym") for meaning in own_words._SAID}
    kinds |= set(re.findall(r'"(synonym_\w+|no_such_\w+)"', text)) - {"synonym_"}
    assert office_errors.WORD_PROBLEMS.keys() == kinds


# --- the usual words ----------------------------------------------------------------------------


def areas(page: str) -> list[tuple[str, str]]:
    """Each field of several lines with what it shows."""
    return re.findall(r'<textarea name="([\w.]+)"[^>]*>\s*(.*?)</textarea>', page, re.DOTALL)


def test_one_press_fills_in_the_usual_words_and_keeps_nothing_yet(client: Client) -> None:
    before = office()
    typed = GOOD | {"title": "řidičské průkazy", "synonyms": "papíry, RIDICAK", "bring.cs": "foto"}
    page = post(client, RTP, **typed, suggest="1")
    shown = dict(areas(page))
    assert shown["synonyms"] == "papíry, RIDICAK, řidičáku, řidičský průkaz, řidičský, ŘP"
    assert shown["bring.cs"] == "foto"
    assert 'value="řidičské průkazy"' in page
    assert 'role="alert"' not in page.replace('role="alert" hidden', "")
    assert office() == before
    assert post(client, RTP, **typed | {"synonyms": shown["synonyms"]}).endswith("?done=saved")
    assert service().synonyms[-1] == "ŘP"


def test_the_usual_words_of_a_new_service_are_those_of_its_title(client: Client) -> None:
    page = post(client, "/demo/admin/services/new", code="MAT", title="Matrika", suggest="1")
    assert dict(areas(page))["synonyms"].startswith("matrika, ")
    assert 'value="MAT"' in page


def test_usual_words_another_service_has_are_not_filled_in(client: Client) -> None:
    page = post(client, "/demo/admin/services/new", title="cestovní pas", suggest="1")
    assert dict(areas(page))["synonyms"] == ""


# --- the office, and how it answers -------------------------------------------------------------


def test_address_and_directions_are_kept(client: Client) -> None:
    fields = {"name": "Úřad", "timezone": "Europe/Prague", "holidays": "CZ"}
    where = {"address": "Lipová 12, Lhota", "directions": "zvonek vlevo"}
    assert post(client, "/demo/admin/office", **fields, **where).endswith("?done=saved")
    assert (office().address, office().directions, office().contact) == (*where.values(), "")
    assert "Úřad: adresa" in client.get("/demo/admin/audit").content.decode()


def test_whom_the_privacy_page_names_is_kept(client: Client) -> None:
    fields = {"name": "Úřad", "timezone": "Europe/Prague", "holidays": "CZ"}
    named = {"privacy_officer": "Ing. Jan Bílý, 555 987 654", "recipients": "Telefony a. s., Dlouhá 9, Brno"}
    assert post(client, "/demo/admin/office", **fields, **named).endswith("?done=saved")
    assert (office().privacy_officer, office().recipients) == tuple(named.values())
    assert "příjemci osobních údajů" in client.get("/demo/admin/audit").content.decode()
    assert post(client, "/demo/admin/office", **fields).endswith("?done=saved")
    assert (office().privacy_officer, office().recipients) == ("", "")


@pytest.mark.parametrize(("days", "taken"), [(0, False), (1, True), (365, True), (366, False)])
def test_personal_data_are_kept_from_one_day_to_a_year(client: Client, days: int, taken: bool) -> None:
    answer = rules(client, erase_after_days=days)
    assert answer.endswith("?done=saved") == taken
    assert office().settings.erase_after_days == (days if taken else 30)


def rules(client: Client, **changed: object) -> str:
    page = client.get("/demo/admin/rules").content.decode()
    values: dict[str, object] = dict(re.findall(r'<input type="(?:number|time)" name="(\w+)" value="([^"]*)"', page))
    values |= {"languages": [language.code for language in load()], "accents": "none", "priority_tickets": "on"}
    values |= {"second_factor": "none", "voice": "none"}
    return post(client, "/demo/admin/rules", **values | changed)


def test_how_the_office_answers_is_kept(client: Client) -> None:
    changed = {
        "languages": ["en"],
        "accents": "full",
        "inbox": "on",
        "inbox_hours": "st 13–15",
        "proposal_minutes": "90",
    }
    assert rules(client, **changed).endswith("?done=saved")
    assert office().settings == replace(
        Settings(),
        languages=("en",),
        accents="full",
        inbox=True,
        inbox_hours="st 13–15",
        proposal_minutes=90,
        confirm_web=False,
        public_unfinished=False,
    )


def test_all_languages_are_no_choice_so_that_a_new_one_is_offered_too(client: Client) -> None:
    assert rules(client, notice_minutes="5").endswith("?done=saved")
    assert office().settings.languages == ()
    rules(client, languages=["en"])
    rules(client)
    assert office().settings.languages == ()


def test_the_offices_own_order_of_languages_stays(client: Client) -> None:
    demo = office()
    offices.keep(replace(demo, settings=replace(demo.settings, languages=("en", "cs"))), NOW)
    rules(client, languages=["cs", "en"], notice_minutes="5")
    assert office().settings.languages == ("en", "cs")


def test_at_least_one_language_is_chosen(client: Client) -> None:
    assert "languages" in rules(client, languages=[])
    assert office().settings == Settings()


def test_the_trail_says_what_changed_in_words(client: Client) -> None:
    post(client, RTP, **GOOD, **{"bring.en": "a lease"}, synonyms="výmaz")
    trail = text_of(client.get("/demo/admin/audit").content)
    assert "Činnost RTP: co si vzít s sebou (" in trail
    assert "Činnost RTP: jiná slova" in trail


def test_another_office_has_the_same_words(client: Client) -> None:
    """The fixture's other office has the demo's words, and both may."""
    assert office("other").services[0].synonyms == demo_office().services[0].synonyms


def test_the_page_of_texts_says_what_accents_cost(client: Client) -> None:
    page = client.get("/demo/admin/texts/").content.decode()
    assert "Odpovědi odcházejí bez háčků a čárek" in plain_spaces(page)
    assert parts_of(page, "Odmítnutá nabídka") == parts_of(page, "Objednáno") == "1"
    rules(client, accents="full")
    page = client.get("/demo/admin/texts/").content.decode()
    assert "Odpovědi odcházejí s háčky a čárkami" in plain_spaces(page)
    assert (parts_of(page, "Odmítnutá nabídka"), parts_of(page, "Objednáno")) == ("1", "2")


def plain_spaces(page: str) -> str:
    """The page with plain spaces only."""
    return page.replace("\N{NO-BREAK SPACE}", " ")


def parts_of(page: str, title: str) -> str:
    """The last column of the first text of this title."""
    found = re.search(rf">{title}</a>.*?<td[^>]*>(\d)</td></tr>", plain_spaces(page), re.DOTALL)
    assert found is not None
    return found[1]
