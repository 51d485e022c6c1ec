"""Changes of an office in the pages: by the checks of its file, with Czech errors, and nothing overwritten unseen."""

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from django.test import Client

from prepazka.core.office.office import Office, Settings
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.officefile import Problem, reading, values
from prepazka.sms.languages import load
from prepazka.store import accounts, gateways, models, offices
from prepazka.store.gateways import GatewayReport
from prepazka.store.models import User
from prepazka.web import labels, office_errors
from tests.web.conftest import NOW
from tests.web.staff import SignedIn

HOURS = "/demo/admin/agendas/doklady/hours/0"
PASSPORTS = "/demo/admin/services/PCD"
GOOD = {
    "days": ["mon", "wed"],
    "opens": "08:00",
    "closes": "17:00",
    "breaks": "11:30-12:30",
    "step": "15",
    "lanes": "2",
}


@pytest.fixture
def client(signed_in: SignedIn) -> Client:
    return signed_in("administrator")


def seen(client: Client, path: str) -> str:
    """Return the digest in the form, as the browser would send it back."""
    found = re.search(r'name="seen" value="(\w+)"', client.get(path).content.decode())
    assert found
    return found[1]


def post(client: Client, path: str, **fields: object) -> str:
    """Fill in the form at this address; return where it redirects, or the page, with plain spaces."""
    answer = client.post(path, {"seen": seen(client, path), **fields})
    return answer.headers.get("Location", "") or answer.content.decode().replace("\u00a0", " ")


def office() -> Office:
    return offices.load(offices.find("demo") or 0)


# --- the checks are the office file's -----------------------------------------------------------


NEW = "/demo/admin/services/new"
SERVICE = {"title": "x", "agenda": "doklady", "minutes": "5"}
CLOSURE = {"first": "2026-08-10", "reason": "x"}
AGENDA = {"title": "x", "walk_ins_stop_minutes": "0", "service_minutes": "1"}


@pytest.mark.parametrize(
    ("path", "fields", "expected"),
    [
        (HOURS, GOOD | {"closes": "07:00"}, "Konec musí být později než začátek."),
        (HOURS, GOOD | {"breaks": "noon"}, "Napište přestávku jako 11.30–12.30"),
        (HOURS, GOOD | {"breaks": "16:30-17:30"}, "Přestávka musí být uvnitř otevírací doby"),
        (HOURS, GOOD | {"lanes": "-1"}, "Hodnota musí být větší nebo rovna 0."),
        (HOURS, GOOD | {"days": ["mon", "tue"]}, "Hodiny se kryjí s jinými"),
        (HOURS, GOOD | {"days": []}, "Toto pole je"),
        (HOURS, GOOD | {"valid_from": "2026-09-01", "valid_to": "2026-08-01"}, "Poslední den nesmí být dřív"),
        (HOURS, GOOD | {"step": "x"}, "Zadejte celé číslo."),
        (NEW, SERVICE | {"code": "OBČ"}, "Zkratka má 2 až"),
        (NEW, SERVICE | {"code": "zop"}, "už je jinde"),
        (NEW, SERVICE | {"code": "AB", "agenda": "foreign"}, "Vyberte platnou"),
        ("/demo/admin/services/ZOP", {"title": "x", "agenda": "doklady", "minutes": "0"}, "Hodnota musí být"),
        ("/demo/admin/numbers/new", {"number": "12"}, "To není telefonní číslo."),
        ("/demo/admin/numbers/new", {"number": "+420739000000"}, "už patří jinému úřadu"),
        ("/demo/admin/agendas/new", AGENDA | {"prefix": "ABC"}, "nejvýše dvě písmena"),
        ("/demo/admin/office", {"name": "x", "timezone": "Praha", "holidays": "CZ"}, "časové pásmo neznáme"),
        ("/demo/admin/office", {"name": "x\0", "timezone": "Europe/Prague", "holidays": ""}, "Nulové znaky"),
        ("/demo/admin/closures/new", CLOSURE | {"last": "2026-08-01"}, "Poslední den"),
        ("/demo/admin/closures/new", CLOSURE | {"since": "08:00"}, "Vyplňte začátek i konec"),
        ("/demo/admin/closures/new", CLOSURE | {"first": "zítra"}, "Napište platné datum."),
    ],
)
def test_a_mistake_is_reported_in_czech_and_nothing_is_kept(
    client: Client, path: str, fields: dict[str, object], expected: str
) -> None:
    before = office()
    assert expected in post(client, path, **fields)
    assert office() == before


