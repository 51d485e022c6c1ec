"""The first start: the link that `prepazka serve` printed, those who try it without right, and the first office."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from prepazka import officefile
from prepazka.store import accounts, first_operator, models, offices
from prepazka.store.models import User
from prepazka.web import clock
from tests.web.account.factors import Phone, phone
from tests.web.conftest import NOW

__all__ = ["phone"]

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "kolovrat-a-tri-vrby"
LINK = f"/account/first/{TOKEN}"
PASSWORD = "sedm modrych kolovratu"


@pytest.fixture
def link(transactional_db: None) -> str:
    first_operator.make_link(TOKEN, NOW, "command line")
    return LINK


def fill(client: Client, address: str, name: str = "hanakova", **other: str) -> Any:
    given = {"username": name, "name": "Jana Hanáková", "password1": PASSWORD, "password2": PASSWORD}
    return client.post(address, given | other)


def said(answer: Any) -> str:
    """The page, with the spaces people see."""
    return str(answer.content.decode().replace("\xa0", " "))


def operators() -> list[str]:
    return list(User.objects.filter(is_superuser=True).values_list("username", flat=True))


def test_the_link_makes_the_operator_who_enrols_a_second_factor_and_founds_an_office(link: str, phone: Phone) -> None:
    client = Client()
    assert client.get(link).status_code == 200
    assert fill(client, link).headers["Location"] == "/account/second-step"
    assert operators() == ["hanakova"]
    user = User.objects.get()
    assert (user.name, user.password_given, user.check_password(PASSWORD)) == ("Jana Hanáková", False, True)
    assert client.get("/account/new-office").headers["Location"] == "/account/second-step"  # nothing else before it
    phone.enrol(client)
    assert "Zatím tu není žádný úřad" in said(client.get("/account/"))
    form = {"slug": "kunovice", "name": "Městys Kunovice", "number": "739 000 071", "languages": ["cs", "en"]}
    assert client.post("/account/new-office", form).headers["Location"] == "/kunovice/admin/"
    office = offices.load(offices.find("kunovice") or 0)
    assert (office.name, office.numbers, office.settings.languages) == (
        "Městys Kunovice",
        ("+420739000071",),
        ("cs", "en"),
    )
    steps = client.get("/kunovice/admin/").content.decode()
    assert 'href="/kunovice/admin/gateways/"' in steps.partition('id="todo"')[2].partition("</ul>")[0]


def test_a_browser_with_the_link_needs_the_forms_token(link: str) -> None:
    assert fill(Client(enforce_csrf_checks=True), link).status_code == 403
    assert operators() == []


@pytest.mark.parametrize("guess", [TOKEN.upper(), TOKEN[:-1], f"{TOKEN}x", "none", "%00", "x" * 500])
def test_a_guessed_link_is_none(link: str, guess: str) -> None:
    address = f"/account/first/{guess}"
    assert Client().get(address).status_code == 404
    assert fill(Client(), address).status_code == 404
    assert operators() == []


def test_only_a_hash_of_the_link_is_stored(link: str) -> None:
    assert TOKEN not in str(list(models.FirstOperatorLink.objects.values()))
    assert TOKEN not in str(list(models.Audit.objects.values()))


def test_the_link_ends_after_its_hour(link: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=60))
    assert Client().get(link).status_code == 404
    assert fill(Client(), link).status_code == 404
    assert operators() == []


def test_a_second_start_ends_the_first_ones_link(link: str) -> None:
    first_operator.make_link("druhy-start", NOW, "command line")
    assert fill(Client(), link).status_code == 404
    assert fill(Client(), "/account/first/druhy-start").status_code == 302


def test_of_two_browsers_with_the_form_open_the_first_makes_the_operator(link: str) -> None:
    one, other = Client(), Client()
    assert (one.get(link).status_code, other.get(link).status_code) == (200, 200)
    assert fill(other, link, "vetrelec").status_code == 302
    assert fill(one, link).status_code == 404
    assert operators() == ["vetrelec"]
    assert one.get("/account/").status_code == 302  # and is not signed in


def test_no_link_serves_once_there_is_an_operator(link: str) -> None:
    user = accounts.open_account("provozni", make_password("sedm modrych kolovratu"), NOW, "test")
    accounts.make_operator(user, NOW, "test")
    assert Client().get(link).status_code == 404
    assert fill(Client(), link).status_code == 404
    assert operators() == ["provozni"]


def test_the_link_does_not_serve_under_another_host(link: str) -> None:
    given = {"username": "hanakova", "password1": PASSWORD, "password2": PASSWORD}
    assert Client().post(link, given, headers={"host": "vetrelec.example"}).status_code == 400
    assert operators() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"password1": "krátké", "password2": "krátké"},
        {"password2": "osm modrych kolovratu"},
        {"password1": "hanakova 1234567", "password2": "hanakova 1234567"},
        {"username": "Jana Hanáková"},
        {"username": ""},
    ],
    ids=["too short", "two passwords", "one's own name", "no name to sign in with", "no name"],
)
def test_a_mistake_in_the_form_uses_up_nothing(link: str, wrong: dict[str, str]) -> None:
    answer = fill(Client(), link, **wrong)
    assert (answer.status_code, 'class="wrong"' in said(answer)) == (200, True)
    assert operators() == []
    assert fill(Client(), link).status_code == 302


def test_the_name_of_an_account_is_not_taken_over(link: str) -> None:
    clerk = accounts.open_account("hanakova", "!", NOW, "test")
    answer = fill(Client(), link)
    assert "Účet tohoto jména už tu je" in said(answer)
    clerk.refresh_from_db()
    assert (clerk.is_superuser, clerk.password) == (False, "!")
    assert fill(Client(), link, "hanakova2").status_code == 302


# --- the first office ---------------------------------------------------------------------------


@pytest.fixture
def operator(link: str, phone: Phone) -> Client:
    client = Client()
    fill(client, link)
    phone.enrol(client)
    return client


def upload(client: Client, text: bytes) -> Any:
    return client.post("/account/new-office", {"file": SimpleUploadedFile("urad.toml", text)})


def test_an_office_is_founded_by_its_file(operator: Client) -> None:
    text = officefile.example().replace("muj-urad", "vlkov")
    assert upload(operator, text.encode()).headers["Location"] == "/vlkov/admin/"
    office = offices.load(offices.find("vlkov") or 0)
    assert (len(office.services), office.settings.confirm_web) == (6, True)
    assert "Úřad s touto adresou už tu je" in said(upload(operator, text.encode()))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"[office]\nslug = 'vlkov'\nname = 'Vlkov'\nnumbers = ['12']", "To není telefonní číslo"),
        (b"[office", "Soubor končí uprostřed"),
        (b"[office]\nslug vlkov", "Soubor není v pořádku na řádku 2"),
        ("[office]\nname = 'Vlčice'".encode("cp1250"), "není text v kódování UTF-8"),
        (b"[office]\nslug = 'vlkov'\nname = 'Vlkov'\n[texts.cs]\nbooked = 'ne'", "texts.cs.booked"),
    ],
    ids=["a number", "no end", "no TOML", "another encoding", "a text"],
)
def test_a_file_with_mistakes_founds_nothing_and_says_what_to_mend(operator: Client, text: bytes, told: str) -> None:
    answer = upload(operator, text)
    assert (answer.status_code, told in said(answer)) == (200, True)
    assert offices.slugs() == []


def test_a_number_of_another_office_founds_nothing(operator: Client) -> None:
    form = {"slug": "kunovice", "name": "Kunovice", "number": "+420 739 000 071", "languages": ["cs"]}
    assert operator.post("/account/new-office", form).status_code == 302
    answer = operator.post("/account/new-office", form | {"slug": "jina", "administrator": "novy.spravce"})
    assert "už patří jinému úřadu" in said(answer)
    assert (offices.slugs(), accounts.find("novy.spravce")) == (["kunovice"], None)


def test_all_mistakes_of_the_form_are_told_at_once(operator: Client) -> None:
    """Of an empty field, of one no office can have, of what another office has, and of an account's name."""
    offices.keep(officefile.load_demo(), NOW)
    typed = {"slug": "!!!", "name": "", "number": "158", "administrator": "Ž"}
    page = said(operator.post("/account/new-office", typed))
    assert page.count("Toto pole je třeba vyplnit.") == 2, "the name and the languages"
    for told in ("Použijte nejvýše 40 malých písmen", "lidé volají o pomoc", "Použijte 2 až 40 malých písmen"):
        assert page.count(told) == 1, told
    taken: dict[str, Any] = {"slug": "demo", "name": "", "number": "739 547 765", "languages": ["cs"]}
    page = said(operator.post("/account/new-office", taken))
    for told in ("Úřad s touto adresou už tu je.", "Toto pole je třeba vyplnit.", "už patří jinému úřadu"):
        assert page.count(told) == 1, told
    assert offices.slugs() == ["demo"]


def test_all_mistakes_of_a_file_are_told_at_once(operator: Client) -> None:
    offices.keep(officefile.load_demo(), NOW)
    text = officefile.dump(officefile.load_demo()).replace('"RTP"', '"FRONTA"')
    page = said(upload(operator, text.encode()))
    for told in ("Úřad s touto adresou už tu je.", "už patří jinému úřadu", "FRONTA"):
        assert told in page, told
