"""A working day on which nobody follows the plan, played in browsers.

Clients come without a code, type a wrong one, miss their call and come back; clerks press a button after lunch when
their sign-in is over, lose the network, and cancel a booking; a service is paused, and the manager closes early. One
process on SQLite, two on PostgreSQL; at midnight the books agree with what everybody saw.
"""

import re

from playwright.sync_api import expect

from prepazka.core.office.office import Office
from tests.play.books import Books
from tests.play.ledger import Ledger
from tests.play.people import BETWEEN_LOOKS, LIVE_TIMEOUT, Clerk, Display, People, Phone
from tests.play.running import Running, eventually

MONDAY = "2026-08-03"
ONE, TWO, THREE = "Přepážka 1", "Přepážka 2", "Přepážka 3"
ZOP, POP, PTP = "Žádost o vydání občanského průkazu", "Převzetí občanského průkazu", "Přihlášení k trvalému pobytu"
HAVLOVA, TOMAN, BLAHA, KADLEC, MARES = (f"+42060755112{last}" for last in range(5))


def test_an_imperfect_day(people: People, running: Running, office: Office, *, whole: bool) -> None:
    """In its short form the day ends before the network is lost, and is played on PostgreSQL alone (tests/conftest.py);
    `make test-long` plays it whole, on both.
    """
    day = ImperfectDay(people, running)
    day.friday()
    day.a_service_is_paused()
    day.without_a_code()
    day.called_in_vain_and_back()
    day.cancelled_by_the_clerk()
    if whole:
        day.handed_to_nobody()
        day.network_lost()
        day.after_lunch()
        day.closing_early()
        day.forgotten_counter()
    day.midnight()
    assert people.errors == []
    Books(office).agree_with(day.ledger)