def test_every_kind_of_mistake_a_file_can_have_has_its_czech_words() -> None:
    kinds = set()
    for module in (reading, values):
        text = Path(str(module.__file__)).read_text("utf-8")
        kinds |= set(re.findall(r'_mistake\(\s*"(\w+)"', text)) | set(re.findall(r'yield [^\n]*?, "(\w+)", ', text))
    assert len(kinds) > 20
    assert kinds - office_errors.WORDS.keys() == set()
    told = office_errors.describe_problem(Problem("x", "unheard_of", "some words"))
    assert told == "Hodnota nemá správný tvar. Opravte ji prosím."


def test_every_setting_and_text_has_its_words() -> None:
    assert {name for _title, group in labels.RULES for name in group} == set(Settings.__dataclass_fields__)


# --- what is kept ---------------------------------------------------------------------------------


def test_hours_change_with_all_that_the_form_shows_and_the_trail_says_how(client: Client) -> None:
    assert post(client, HOURS, **GOOD | {"days": ["wed"], "lanes": "3", "breaks": "11:00–12:00, 15:00-15:10"}).endswith(
        "?done=saved"
    )
    rules = [rule for rule in office().agendas[0].rules if rule.weekday in (0, 2)]
    assert [(rule.weekday, rule.hours.lanes, len(rule.hours.breaks)) for rule in rules] == [(2, 3, 2)]
    entry = models.Audit.objects.filter(what="office changed").latest("id")
    assert entry.who == "administrator"
    assert ["agendas.doklady.rules", "mon 8:00–17:00 −11:30–12:30 /15 min ×2", None] in entry.details["changes"]
    trail = client.get("/demo/admin/audit").content.decode().replace("\xa0", " ")
    assert "pondělí 8:00–17:00, přestávka 11:30–12:30, po 15 min, 2 najednou" in trail


def test_rules_are_kept_whole(client: Client) -> None:
    page = client.get("/demo/admin/rules").content.decode()
    values = dict(re.findall(r'<input type="(?:number|time)" name="(\w+)" value="([^"]*)"', page))
    values |= {
        "horizon_days": "30",
        "open_per_sender_and_day": "1",
        "accents": "none",
        "second_factor": "none",
        "voice": "none",
    }
    assert post(client, "/demo/admin/rules", **values, languages=[language.code for language in load()]).endswith(
        "?done=saved"
    )
    assert office().settings == replace(
        Settings(),
        horizon_days=30,
        open_per_sender_and_day=1,
        priority_tickets=False,
        confirm_web=False,
        public_unfinished=False,
    )


def test_a_service_with_bookings_to_come_is_not_removed(client: Client) -> None:

    receive([Inbound("g", "1", "+420777123456", "+420739547765", "OBJ ZOP 10.8. 14:00 NOVAK")], NOW)
    assert "Činnost ZOP nelze smazat, jsou na ni objednávky (1)." in post(
        client, "/demo/admin/services/ZOP", remove="1"
    )
    assert post(client, "/demo/admin/services/POP", remove="1").endswith("?done=removed")
    assert "POP" not in office().service_of


def test_an_agenda_in_use_is_not_removed(client: Client) -> None:
    assert "Taková agenda v úřadu není." in post(client, "/demo/admin/agendas/doklady", remove="1")
    assert len(office().agendas) == 2


