"""English titles of services and reasons of closures: at every door, and Czech where there is none."""

from dataclasses import replace
from datetime import date

import pytest
from django.test import Client

from prepazka import officefile
from prepazka.core.office.office import Closure, Office
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import models, offices
from tests.web.admin.test_words import post
from tests.web.conftest import ME, NOW, NUMBER
from tests.web.staff import SignedIn

CZECH, ENGLISH = "výměna řidičáku", "new driving licence"
REASON, BECAUSE = "malování chodeb", "painting the halls"
DAY = date(2026, 8, 11)


@pytest.fixture
def bilingual(office: Office) -> Office:
    """ZOP and a closed Tuesday have English words, POP and a closed Thursday have none."""
    first, second, *others = office.services
    services = (replace(first, title=CZECH, titles={"en": ENGLISH}), replace(second, title="řidičák hotový"), *others)
    closures = (
        Closure(DAY, DAY, REASON, reasons={"en": BECAUSE}),
        Closure(date(2026, 8, 13), date(2026, 8, 13), "porada vedení"),
    )
    return offices.load(offices.keep(replace(office, services=services, closures=closures), NOW))


def read(client: Client, path: str, language: str) -> str:
    client.cookies["language"] = language
    return client.get(path).content.decode().replace("\xa0", " ").lower()


@pytest.mark.parametrize("path", ["/demo/", "/demo/book/", "/demo/book/ZOP/?week=2026-08-10", "/demo/kiosk/"])
def test_everybodys_pages_show_the_title_in_their_language(client: Client, bilingual: Office, path: str) -> None:
    czech, english = read(client, path, "cs"), read(client, path, "en")
    assert (CZECH in czech, ENGLISH in czech) == (True, False)
    assert (CZECH in english, ENGLISH in english) == (False, True)


@pytest.mark.parametrize("path", ["/demo/", "/demo/book/ZOP/?week=2026-08-10"])
def test_everybodys_pages_show_the_reason_in_their_language(client: Client, bilingual: Office, path: str) -> None:
    czech, english = read(client, path, "cs"), read(client, path, "en")
    assert (REASON in czech, BECAUSE in czech) == (True, False)
    assert (REASON in english, BECAUSE in english) == (False, True)


def test_what_has_no_english_words_is_shown_in_czech(client: Client, bilingual: Office) -> None:
    page = read(client, "/demo/", "en")
    assert "řidičák hotový" in page
    assert "porada vedení" in page


def test_the_slip_is_in_the_language_of_the_page(signed_in: SignedIn, bilingual: Office) -> None:
    receive([Inbound("phone", "1", ME, NUMBER, "OBJ ZOP 10.8. 14:00 NOVAK")], NOW)
    slip = f"/demo/desk/bookings/{models.Booking.objects.get().id}/slip"
    client = signed_in("clerk")
    assert CZECH in read(client, slip, "cs")
    english = read(client, slip, "en")
    assert (CZECH in english, ENGLISH in english) == (False, True)


@pytest.mark.parametrize(
    ("sent", "said", "not_said"),
    [
        ("BOOK ZOP 10.8. 14:00 NOVAK", ENGLISH, "vymena"),
        ("OBJ ZOP 10.8. 14:00 NOVAK", "vymena ridicaku", ENGLISH),
        ("BOOK ZOP 11.8. 14:00 NOVAK", BECAUSE, "malovani"),
        ("OBJ ZOP 11.8. 14:00 NOVAK", "malovani chodeb", BECAUSE),
        ("BOOK ZOP 13.8. 14:00 NOVAK", "porada vedeni", BECAUSE),
    ],
)
def test_replies_are_in_the_language_of_the_message(bilingual: Office, sent: str, said: str, not_said: str) -> None:
    [reply] = receive([Inbound("phone", "1", ME, NUMBER, sent)], NOW)
    text = models.Outbound.objects.get().text
    assert (said in text, not_said in text) == (True, False), (reply, text)