class ImperfectDay:
    """The acts of the day, in order."""

    def __init__(self, people: People, running: Running) -> None:
        self.people, self.running = people, running
        self.ledger = Ledger()
        self.phone = Phone(people.page("/phone/demo/"), "")

    def friday(self) -> None:
        self.text(HAVLOVA, "OBJ ZOP 3.8. 8:00 HAVLOVA", "booked")
        self.text(TOMAN, "OBJ PTP 3.8. 8:15 TOMAN", "booked")
        self.text(BLAHA, "OBJ POP 3.8. 14:00 BLAHA", "booked")
        self.text(KADLEC, "OBJ ZOP 3.8. 15:30 KADLEC", "booked")

    def a_service_is_paused(self) -> None:
        """New bookings are refused with the reason; nothing is offered on the web."""
        (self.manager,) = self.people.clerks("spravcova", role="administrator")
        page = self.manager.page
        page.goto("/demo/admin/services/ZCD")
        page.get_by_label("Pozastavit nové objednávky od").fill("2026-07-31")
        page.get_by_role("button", name="Uložit").click()
        expect(page.get_by_text(re.compile("[Uu]loženo"))).to_be_visible()
        self.text(MARES, "OBJ ZCD 3.8. 9:00 MARES", "service_paused")
        assert "neprijimame" in self.ledger.replies[MARES][-1]
        self.text(MARES, "OBJ ZCD MARES", "service_paused")

    def without_a_code(self) -> None:
        """A wrong code at the kiosk sends to the counter; there the name is enough, and it takes two presses."""
        self.running.at("2026-08-03T07:50")
        self.board = Display(self.people.page("/demo/board/"))
        self.kiosk = self.people.kiosk()
        self.one, self.two = self.people.clerks("novakova", "svoboda")
        for clerk, counter in ((self.one, ONE), (self.two, TWO)):
            clerk.come()
            clerk.sit(counter)
        self.kiosk.type("000001")
        self.kiosk.shows("Kód nesouhlasí", "Poradíme vám u přepážky")
        self.find(self.one, "havl")
        self.one.press("Klient je tu: HAVLOVA")
        self.one.come()
        self.one.sees_waiting(1)
        self.arrived("booking", "D1")

    def called_in_vain_and_back(self) -> None:
        """Who was called three times and did not come is told so at the kiosk, and gets a new place in the queue."""
        self.running.at("2026-08-03T08:00")
        assert self.one.next() == "D1"
        for _ in range(3):
            self.one.recall()
        self.one.press("Klient tu není")
        expect(self.one.client).to_have_text("Nikdo")
        self.board.calls()
        self.running.at("2026-08-03T08:12")
        self.kiosk.type(self.ledger.code_of("HAVLOVA"))
        self.kiosk.shows("Už jsme vás volali", "D1")
        self.kiosk.page.get_by_role("button", name="Vzít si").click()
        assert self.arrived("late", self.kiosk.ticket()) == "D1", "the same ticket, which is late now"
        self.one.sees_waiting(1)
        assert self.one.next() == "D1"
        self.one.serve()
        self.one.done()
        self.ledger.ended("done", "D1")

    def cancelled_by_the_clerk(self) -> None:
        """The clerk is asked first, and the phone is told."""
        self.one.cancel(MONDAY, "BLAHA")
        self.ledger.cancelled.add(self.ledger.code_of("BLAHA"))
        self.phone.number = BLAHA
        self.phone.receives("ZRUSENO")
        self.one.come()

    def handed_to_nobody(self) -> None:
        """Handing a client to a counter where nobody sits is asked first, and leaves the client to the others."""
        self.running.at("2026-08-03T09:10")
        self.one.come()
        self.two.come()
        given = self.arrived("walk_in", self.kiosk.walk_in(PTP))
        self.two.sees_waiting(1)
        assert self.two.next() == given
        self.two.serve()
        self.two.page.get_by_label("Komu předat").select_option(label=THREE)
        self.two.press("Předat")
        expect(self.two.page.get_by_text("U této přepážky teď nikdo nesedí")).to_be_visible()
        self.two.press("Předat i tak")
        expect(self.two.client).to_have_text("Nikdo")
        expect(self.one.page.locator(f"[data-ticket={given}]")).to_contain_text(THREE, timeout=LIVE_TIMEOUT)
        assert self.two.next() == given
        self.two.serve()
        self.two.done()
        self.ledger.ended("done", given)

    def network_lost(self) -> None:
        """The page says that it is old, and heals when the network is back."""
        page = self.two.page
        old = page.locator("#old")
        page.route("**/board/stream", lambda route: route.abort("internetdisconnected"))
        page.reload()
        expect(old).to_be_visible()
        expect(old).to_contain_text("Spojení je přerušené")
        came = self.arrived("walk_in", self.kiosk.walk_in(POP))
        page.unroute_all()
        self.two.sees_waiting(1)
        expect(old).to_be_hidden()
        self.forgive("ERR_INTERNET_DISCONNECTED")
        assert self.two.next() == came
        self.two.serve()
        self.two.done()
        self.ledger.ended("done", came)

    def after_lunch(self) -> None:
        """A press after the sign-in has ended is not lost: it is offered again behind the sign-in, and done once."""
        self.running.at("2026-08-03T11:20")
        self.one.come()
        left = self.arrived("walk_in", self.kiosk.walk_in(ZOP))
        self.one.sees_waiting(1)
        page = self.one.page
        page.route("**/board/stream", lambda route: route.abort())
        page.route("**/desk/?live*", lambda route: route.abort())
        page.reload()
        self.running.at("2026-08-03T12:40")
        self.one.press("Zavolat dalšího")
        expect(page.get_by_role("heading", name="Přihlášení pro úředníky")).to_be_visible()
        page.unroute_all()
        self.one.sign_in()
        expect(page.get_by_text("Chtěli jste:")).to_be_visible()
        expect(self.one.client).to_have_text("Nikdo")
        self.one.press("Udělat")
        expect(self.one.client).to_have_text(f"{left} voláte")
        self.one.serve()
        self.one.done()
        self.ledger.ended("done", left)
        self.forgive("ERR_FAILED")

    def closing_early(self) -> None:
        """The manager closes for the day: who is booked is told, and nobody is sent to a closed office."""
        self.running.at("2026-08-03T14:30")
        self.manager.come()
        page = self.manager.page
        page.goto("/demo/admin/hall/")
        page.get_by_role("link", name="Zavřít teď").click()
        page.get_by_label("Důvod", exact=True).fill("havárie vody")
        page.get_by_role("button", name="Zavřít do konce dneška").click()
        expect(page.get_by_text("KADLEC")).to_be_visible()
        page.get_by_role("button", name="Zavřít a objednávky zrušit").click()
        self.ledger.cancelled.add(self.ledger.code_of("KADLEC"))
        self.phone.number = KADLEC
        assert "havarie vody" in self.phone.receives("OMLOUVAME")
        self.kiosk.touch(ZOP)
        expect(self.kiosk.page.get_by_role("heading", level=1)).to_have_text(re.compile("zavřeno", re.IGNORECASE))
        expect(self.board.page.locator("[data-agenda=doklady]")).to_contain_text(
            re.compile("zavřeno", re.IGNORECASE), timeout=LIVE_TIMEOUT
        )
        self.text(MARES, "STAV ZOP", "queue")

    def forgotten_counter(self) -> None:
        """A counter nobody uses after closing asks its clerk, and closes by itself."""
        self.running.at("2026-08-03T14:57")
        self.two.come()
        self.running.at("2026-08-03T15:08")
        self.two.come()
        expect(self.two.page.get_by_text("přepážku zavřeme")).to_be_visible()
        self.running.at("2026-08-03T15:20")
        self.manager.come()
        page = self.manager.page

        def nobody_sits() -> bool:
            page.goto("/demo/admin/hall/")
            return page.get_by_text("nikdo tu nesedí").count() == page.locator("#counters-title + div tbody tr").count()

        eventually(nobody_sits, lambda _: page.wait_for_timeout(BETWEEN_LOOKS))

    def midnight(self) -> None:
        self.running.at("2026-08-04T00:01")
        expect(self.board.page.locator("#last tr")).to_have_count(0)
        self.one.is_signed_out()
        for number in (HAVLOVA, TOMAN, BLAHA, KADLEC, MARES):
            self.phone.number = number
            self.ledger.received[number] = self.phone.take().texts()

    def forgive(self, error: str) -> None:
        """Leave out errors of the browser that the play itself has made."""
        self.people.errors[:] = [one for one in self.people.errors if error not in one]

    # --- what people do ---------------------------------------------------------------------------

    def find(self, clerk: Clerk, words: str) -> None:
        clerk.page.goto("/demo/desk/bookings/")
        clerk.page.get_by_label("Najít klienta").fill(words)
        clerk.press("Najít")

    def arrived(self, kind: str, number: str) -> str:
        self.ledger.tickets[number] = kind
        return number

    def text(self, number: str, text: str, outcome: str) -> None:
        if self.phone.number != number:
            self.phone.number = number
            self.phone.take()
        self.ledger.record_message(number, outcome, self.phone.send(text))