def test_a_text_that_cannot_fit_is_refused_with_the_count(client: Client) -> None:
    page = post(client, "/demo/admin/texts/cs/too_old", text="x" * 161)
    assert "zabere 161 znaků, vejde se jich 160. Zkraťte ho o 1." in page
    assert "Zástupné slovo {nic} tu neznáme" in post(client, "/demo/admin/texts/cs/too_old", text="{nic}")
    assert "Chybí zástupné slovo {code}" in post(client, "/demo/admin/texts/cs/booked", text="{service}")
    assert post(client, "/demo/admin/texts/cs/too_old", text="Pozdě.").endswith("?done=saved")
    assert office().texts == {"cs": {"too_old": "Pozdě."}}
    post(client, "/demo/admin/texts/cs/too_old", text="")
    assert not office().texts.get("cs")


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        (
            "mine_none",
            "Nic tu není. Pošlete OBJ PCD 20.10. 9:45 KADLEC",
            "Text učí lidi zprávu „OBJ PCD 20.10. 9:45 KADLEC“",
        ),
        (
            "moved",
            "{service} {date} {time} {name}. STORNO {code} či\n{cancel}",
            "odpověď „chybí den“ a nestane se, co čeká. Místo ní napište na samostatný řádek {cancel}.",
        ),
        ("declined", "Dobře. Kdyby přece, pošlete ANO", "„ANO“, ale kdo ji pošle, dostane odpověď „není co potvrdit“"),
    ],
)
def test_a_text_that_teaches_something_else_is_refused_with_the_message(
    client: Client, name: str, text: str, told: str
) -> None:
    page = unescape(post(client, f"/demo/admin/texts/cs/{name}", text=text.replace("\n", "\r\n")))
    assert told in re.sub(r"\s+", " ", page)
    assert not office().texts.get("cs")


def test_words_that_no_message_can_be_written_with_are_refused_at_their_field(client: Client) -> None:
    """The code is a question word, and so a message that names the service by its synonym is read as a question."""
    page = unescape(post(client, NEW, code="KDY", synonyms="rybolov", **SERVICE))
    told = page[page.index('id="id_synonyms_helptext"') : page.index('name="synonyms"')]
    assert "Zpráva „OBJ RYBOLOV" in told
    assert "by skončila odpovědí „nesrozumitelné“. Zvolte místo „rybolov“ jiné slovo, nebo jinou zkratku." in told
    assert "KDY" not in office().service_of


# --- two at once ------------------------------------------------------------------------------------


def test_who_saves_second_is_reported_and_overwrites_nothing(client: Client, signed_in: SignedIn) -> None:
    filled = seen(client, HOURS)
    other = signed_in("operator")
    post(other, HOURS, **GOOD | {"lanes": "3"})
    answer = client.post(HOURS, {"seen": filled, **GOOD, "lanes": "4"}).content.decode()
    assert "Mezitím to změnil uživatel operator." in answer
    assert office().agendas[0].rules[0].hours.lanes == 3


def test_the_same_change_pressed_twice_is_saved_once_and_answered_alike(client: Client, signed_in: SignedIn) -> None:
    form = {"seen": seen(client, HOURS), **GOOD, "lanes": "5", "breaks": "10.45-11.15"}
    for one in (client, client, signed_in("operator")):
        assert one.post(HOURS, form)["Location"].endswith("?done=saved")
    assert models.Audit.objects.filter(what="office changed").count() == 1
    named = {"seen": seen(client, PASSPORTS), "title": "vyzvednutí pasu", "agenda": "doklady", "minutes": "10"}
    for _ in range(2):
        assert client.post(PASSPORTS, named)["Location"].endswith("?done=saved")
    assert office().service_of["PCD"].title == "vyzvednutí pasu"


def test_who_goes_back_to_an_old_page_of_their_own_is_told_that_it_was_themselves(client: Client) -> None:
    filled = seen(client, HOURS)
    client.post(HOURS, {"seen": filled, **GOOD, "lanes": "3"})
    answer = client.post(HOURS, {"seen": filled, **GOOD, "lanes": "6"}).content.decode()
    assert "Mezitím jste to změnili vy sami" in answer
    assert "uživatel administrator" not in answer
    assert office().agendas[0].rules[0].hours.lanes == 3


