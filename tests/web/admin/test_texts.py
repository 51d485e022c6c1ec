"""The editor of reply texts: placeholders explained, a text shown as it would go out, and mistakes with their fix."""

import re
from dataclasses import replace
from html import unescape

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from prepazka.core.office.office import Office
from prepazka.sms.languages import load
from prepazka.sms.reply.answers import TEXTS
from prepazka.sms.reply.cost import parts_at_most
from prepazka.sms.reply.preview import preview
from prepazka.store import offices
from prepazka.web.placeholder_words import PLACEHOLDERS
from tests.offices import demo_office
from tests.web.admin.test_words import post, seen, text_of
from tests.web.staff import SignedIn

CANCELLED = "/demo/admin/texts/cs/cancelled"
GOOD = "Hotovo, zrušili jsme: {service} {date} {time}, {name}."


@pytest.fixture
def client(signed_in: SignedIn) -> Client:
    return signed_in("administrator")


def own(language: str = "cs") -> object:
    return dict(offices.load(offices.find("demo") or 0).texts.get(language, {}))


def shown(client: Client, text: str, path: str = CANCELLED) -> str:
    """What the page says of a text, without saving it."""
    page = client.post(path, {"seen": seen(client, path), "text": text, "preview": "1"}).content.decode()
    return text_of(page[page.index('<div id="preview">') : page.index('id="steps"')].encode())


def test_every_placeholder_is_explained() -> None:
    assert {name for text in TEXTS.values() for name in text.allowed} == set(PLACEHOLDERS)


def test_the_page_explains_the_placeholders_of_its_text(client: Client) -> None:
    page = text_of(client.get(CANCELLED).content)
    must, _between, may = page[page.index("která tu být musí") :].partition("která tu být mohou")
    for name in ("service", "date", "time", "name"):
        assert f"{{{name}}}" in must
        assert str(PLACEHOLDERS[name]) in must
    assert "přístupový kód objednávky" in may


def test_a_text_is_shown_with_the_longest_values_and_nothing_is_saved(client: Client) -> None:
    told = shown(client, GOOD)
    assert "Hotovo, zrusili jsme: 4x ZOP" in told  # as it is sent
    count = re.search(r"(\d+) z 160 znaků, zpráv SMS: 1", told)
    assert count
    sent = unescape(re.findall(r'<p class="said" lang="cs">(.*?)</p>', told, re.DOTALL)[0])
    assert int(count[1]) == len(sent)
    assert own() == {}


def test_the_count_grows_with_the_offices_own_values(client: Client, office: Office) -> None:
    before = preview(office, "cs", "booked", "").units
    longer = replace(office, services=(*office.services, replace(office.services[0], id=99, code="ZAHRADKARI")))
    assert preview(longer, "cs", "booked", "").units > before


def test_a_text_that_does_not_fit_is_counted_with_how_much_to_leave_out(client: Client) -> None:
    told = shown(client, GOOD + " x" * 80)
    assert "■" in told
    assert re.search(r"zabere \d+ znaků, vejde se jich 160. Zkraťte ho o \d+.", told)
    assert own() == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (GOOD.replace("{name}", "{nme}"), "Zástupné slovo {nme} tu neznáme. Mysleli jste {name}?"),
        (GOOD + " {Date}", "Zástupné slovo {Date} tu neznáme. Mysleli jste {date}?"),
        (GOOD + " {xyzzy}", "Zástupné slovo {xyzzy} tu neznáme. Povolená jsou {code}, {date}, {name}, {office}"),
        (GOOD.replace("{name}", ""), "Chybí zástupné slovo {name} (jméno, na které je objednáno)"),
        (GOOD + " {", "Složená závorka { nebo } stojí sama."),
        (GOOD + " {name!r}", "U {name} napište ve složených závorkách jen samotné zástupné slovo."),
        (GOOD + " 👍", "Znak „👍“ nelze poslat"),
    ],
)
def test_a_mistake_names_itself_and_the_fix_before_and_at_saving(client: Client, text: str, told: str) -> None:
    assert told in shown(client, text)
    page = post(client, CANCELLED, text=text)
    assert page.count(told) == 1
    assert own() == {}


def test_a_text_that_teaches_something_else_is_still_sent_back_on_save(client: Client) -> None:
    page = post(client, CANCELLED, text=GOOD + "\nOBJ ZOP 31.12. 25:61 NOVAK")
    assert "Text učí lidi zprávu" in page
    assert own() == {}


def test_without_anything_written_the_original_text_is_shown(client: Client) -> None:
    page = text_of(client.get("/demo/admin/texts/uk/cancelled").content)
    assert "znaků, zpráv SMS:" in page
    assert 'class="wrong"' not in page


def test_it_is_counted_as_the_list_of_texts_counts_it(whole: bool) -> None:
    office = demo_office()
    for language in load():
        parts = parts_at_most(office, language.code)
        for name in list(TEXTS)[:: 1 if whole else 17]:
            found = preview(office, language.code, name, "")
            assert found.problems == ()
            assert 0 < found.parts <= parts[name], (language.code, name)
            assert found.units <= found.room, (language.code, name)


@settings(max_examples=15)
@given(st.text(max_size=80))
def test_whatever_is_written_is_counted_or_told(text: str) -> None:
    found = preview(demo_office(), "cs", "apology", text.strip())
    assert bool(found.text) or bool(found.problems)


def test_who_is_no_administrator_sees_no_text(signed_in: SignedIn) -> None:
    assert signed_in("manager").post(CANCELLED, {"text": GOOD, "preview": "1"}).status_code == 403
    assert signed_in("foreign").post(CANCELLED, {"text": GOOD, "preview": "1"}).status_code == 404


def test_another_office_keeps_its_texts(client: Client) -> None:
    assert post(client, CANCELLED, text=GOOD).endswith("?done=saved")
    assert own() == {"cancelled": GOOD}
    other = offices.load(offices.find("other") or 0)
    assert not other.texts.get("cs")
