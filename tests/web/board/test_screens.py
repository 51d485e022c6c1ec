"""The screens of the hall: what they say, pairing, watching, slides, recordings, and who may do what."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from prepazka.core.office.office import Office
from prepazka.core.queue.tickets import TicketRef
from prepazka.flows.counters import arrive, call, seat
from prepazka.store import kiosks, models, offices, slides
from prepazka.web import clock
from tests.flows.counters.test_arrive import office_like
from tests.web.conftest import NOW
from tests.web.shown import shown
from tests.web.staff import FOREIGN, SignedIn

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
OGG = b"OggS" + bytes(40)


@pytest.fixture
def hall(office: Office) -> Office:
    """With a way to each counter."""
    first, second, third = office.counters
    counters = (
        replace(first, arrow="left", way="1. patro"),
        replace(second, title="12"),
        replace(third, title="Matrika"),
    )
    return offices.load(offices.keep(replace(office, counters=counters), NOW))


def page_of(client: Client, path: str = "/demo/screen/") -> str:
    return client.get(path).content.decode().replace("\N{NO-BREAK SPACE}", " ")


def serve_one(office: Office, place: int, who: str) -> None:
    arrive.walk_in(office.id, "PTP" if place == 2 else "ZOP", NOW)
    seat.sit_down(office.id, office.counters[place].id, who, NOW)
    call.call_next(office.id, who, NOW)


def pair(client: Client, office: Office, name: str = "hala", counter: int | None = None, token: str = "t" * 40) -> None:
    kiosks.keep(office.id, kiosks.Device(name, token, kind="screen", counter=counter, code="40718253"), NOW, "test")
    assert client.get(f"/demo/screen/pair/{token}").status_code == 302


def test_a_call_says_where_to_go(client: Client, hall: Office) -> None:
    for place, who in enumerate(("a", "b", "c")):
        serve_one(hall, place, who)
    page = page_of(client)
    for words in ("přepážka 1", "vlevo, 1. patro ←", "přepážka 12", "Matrika"):
        assert f">{words}<" in page
    shown = json.loads(client.get("/demo/screen/").context["counters"])
    assert shown["12"] == {"key": "prepazka-2", "counter": "přepážka 12", "way": ""}


def test_a_tablet_says_the_number_and_the_state_of_its_counter(client: Client, hall: Office) -> None:
    path = "/demo/screen/counter/prepazka-1/"
    assert ">Zavřeno<" in page_of(client, path)
    seat.sit_down(hall.id, hall.counters[0].id, "a", NOW)
    assert "Volno – přijďte" in page_of(client, path)
    serve_one(hall, 0, "a")
    serve_one(hall, 2, "c")
    page = page_of(client, path)
    assert ">D1<" in page
    assert ">volá se<" in page
    assert "E1" not in shown(page)
    ticket = models.Ticket.objects.get(prefix="D")
    call.serve(hall.id, "a", TicketRef(ticket.id, ticket.version), NOW)
    assert ">obsluhuje se<" in page_of(client, path)
    assert client.get("/demo/screen/counter/nowhere/").status_code == 404


def test_the_board_tells_the_state_of_each_counter_and_no_clerk(client: Client, hall: Office) -> None:
    serve_one(hall, 0, "clerk-novak")
    seat.sit_down(hall.id, hall.counters[1].id, "b", NOW)
    seat.pause(hall.id, "b", NOW, paused=True)
    told = client.get("/api/v1/offices/demo/board").json()
    assert [(one["key"], one["state"], one["number"]) for one in told["counters"]] == [
        ("prepazka-1", "called", "D1"),
        ("prepazka-2", "paused", None),
        ("prepazka-3", "closed", None),
    ]
    assert "clerk-novak" not in json.dumps(told)


def test_a_paired_screen_is_watched(
    signed_in: SignedIn, client: Client, hall: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair(client, hall)
    admin = signed_in("administrator")
    token = "x"
    assert client.post("/demo/screen/alive", {"sound": "off"}).json()["page"]
    assert "▲ běží, bez zvuku" in page_of(admin, "/demo/admin/screens/")
    client.post("/demo/screen/alive", {"sound": "on"})
    assert "● běží, zvuk zapnutý" in page_of(admin, "/demo/admin/screens/")
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=6))
    assert "▲ mlčí 6 min" in page_of(admin, "/demo/admin/screens/")
    assert "▲ mlčí 6 min" in page_of(admin, "/demo/admin/hall/")
    assert Client().post("/demo/screen/alive", {"sound": token}).status_code == 403


def test_a_screen_hears_that_its_page_has_changed(client: Client, hall: Office) -> None:
    pair(client, hall)
    before = client.get("/demo/screen/").context["page"]
    assert client.post("/demo/screen/alive").json() == {"page": before}
    offices.keep(replace(hall, settings=replace(hall.settings, screen_notice="Zítra zavřeno")), NOW)
    after = client.post("/demo/screen/alive").json()["page"]
    assert after != before
    slides.add(hall.id, "Vítejte", None, NOW, "test")
    last = client.post("/demo/screen/alive").json()["page"]
    assert last not in {before, after}
    fewer = [replace(counter, agendas=counter.agendas[:1]) for counter in hall.counters]
    now = offices.load(hall.id)
    offices.keep(replace(now, counters=tuple(fewer)), NOW)
    assert client.post("/demo/screen/alive").json()["page"] != last, "a tablet says what its counter serves"


@pytest.mark.parametrize(
    ("hour", "waits", "said"),
    [
        (8, False, "Vyčkejte prosím, až se objeví vaše číslo."),
        (23, False, "Teď máme zavřeno."),
        (23, True, "Vyčkejte prosím, až se objeví vaše číslo."),
    ],
)
def test_nobody_is_asked_to_wait_for_a_number_where_everything_is_closed(
    client: Client, hall: Office, monkeypatch: pytest.MonkeyPatch, hour: int, waits: bool, said: str
) -> None:
    if waits:
        arrive.walk_in(hall.id, "ZOP", NOW)
    monkeypatch.setattr(clock, "now", lambda: NOW.astimezone(hall.zone).replace(hour=hour))
    assert f'<p id="wait">{said}</p>' in page_of(client, "/demo/screen/")


def test_a_tablet_is_led_to_its_counter(client: Client, hall: Office) -> None:
    pair(client, hall, "okno", hall.counters[2].id)
    assert client.get("/demo/screen/")["Location"] == "/demo/screen/counter/prepazka-3/"


def test_the_cookie_lasts_400_days_and_is_renewed_on_use(client: Client, hall: Office) -> None:
    pair(client, hall)
    for response in (client.get("/demo/screen/"), client.post("/demo/screen/alive")):
        assert response.cookies["screen"]["max-age"] == 400 * 24 * 3600


def test_a_kiosks_token_is_no_screens(client: Client, hall: Office) -> None:
    kiosks.keep(hall.id, kiosks.Device("vchod", "k" * 40), NOW, "test")
    assert client.get(f"/demo/screen/pair/{'k' * 40}").status_code == 403
    client.cookies["screen"] = "k" * 40
    assert client.post("/demo/screen/alive").status_code == 403
    assert client.get(f"/demo/kiosk/pair/{'k' * 40}").status_code == 302


# --- the short code ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["kiosk", "screen"])
def test_a_short_code_pairs_once(client: Client, hall: Office, kind: str) -> None:
    kiosks.keep(hall.id, kiosks.Device("vchod", "k" * 40, kind=kind, code="40718253"), NOW, "test")
    assert client.post(f"/demo/{kind}/pair", {"code": "4071 8253"}).status_code == 302
    assert client.get(f"/demo/{kind}/").status_code == 200
    other = Client()
    assert other.post(f"/demo/{kind}/pair", {"code": "40718253"}).status_code == 403
    assert other.get(f"/demo/{kind}/pair/{'k' * 40}").status_code == 403, "the link is used up with the code"


@pytest.mark.parametrize("typed", ["", "40718254", "0", "4071825", "x" * 500])
def test_a_wrong_code_pairs_nothing(client: Client, hall: Office, typed: str) -> None:
    kiosks.keep(hall.id, kiosks.Device("vchod", "k" * 40, code="40718253"), NOW, "test")
    kiosks.keep(hall.id, kiosks.Device("stary", "s" * 40), NOW, "test")
    assert client.post("/demo/kiosk/pair", {"code": typed}).status_code == 403


def test_a_code_ends_after_a_quarter_of_an_hour(client: Client, hall: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    kiosks.keep(hall.id, kiosks.Device("vchod", "k" * 40, code="40718253"), NOW, "test")
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=15))
    assert client.post("/demo/kiosk/pair", {"code": "40718253"}).status_code == 403


def test_who_tries_codes_is_refused_after_twenty(client: Client, hall: Office) -> None:
    kiosks.keep(hall.id, kiosks.Device("vchod", "k" * 40, code="40718253"), NOW, "test")
    for number in range(20):
        assert client.post("/demo/kiosk/pair", {"code": f"1000{number:04}"}).status_code == 403
    last = client.post("/demo/kiosk/pair", {"code": "40718253"})
    assert "Kódů bylo příliš mnoho" in last.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert last.status_code == 403


def test_a_second_offices_code_pairs_nothing_here(client: Client, hall: Office) -> None:
    other = offices.load(offices.keep(office_like(hall, "jinde"), NOW))
    kiosks.keep(other.id, kiosks.Device("vchod", "k" * 40, code="40718253"), NOW, "test")
    assert client.post("/demo/kiosk/pair", {"code": "40718253"}).status_code == 403
    assert client.post("/jinde/kiosk/pair", {"code": "40718253"}).status_code == 302


# --- slides and recordings ---------------------------------------------------------------------


def upload(content: bytes, name: str = "x.bin") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_slides_of_text_and_picture_are_shown_at_most_five(signed_in: SignedIn, client: Client, hall: Office) -> None:
    admin = signed_in("administrator")
    admin.post("/demo/admin/screens/slides/new", {"text": "Občanky bez čekání", "picture": upload(PNG)})
    page = page_of(client)
    assert "Občanky bez čekání" in page
    [one] = slides.of_office(hall.id)
    shown = client.get(f"/demo/screen/slide/{one.id}")
    assert (shown.content, shown["Content-Type"]) == (PNG, "image/png")
    for number in range(6):
        answer = admin.post("/demo/admin/screens/slides/new", {"text": f"další {number}"})
    assert len(slides.of_office(hall.id)) == 5
    assert "Snímků je nejvýš pět" in answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    admin.post(f"/demo/admin/screens/slides/{one.id}/remove")
    assert client.get(f"/demo/screen/slide/{one.id}").status_code == 404


@pytest.mark.parametrize(
    "content", [b"<svg onload='alert(1)'/>", b"GIF89a" + bytes(9), b"", b"<html>", PNG[1:], PNG + bytes(700_000)]
)
def test_what_is_no_picture_is_refused(signed_in: SignedIn, hall: Office, content: bytes) -> None:
    signed_in("administrator").post(
        "/demo/admin/screens/slides/new", {"text": "x", "picture": upload(content, "a.png")}
    )
    assert slides.of_office(hall.id) == []


def test_an_own_recording_is_played_in_place_of_ours(signed_in: SignedIn, client: Client, hall: Office) -> None:
    admin = signed_in("administrator")
    form = {"piece": "counter-prepazka-3", "language": "cs"}
    for content in (OGG, OGG + b"2"):
        admin.post("/demo/admin/screens/recordings/new", form | {"sound": upload(content)})
    sound = json.loads(client.get("/demo/screen/").context["sound"])
    [(piece, address)] = sound["own"].items()
    assert piece == "cs/counter-prepazka-3"
    assert client.get(address).content == OGG + b"2"
    for wrong in (form | {"sound": upload(b"MZ")}, form | {"piece": "../x", "sound": upload(OGG)}, form):
        assert admin.post("/demo/admin/screens/recordings/new", wrong).status_code == 200
    assert len(slides.recordings(hall.id)) == 1
    admin.post(f"/demo/admin/screens/recordings/{slides.recordings(hall.id)[0].id}/remove")
    assert slides.recordings(hall.id) == []


@pytest.mark.parametrize(("voice", "languages"), [("none", []), ("cs", ["cs"]), ("cs_en", ["cs", "en"])])
def test_voice_and_volume_are_the_offices(client: Client, hall: Office, voice: Any, languages: list[str]) -> None:
    offices.keep(replace(hall, settings=replace(hall.settings, voice=voice, voice_volume=35)), NOW)
    sound = json.loads(client.get("/demo/screen/").context["sound"])
    assert (sound["languages"], sound["volume"]) == (languages, 0.35)


def test_a_second_office_sees_and_removes_nothing_of_the_first(
    signed_in: SignedIn, client: Client, hall: Office
) -> None:
    slides.add(hall.id, "", slides.File(PNG, "image/png"), NOW, "test")
    kiosks.keep(hall.id, kiosks.Device("hala", "t" * 40, kind="screen"), NOW, "test")
    [one], [screen] = slides.of_office(hall.id), kiosks.of_office(hall.id, "screen")
    assert client.get(f"/other/screen/slide/{one.id}").status_code == 404
    stranger = signed_in(FOREIGN)
    stranger.post(f"/other/admin/screens/slides/{one.id}/remove")
    for act in ("pair", "remove"):
        assert stranger.post(f"/other/admin/screens/{screen.id}/{act}").status_code == 404
        assert stranger.post(f"/demo/admin/screens/{screen.id}/{act}").status_code == 404
    assert len(slides.of_office(hall.id)) == len(kiosks.of_office(hall.id)) == 1


@pytest.mark.parametrize(("who", "status"), [("clerk", 403), ("manager", 403), (FOREIGN, 404)])
def test_only_an_administrator_changes_screens(signed_in: SignedIn, hall: Office, who: str, status: int) -> None:
    client = signed_in(who)
    assert client.get("/demo/admin/screens/").status_code == status
    for path in ("screens/new", "screens/slides/new", "screens/recordings/new"):
        assert client.post(f"/demo/admin/{path}", {"text": "x", "name": "x"}).status_code == status
    assert slides.of_office(hall.id) == []


def test_a_new_screen_gets_a_link_a_qr_code_and_a_short_code(signed_in: SignedIn, hall: Office) -> None:
    admin = signed_in("administrator")
    page = page_of_post(admin, {"name": "hala", "counter": ""})
    assert "/demo/screen/pair/" in page
    assert '<svg class="qr"' in page or 'class="qr"' in page
    [screen] = kiosks.of_office(hall.id, "screen")
    code = page.split('<code id="code">')[1].split("<")[0].replace(" ", "")
    assert kiosks.digest(code) == screen.code_sha256
    assert "Zařízení s tímto názvem" in page_of_post(admin, {"name": "hala", "counter": ""})
    page_of_post(admin, {"name": "okno", "counter": str(hall.counters[1].id)})
    assert [one.counter and one.counter.title for one in kiosks.of_office(hall.id)] == [None, "12"]


def page_of_post(client: Client, fields: dict[str, str]) -> str:
    return client.post("/demo/admin/screens/new", fields).content.decode().replace("\N{NO-BREAK SPACE}", " ")