def test_what_was_removed_meanwhile_is_removed_once(client: Client, signed_in: SignedIn) -> None:
    """A second press of removing one closure does not remove the one that has taken its place."""
    for day in ("2026-08-11", "2026-08-12"):
        post(client, "/demo/admin/closures/new", first=day, reason="revize plynu")
    filled = seen(client, "/demo/admin/closures/0")
    form = {"seen": filled, "first": "2026-08-11", "reason": "revize plynu", "remove": "1"}
    assert client.post("/demo/admin/closures/0", form).status_code == 302
    assert "Mezitím" in client.post("/demo/admin/closures/0", form).content.decode()
    assert [one.first.day for one in office().closures] == [12]


def test_changes_of_different_things_do_not_meet(client: Client, signed_in: SignedIn) -> None:
    filled = seen(client, HOURS)
    post(signed_in("operator"), "/demo/admin/services/ZOP", title="jinak", agenda="doklady", minutes="20")
    assert client.post(HOURS, {"seen": filled, **GOOD, "lanes": "4"}).status_code == 302
    assert (office().agendas[0].rules[0].hours.lanes, office().service_of["ZOP"].minutes) == (4, 20)


def test_a_form_without_what_it_was_filled_from_is_refused(client: Client) -> None:
    assert "Mezitím" in client.post(HOURS, GOOD).content.decode()


# --- only what the form shows -----------------------------------------------------------------------


def test_nothing_is_set_that_the_form_does_not_show(client: Client) -> None:
    post(client, "/demo/admin/services/ZOP", title="jinak", agenda="doklady", minutes="20", code="XYZ", id="99")
    assert office().service_of["ZOP"].title == "jinak"
    post(
        client, "/demo/admin/office", name="Jméno", timezone="Europe/Prague", holidays="CZ", slug="stolen", version="9"
    )
    assert (office().slug, office().name) == ("demo", "Jméno")


def test_an_administrator_binds_no_foreign_gateway(client: Client, signed_in: SignedIn) -> None:
    models.Gateway.objects.create(name="theirs", made_at=NOW)
    models.Number.objects.filter(e164="+420739000000").update(gateway=models.Gateway.objects.get())
    path = "/demo/admin/numbers/+420739547765"
    assert "Vyberte platnou možnost" in post(client, path, gateway="theirs")
    assert office().gateways == {}
    assert post(signed_in("operator"), path, gateway="theirs").endswith("?done=saved")


# --- people -------------------------------------------------------------------------------------------


def test_a_new_user_gets_a_password_shown_once(client: Client) -> None:
    form = {"username": "Dvorak", "name": "Petr Dvořák", "role": "clerk", "is_superuser": "1"}
    page = client.post("/demo/admin/new-user", form).content.decode()
    user = User.objects.get(username="dvorak.demo")
    password = re.search(r'id="password">([^<]+)<', page)
    assert password
    assert user.check_password(password[1])
    assert (user.password_given, user.is_superuser, user.name) == (True, False, "Petr Dvořák")


def test_nobody_changes_the_own_role_and_no_role_is_invented(client: Client, officials: dict[str, User]) -> None:
    assert client.post("/demo/admin/users/administrator", {"role": "clerk"}).status_code == 403
    client.post("/demo/admin/users/clerk", {"role": "operator"})
    assert accounts.role_in(officials["clerk"], office().id) == "clerk"


def test_an_operator_is_out_of_an_administrators_reach(client: Client, officials: dict[str, User]) -> None:
    accounts.appoint(officials["operator"], office().id, "clerk", NOW, "test")
    assert client.post("/demo/admin/users/operator/password").status_code == 403


# --- gateways ---------------------------------------------------------------------------------------


