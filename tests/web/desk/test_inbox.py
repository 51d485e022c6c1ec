"""The clerk's inbox without scripts: reading, answering once, booking, done and back, and who may do none of it."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Page

from prepazka.core.office.office import Office, SavedAnswer
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import accounts, models, offices
from tests.web.conftest import ME, NOW, NUMBER
from tests.web.shown import tells_number
from tests.web.staff import FOREIGN, SignedIn

INBOX = "/demo/desk/inbox/"
QUESTION = "Muzu prijit s detmi na pas?"
Ask = Callable[..., int]


@pytest.fixture
def answering(office: Office) -> Office:
    """The demo office, whose clerks answer."""
    settings = replace(office.settings, inbox=True, inbox_hours="po–pá 8–15 h")
    answers = (SavedAnswer("Děti", "Ano, přijďte i s dětmi."), SavedAnswer("Parkování", "Za radnicí."))
    offices.keep(replace(office, settings=settings, answers=answers), NOW)
    return offices.load(office.id)


@pytest.fixture
def ask(answering: Office) -> Ask:
    def ask(text: str = QUESTION, sender: str = ME, minutes: int = 30) -> int:
        number = models.Inbound.objects.count()
        receive([Inbound("phone", f"m{number}", sender, NUMBER, text)], NOW - timedelta(minutes=minutes))
        return models.Inbound.objects.latest("id").id

    return ask


@pytest.fixture
def clerk(signed_in: SignedIn) -> Client:
    return signed_in("clerk")


def said(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode().replace("\xa0", " "))


def hidden(client: Client, message: int) -> dict[str, str]:
    """What the form of a conversation sends along."""
    page = client.get(f"{INBOX}{message}").content.decode()
    return dict(re.findall(r'name="(seen_\w+)" value="(\d+)"', page))


def send(client: Client, message: int, text: str, **fields: str) -> Any:
    return client.post(f"{INBOX}{message}/answer", hidden(client, message) | {"text": text, "send": "1"} | fields)


def answers() -> list[str]:
    return list(models.Outbound.objects.filter(kind="answer").order_by("id").values_list("text", flat=True))


def test_the_list_shows_beginnings_and_no_numbers(clerk: Client, ask: Ask) -> None:
    ask()
    ask("kde parkujete prosim", "+420602000001", minutes=3 * 24 * 60)
    page = said(clerk.get(INBOX))
    for words in ("…456", QUESTION, "čeká 30 min", "…001", "čeká 3 dny", "Zprávy od lidí (2)", "po–pá 8–15 h"):
        assert words in page
    assert not tells_number(page, ME)


def test_one_number_is_one_row(clerk: Client, ask: Ask) -> None:
    ask()
    ask("A kolik to stoji prosim?", minutes=10)
    page = said(clerk.get(INBOX))
    assert page.count("…456") == 1
    assert "2×" in page


def test_a_conversation_is_read_and_answered(clerk: Client, ask: Ask) -> None:
    ask("OBJ ZOP 10.8. 14:00 NOVAK")
    message = ask()
    page = said(clerk.get(f"{INBOX}{message}"))
    for words in ("+420 777 123 456", "Má objednávku ZOP", "OBJ ZOP 10.8. 14:00 NOVAK", QUESTION, "nerozuměli jsme"):
        assert words in page
    answer = send(clerk, message, "Ano, přijďte.")
    assert answer.headers["Location"] == INBOX
    page = said(clerk.get(INBOX))
    assert "Odpověď posíláme" in page
    assert "Žádná zpráva nečeká." in page
    assert answers() == ["Ano, prijdte."]
    assert "vyřízeno: clerk" in said(clerk.get(f"{INBOX}?done"))


def test_a_double_press_sends_one_answer(clerk: Client, ask: Ask) -> None:
    message = ask()
    form = hidden(clerk, message) | {"text": "Ano.", "send": "1"}
    for _ in range(2):
        assert clerk.post(f"{INBOX}{message}/answer", form).headers["Location"] == INBOX
    assert answers() == ["Ano."]


def test_who_comes_second_keeps_the_text_and_sees_what_was_sent(clerk: Client, signed_in: SignedIn, ask: Ask) -> None:
    message = ask()
    form = hidden(clerk, message) | {"text": "Ano.", "send": "1"}
    send(signed_in("manager"), message, "Ne, bez deti.")
    answer = clerk.post(f"{INBOX}{message}/answer", form)
    assert answer.status_code == 409
    page = said(answer)
    for words in ("Mezitím už odešla jiná odpověď", "Ne, bez deti.", "> Ano.", "vyřízeno: manager".capitalize()):
        assert words in page
    assert answers() == ["Ne, bez deti."]
    # Having seen it, they may still write.
    assert send(clerk, message, "Ano.").status_code == 302
    assert answers() == ["Ne, bez deti.", "Ano."]


def test_who_goes_back_and_writes_something_else_is_not_told_of_anybody_else(clerk: Client, ask: Ask) -> None:
    message = ask()
    form = hidden(clerk, message) | {"text": "Ano, v úterý.", "send": "1"}
    clerk.post(f"{INBOX}{message}/answer", form)
    page = said(clerk.post(f"{INBOX}{message}/answer", form | {"text": "Ne, ve středu."}))
    assert "Mezitím už odešla jiná odpověď" in page
    assert "někdo jiný" not in page
    assert len(answers()) == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [("", "Napište odpověď."), ("👍", "Napište ho prosím písmeny"), ("x" * 480, "zkraťte text o 21 znaků")],
)
def test_what_cannot_be_sent_is_told_by_the_form(clerk: Client, ask: Ask, text: str, told: str) -> None:
    answer = send(clerk, ask(), text)
    assert answer.status_code == 422
    assert told in said(answer)
    assert answers() == []


def test_a_saved_answer_is_put_under_what_is_written(clerk: Client, ask: Ask) -> None:
    message = ask()
    answer = clerk.post(f"{INBOX}{message}/answer", {"text": "Dobrý den.", "saved": "0", "insert": "1"})
    assert "Dobrý den.\nAno, přijďte i s dětmi." in answer.content.decode()
    assert "znaků 34/160, 1 zpráva · odejde bez háčků a čárek" in said(answer)
    for saved in ("7", "-1", "x", ""):
        assert clerk.post(f"{INBOX}{message}/answer", {"text": "", "saved": saved, "insert": "1"}).status_code == 200
    assert answers() == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "znaků 0/160"),
        ("Ano.", "znaků 4/160, 1 zpráva"),
        ("Ano, přijďte.", "znaků 13/160, 1 zpráva · odejde bez háčků a čárek"),
        ("x" * 161, "znaků 161/306, 2 zprávy, 2× cena"),
        ("x" * 460, "znaků 460/459, zkraťte text o 1 znak"),
    ],
)
def test_a_text_is_counted_as_it_is_sent(clerk: Client, answering: Office, text: str, told: str) -> None:
    assert told in said(clerk.post(f"{INBOX}count", {"text": text}))


def test_done_and_back(clerk: Client, ask: Ask) -> None:
    message = ask()
    seen = {"seen_message": hidden(clerk, message)["seen_message"]}
    later = ask("A kolik to stoji prosim?", minutes=1)
    assert clerk.post(f"{INBOX}{message}/done", seen).headers["Location"] == INBOX
    page = said(clerk.get(INBOX))
    assert "vyřízená bez odpovědi" in page
    assert "A kolik to stoji" in page
    assert QUESTION not in page
    assert f"{INBOX}{message}/reopen" in page
    back = clerk.post(f"{INBOX}{message}/reopen")
    assert back.headers["Location"] == f"{INBOX}{message}"
    assert "2×" in said(clerk.get(INBOX))
    assert later


def test_booking_for_the_number_leads_back_to_the_conversation(clerk: Client, ask: Ask) -> None:
    message = ask()
    address = f"/demo/desk/bookings/new/?message={message}&service=ZOP&day=2026-08-10"
    page = said(clerk.get(address))
    assert 'value="+420 777 123 456"' in page
    assert f'name="message" value="{message}"' in page
    key = clerk.get(address).context["key"]
    wish = {"at": "14:00", "name": "Novák", "phone": "+420 777 123 456", "key": str(key)}
    assert clerk.post(address, wish).headers["Location"] == f"{INBOX}{message}"
    assert models.Booking.objects.get().sender == ME
    assert "Objednano" in said(clerk.get(f"{INBOX}{message}"))


def test_a_booking_page_of_no_message_is_the_usual_one(clerk: Client, ask: Ask) -> None:
    ask("OBJ ZOP 10.8. 14:00 NOVAK")
    for message in (models.Inbound.objects.get().id, 0, 10**19, "x"):
        page = said(clerk.get(f"/demo/desk/bookings/new/?message={message}&service=ZOP"))
        assert not tells_number(page.replace("777 123 456.", ""), ME)


def test_whoever_reads_it_is_shown_to_the_others(clerk: Client, signed_in: SignedIn, ask: Ask) -> None:
    accounts.rename(models.User.objects.get(username="manager"), "Eva Dvořáková")
    message = ask()
    signed_in("manager").get(f"{INBOX}{message}")
    assert "čte Eva Dvořáková" in said(clerk.get(INBOX))
    assert "Právě ji čte i Eva Dvořáková." in said(clerk.get(f"{INBOX}{message}"))


def test_opening_is_registered_and_answering_is_in_the_audit_trail(
    clerk: Client, signed_in: SignedIn, ask: Ask
) -> None:
    message = ask()
    send(clerk, message, "Ano, prijdte.")
    trail = said(signed_in("manager").get("/demo/admin/audit"))
    opened = said(signed_in("officer").get("/demo/admin/register"))
    assert "Zpráva zodpovězena úředníkem" in trail
    assert "Otevřen rozhovor s člověkem" in opened
    for page in (trail, opened):
        assert "…456" in page
        for words in ("777", QUESTION, "Ano, prijdte"):
            assert words not in page


# --- who may not -------------------------------------------------------------------------------


def acts(message: int) -> list[tuple[str, str]]:
    return [
        ("get", INBOX),
        ("get", f"{INBOX}?done"),
        ("get", f"{INBOX}{message}"),
        ("post", f"{INBOX}{message}/answer"),
        ("post", f"{INBOX}{message}/done"),
        ("post", f"{INBOX}{message}/reopen"),
        ("post", f"{INBOX}count"),
    ]


FORM = {"text": "Ano.", "send": "1", "seen_message": "1000", "seen_answer": "0"}


def test_where_it_is_off_there_is_no_such_page(clerk: Client, ask: Ask, office: Office) -> None:
    message = ask()
    offices.keep(office, NOW)
    for method, address in acts(message):
        assert getattr(clerk, method)(address, FORM).status_code == 404, address
    assert "Zprávy od lidí" not in said(clerk.get("/demo/desk/"))
    assert "+420 777 123 456" not in said(clerk.get(f"/demo/desk/bookings/new/?message={message}&service=ZOP"))
    assert answers() == []


def test_a_clerk_of_another_office_never_sees_or_answers_it(signed_in: SignedIn, ask: Ask, answering: Office) -> None:
    message = ask()
    other = offices.load(offices.find("other") or 0)
    offices.keep(replace(other, settings=answering.settings), NOW)
    stranger = signed_in(FOREIGN)
    for method, address in acts(message):
        assert getattr(stranger, method)(address, FORM).status_code == 404, address
        own = address.replace("/demo/", "/other/")
        answer = getattr(stranger, method)(own, FORM)
        assert answer.status_code == (404 if str(message) in own else 200), own
        assert QUESTION not in said(answer)
    page = said(stranger.get(f"/other/desk/bookings/new/?message={message}&service=ZOP"))
    assert "+420 777 123 456" not in page
    assert answers() == []
    assert models.Audit.objects.filter(what__startswith="inbox").count() == 0
    assert not models.Access.objects.filter(what="thread opened").exists()
    assert models.Inbound.objects.get(id=message).done_at is None


def test_more_messages_cost_no_more_queries(clerk: Client, ask: Ask) -> None:
    message = ask()
    clerk.get(f"{INBOX}{message}")

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            clerk.get(address)
        return len(asked)

    before = [queries(INBOX), queries(f"{INBOX}{message}")]
    for number in range(8):
        ask("kde parkujete prosim", f"+42060200000{number}")
    ask("OBJ ZOP 10.8. 14:00 NOVAK")
    ask("A kolik to stoji prosim?")
    assert [queries(INBOX), queries(f"{INBOX}{message}")] == before


# --- in a browser ------------------------------------------------------------------------------


def test_the_count_follows_what_is_written(
    page: Page, live_server: Any, signed_in: SignedIn, ask: Ask, settings: Any
) -> None:
    message = ask()
    session = signed_in("clerk").cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page.goto(f"{INBOX}{message}")
    page.select_option("#saved", label="Děti")
    page.get_by_role("button", name="Vložit").click()
    page.wait_for_selector("#count [data-parts='1']")
    assert page.input_value("textarea") == "Ano, přijďte i s dětmi."
    page.fill("textarea", "ž" * 460)
    page.wait_for_selector("#count [data-over]")
    assert page.get_by_role("button", name="Odeslat a vyřídit").is_disabled()
    page.fill("textarea", "Ano.")
    page.wait_for_selector("#count [data-parts='1']")
    page.get_by_role("button", name="Odeslat a vyřídit").click()
    page.get_by_text("Odpověď posíláme").wait_for()
    assert answers() == ["Ano."]