def test_they_are_dumped_and_loaded(bilingual: Office) -> None:
    text = officefile.dump(bilingual)
    assert f'en = "{ENGLISH}"' in text
    read_back = officefile.parse(text)
    assert (read_back.services[0].titles, read_back.closures[0].reasons) == ({"en": ENGLISH}, {"en": BECAUSE})


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (ENGLISH, "x" * 101, "services[0].titles.en: must have at most 100 characters"),
        (ENGLISH, " ", "services[0].titles.en: must have at least 1 characters"),
        (BECAUSE, "x" * 61, "closures[0].reasons.en: must have at most 60 characters"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_place(bilingual: Office, old: str, new: str, told: str) -> None:
    with pytest.raises(officefile.OfficeFileError) as raised:
        officefile.parse(officefile.dump(bilingual).replace(f'"{old}"', f'"{new}"'))
    assert raised.value.problems == (told,)


# --- in the administration -----------------------------------------------------------------------


def test_the_administration_keeps_them_and_takes_them_away(signed_in: SignedIn, bilingual: Office) -> None:
    client = signed_in("administrator")
    fields = {"title": CZECH, "agenda": "doklady", "minutes": "15"}
    path = "/demo/admin/services/ZOP"
    assert f'value="{ENGLISH}"' in client.get(path).content.decode()
    assert post(client, path, **fields, **{"titles.en": "driving licence"}).endswith("?done=saved")
    assert offices.load(bilingual.id).service_of["ZOP"].titles == {"en": "driving licence"}
    assert "driving licence" in client.get("/demo/admin/audit").content.decode()
    assert post(client, path, **fields, **{"titles.en": ""}).endswith("?done=saved")
    assert offices.load(bilingual.id).service_of["ZOP"].titles == {}


def test_a_title_in_a_language_without_a_field_stays(signed_in: SignedIn, bilingual: Office) -> None:
    services = (replace(bilingual.services[0], titles={"uk": "посвідчення"}), *bilingual.services[1:])
    offices.keep(replace(bilingual, services=services), NOW)
    fields = {"title": CZECH, "agenda": "doklady", "minutes": "15", "titles.en": "licence"}
    assert post(signed_in("administrator"), "/demo/admin/services/ZOP", **fields).endswith("?done=saved")
    assert offices.load(bilingual.id).service_of["ZOP"].titles == {"uk": "посвідчення", "en": "licence"}


def test_a_title_too_long_is_told_at_its_field(signed_in: SignedIn, bilingual: Office) -> None:
    fields = {"title": CZECH, "agenda": "doklady", "minutes": "15", "titles.en": "x" * 101}
    page = post(signed_in("administrator"), "/demo/admin/services/ZOP", **fields)
    assert "nejvýše 100 znaků" in page[page.index('for="id_titles.en"') : page.index('name="titles.en"')]


def test_who_is_booked_on_a_day_that_is_closed_reads_why_in_their_language(
    signed_in: SignedIn, bilingual: Office
) -> None:
    receive([Inbound("phone", "1", ME, NUMBER, "BOOK ZOP 12.8. 14:00 NOVAK")], NOW)
    receive([Inbound("phone", "2", "+420602000001", NUMBER, "OBJ ZOP 12.8. 14:15 MALA")], NOW)
    client, path = signed_in("administrator"), "/demo/admin/closures/new"
    closing = {"first": "2026-08-12", "reason": "revize plynu", "reasons.en": "gas inspection"}
    asked = client.post(path, closing | {"seen": _digest_of_nothing(client, path)})
    hit = asked.content.decode().partition('name="hit" value="')[2].partition('"')[0]
    sure = closing | {"seen": _digest_of_nothing(client, path), "confirm": "call_off", "tell": "1", "hit": hit}
    assert client.post(path, sure).headers["Location"].endswith("?done=told")
    told = {one.recipient: one.text for one in models.Outbound.objects.filter(kind="called_off")}
    assert "gas inspection" in told[ME]
    assert "revize plynu" in told["+420602000001"]


def _digest_of_nothing(client: Client, path: str) -> str:
    return client.get(path).content.decode().partition('name="seen" value="')[2].partition('"')[0]


def test_programs_get_the_title_and_those_in_other_languages(client: Client, bilingual: Office) -> None:
    first, second, *_others = client.get("/api/v1/offices/demo/services").json()
    assert (first["title"], first["titles"]) == (CZECH, {"en": ENGLISH})
    assert (second["title"], second["titles"]) == ("řidičák hotový", {})