def test_a_secret_once_kept_is_never_shown_and_stays_when_left_empty(signed_in: SignedIn) -> None:
    operator = signed_in("operator")
    new = {"name": "telefon", "url": "http://192.0.2.1:8080", "username": "sms", "password": "tajne-heslo"}
    more = {"signing_key": "podpisovy-klic", "per_minute": "10", "replay_hours": "12"}
    answer = operator.post("/demo/admin/gateways/new/android", new | more)
    assert answer.headers["Location"].endswith("?done=saved"), answer.content.decode()
    path = "/demo/admin/gateways/telefon"
    page = operator.get(path).content.decode()
    assert "tajne-heslo" not in page
    assert "podpisovy-klic" not in page
    changed = {"url": "http://192.0.2.2:8080", "username": "sms", "per_minute": "20", "replay_hours": "12"}
    assert operator.post(path, changed).status_code == 302
    (kept,) = gateways.configured()
    settings = kept.settings
    assert (settings["password"], settings["per_minute"]) == ("tajne-heslo", 20)
    assert "tajne-heslo" not in str(list(models.Audit.objects.values_list("details", flat=True)))
    assert "Největší možná hodnota je 600." in operator.post(path, changed | {"per_minute": "9999"}).content.decode()


def test_a_router_is_set_up_by_its_profile_and_what_it_lacks_is_named(signed_in: SignedIn) -> None:
    operator, path = signed_in("operator"), "/demo/admin/gateways/new/hosted"
    router = {
        "name": "router",
        "profile": "teltonika",
        "username": "sms",
        "password": "tajne-heslo",
        "poll_seconds": "5",
    }
    for lacking, said in (
        ({"account": "3-1"}, "„Adresa k odesílání“: vyplňte začátek adresy"),
        ({"url": "http://192.0.2.1"}, "„Číslo účtu, kanálu nebo modemu“: vyplňte ho"),
    ):
        page = unescape(operator.post(path, router | lacking).content.decode())
        assert said in page.replace("\xa0", " ")
    assert not gateways.configured()
    operator.post(path, router | {"url": "http://192.0.2.1", "account": "3-1"})
    (kept,) = gateways.configured()
    assert (kept.kind, kept.settings["account"], kept.settings["poll_seconds"]) == ("hosted", "3-1", 5)


def test_a_second_gateway_at_the_place_of_another_is_refused_at_its_field(signed_in: SignedIn) -> None:
    operator, new = signed_in("operator"), "/demo/admin/gateways/new/smstools"
    spool = {"spool": "/srv/spool-leva", "timezone": "Europe/Prague", "per_minute": "8"}
    assert operator.post(new, spool | {"name": "leva"}).status_code == 302
    said = "Odtud už bere zprávy brána leva; jedna by druhé brala její."
    page = unescape(operator.post(new, spool | {"name": "prava"}).content.decode()).replace("\xa0", " ")
    assert said in page
    assert [one.name for one in gateways.configured()] == ["leva"]
    other = spool | {"spool": "/srv/spool-prava"}
    assert operator.post(new, other | {"name": "prava"}).status_code == 302
    assert operator.post("/demo/admin/gateways/prava", spool).status_code == 200
    kept = gateways.find("prava")
    assert kept
    assert kept.settings["spool"] == "/srv/spool-prava"


def test_the_operator_reads_the_health_of_a_gateway_in_full(signed_in: SignedIn) -> None:
    models.Gateway.objects.create(name="telefon", kind="unknown-kind", made_at=NOW)
    client = signed_in("operator")
    page = unescape(client.get("/demo/admin/gateways/").content.decode())
    assert "<p>Druh brány unknown-kind tato verze nezná. → Vypíše je prepazka gateway kinds.</p>" in page
    client.cookies["language"] = "en"
    page = client.get("/demo/admin/gateways/").content.decode()
    assert "This version knows no kind of gateway called unknown-kind." in page


def test_words_of_another_version_are_shown_as_they_were_reported(signed_in: SignedIn) -> None:
    models.Gateway.objects.create(name="telefon", kind="android", made_at=NOW)
    gateways.keep_report("telefon", GatewayReport("warning", "mice sit on it", "call the cat", NOW))
    page = unescape(signed_in("operator").get("/demo/admin/gateways/").content.decode())
    assert '<p lang="en">mice sit on it → call the cat</p>' in page
