"""A working day, played in browsers by two clerks, a kiosk, a board, a big screen, telephones and a web visitor.

The program is served as people serve it: one process on SQLite, two on PostgreSQL. In the middle of the morning the
power fails. At midnight the books must agree: with what everybody saw, with each other, and with the statistics.
"""

import re

from playwright.sync_api import expect

from prepazka.core.office.office import Office
from tests.play.books import Books, nothing_is_to_be_sent
from tests.play.ledger import Ledger
from tests.play.people import Clerk, Display, People, Phone, Visitor, at_once, codes
from tests.play.running import Running, eventually, number_in

ZOP, POP = "Žádost o vydání občanského průkazu", "Převzetí občanského průkazu"
PTP = "Přihlášení k trvalému pobytu"
FRIDAY, MONDAY, TUESDAY = "2026-07-31", "2026-08-03", "2026-08-04"
ONE, TWO = "Přepážka 1", "Přepážka 2"
NOVAK, ZIZKA, DVORAK, SVOBODA, CERNA = (f"+42060211122{last}" for last in range(5))
WEB, OTHER_WEB, CALLER = "+420731555010", "+420731555011", "+420731555012"


def test_a_working_day(people: People, running: Running, office: Office) -> None:
    play = Play(people, running)
    play.friday()
    play.sunday()
    play.before_opening()
    play.opening()
    play.rush()
    play.clumsy_hands()
    play.power_fails()
    play.queue_moves_on()
    play.afternoon()
    play.midnight()
    assert people.errors == []
    books = Books(office)
    books.agree_with(play.ledger)
    play.statistics(books)


class Play:
    """The acts of the day, in order; each leaves what the next one needs in the ledger."""

    def __init__(self, people: People, running: Running) -> None:
        self.people, self.running = people, running
        self.ledger = Ledger()
        self.phone = Phone(people.page("/phone/demo/"), "")
        self.visitor = Visitor(people.page("/demo/"))

    # --- days before ------------------------------------------------------------------------------

    def friday(self) -> None:
        """Bookings by SMS and on the web; both request the last place of an hour at once."""
        self.text(NOVAK, "OBJ ZOP 3.8. 8:00 NOVAK", "booked")
        self.text(NOVAK, "TERMIN PTP 3.8.", "free_times")
        self.text(ZIZKA, "OBJ PTP 3.8. 8:15 ŽIŽKA", "booked")
        self.text(DVORAK, "OBJ POP 3.8. 9:00 DVORAK", "booked")
        self.text(DVORAK, "OBJ POP 31.2. 9:00 DVORAK", "bad_date")
        self.text(DVORAK, "kdy máte otevřeno?", "help")
        self.visitor.book(POP, MONDAY, "8:00", "Jana Malá", WEB)
        self.visitor.confirm(self.confirmation("JANA MALA", WEB))
        self.visitor.book(PTP, MONDAY, "10:00", "Jana Malá", WEB)
        self.visitor.confirm(self.confirmation("10:00", WEB))
        self.one_place_for_two()
        self.text(CERNA, "OBJ ZOP 4.8. 9:00 CERNA", "booked")
        self.text(CERNA, f"STORNO {self.ledger.last} 4.8.", "cancelled")
        self.text(CERNA, f"STORNO {self.ledger.last} 4.8.", "already_cancelled")
        self.visitor.book(ZOP, TUESDAY, "9:00", "Petr Dlouhý", OTHER_WEB)
        code = self.confirmation("DLOUHY", OTHER_WEB)
        self.visitor.confirm(code)
        self.visitor.cancel(code, TUESDAY)
        self.ledger.cancelled.add(code)

    def one_place_for_two(self) -> None:
        """SMS and web request the last place at 9:00 at the same moment: one gets it, the other gets offers."""
        self.phone.number = SVOBODA
        self.phone.take()
        self.visitor.choose(ZOP, MONDAY, "9:00")
        at_once(self.phone.write("OBJ ZOP 3.8. 9:00 SVOBODA"), self.visitor.fill("Karel Rychlý", OTHER_WEB))
        expect(self.phone.messages).to_have_count(1)
        heading = self.visitor.page.get_by_role("heading", level=1)
        reply = self.phone.texts()[-1]
        if codes([reply]):
            self.ledger.record_message(SVOBODA, "booked", reply)
            expect(self.visitor.page.get_by_text("je už obsazený")).to_be_visible()
            self.visitor.page.locator("ul.choice a").first.click()
            self.visitor.fill("Karel Rychlý", OTHER_WEB).click()
            expect(heading).to_have_text("Potvrďte objednávku")
        else:
            self.ledger.record_message(SVOBODA, "slot_full", reply)
            expect(heading).to_have_text("Potvrďte objednávku")
            self.text(SVOBODA, "ANO", "booked")
        self.visitor.confirm(self.confirmation("RYCHLY", OTHER_WEB))

    def sunday(self) -> None:
        """The day before, everybody with a booking gets a reminder."""
        self.running.at("2026-08-02T09:00")
        for number in (NOVAK, ZIZKA):
            self.phone.number = number
            self.phone.receives("Pripominame")
        eventually(nothing_is_to_be_sent)  # the others' reminders, before the clock is set on

    # --- the day ----------------------------------------------------------------------------------

    def before_opening(self) -> None:
        """The office opens at 8: clerks sit down, and the kiosk refuses what is too early."""
        self.running.at("2026-08-03T07:50")
        self.board = Display(self.people.page("/demo/board/"))
        self.screen = Display(self.people.page("/demo/screen/", width=1280, height=720))
        self.kiosk = self.people.kiosk()
        self.one, self.two = self.people.clerks("novakova", "svoboda")
        for clerk, counter in ((self.one, ONE), (self.two, TWO)):
            clerk.come()
            clerk.sit(counter)
        self.kiosk.touch(ZOP)
        self.kiosk.shows("Teď máme zavřeno", "8:00–11:30")
        self.kiosk.type(self.ledger.code_of("DVORAK"))
        self.kiosk.shows("Jste tu brzy", "od 8:45")
        self.kiosk.type("000000")
        self.kiosk.shows("Kód nesouhlasí")
        self.kiosk.type(self.ledger.code_of("NOVAK"))
        self.arrived("booking", self.kiosk.ticket())
        self.kiosk.type(self.ledger.code_of("NOVAK"))
        self.kiosk.shows("Lístek už máte", "D1")

    def arrived(self, kind: str, number: str) -> str:
        self.ledger.tickets[number] = kind
        return number

    def opening(self) -> None:
        """The booked client is first, then the senior, then the others."""
        self.running.at("2026-08-03T08:00")
        for _ in range(2):
            self.arrived("walk_in", self.kiosk.walk_in(ZOP))
        senior = self.arrived("walk_in", self.kiosk.walk_in(POP, priority=True))
        self.one.sees_waiting(4)
        self.board.waiting("doklady", 4)
        assert self.one.next() == "D1"
        self.two.sees_elsewhere("D1", ONE)
        self.board.shows("D1", ONE)
        self.screen.shows("D1", ONE)
        self.one.recall()
        self.one.serve()
        self.board.calls()
        assert self.two.next() == senior
        self.one.sees_elsewhere(senior, TWO)
        self.two.serve()
        self.text(CERNA, "STAV ZOP", "queue")
        self.one.done()
        self.two.done()
        self.ledger.ended("done", "D1", senior)

    def rush(self) -> None:
        """Many come; both clerks press Next at the same moment, many times, and never get the same client."""
        self.running.at("2026-08-03T08:10")
        self.kiosk.type(self.ledger.code_of("ZIZKA"))
        self.arrived("booking", self.kiosk.ticket())
        for service in (ZOP, POP, PTP, ZOP):
            self.arrived("walk_in", self.kiosk.walk_in(service))
        self.arrived("walk_in", self.two.give_ticket("ZCD"))
        for _ in range(3):
            at_once(self.one.button("Zavolat dalšího"), self.two.button("Zavolat dalšího"))
            both = [self.receive_call(self.one, ONE), self.receive_call(self.two, TWO)]
            assert len(set(both)) == 2
            self.board.calls(*both)
            self.one.sees_elsewhere(both[1], TWO)
            self.two.sees_elsewhere(both[0], ONE)
            for clerk in (self.one, self.two):
                clerk.serve()
            at_once(self.one.button("Hotovo"), self.two.button("Hotovo"))
            for clerk in (self.one, self.two):
                expect(clerk.client).to_have_text("Nikdo")
            self.ledger.ended("done", *both)

    def receive_call(self, clerk: Clerk, counter: str) -> str:
        expect(clerk.client).to_have_text(re.compile(r"^[A-Z]\d+ voláte"))
        number = clerk.number()
        self.screen.shows(number, counter)
        return number

    def clumsy_hands(self) -> None:
        """Double presses, presses on a stale page and the browser's Back change nothing."""
        self.kiosk.start()
        at_once(*[self.kiosk.page.get_by_role("button", name=ZOP)] * 2)
        ticket = self.arrived("walk_in", self.kiosk.ticket())
        self.kiosk.page.go_back()
        self.kiosk.start()
        self.two.page.locator("#service").select_option("PTP")
        at_once(*[self.two.button("Vydat")] * 2)
        self.two.shows("Vydán lístek E")
        other = self.arrived("walk_in", str(number_in(self.two.page.get_by_role("alert").inner_text(), r"(E\d+)")))
        self.one.sees_waiting(len(self.ledger.open))
        at_once(*[self.two.button("Zavolat dalšího")] * 2)
        mine = self.receive_call(self.two, TWO)
        forgotten = Clerk(self.two.page.context.new_page(), self.two.name)
        forgotten.page.route("**/board/stream", lambda route: route.abort())
        forgotten.page.goto("/demo/desk/")
        self.two.serve()
        self.two.done()
        self.ledger.ended("done", mine)
        forgotten.press("Klient tu není")
        forgotten.shows(f"Nic jsme nezměnili: lístek {mine} je vyřízený.")
        forgotten.page.close()
        self.two.page.go_back()
        expect(self.two.client).to_have_text("Nikdo")
        assert {ticket, other} & self.ledger.open

    def power_fails(self) -> None:
        """All processes are killed while one client is called and one served, and somebody waits."""
        self.running.at("2026-08-03T08:50")
        self.kiosk.type(self.ledger.code_of("DVORAK"))
        booked = self.arrived("booking", self.kiosk.ticket())
        left = self.arrived("walk_in", self.kiosk.walk_in(ZOP))
        received, served = self.one.next(), self.two.next()
        self.two.serve()
        waiting = len(self.ledger.open) - 2
        self.one.sees_waiting(waiting)
        before = list(self.people.errors)
        self.running.kill()
        at_once(self.kiosk.page.get_by_role("link", name="Hotovo"))
        self.running.start()
        self.running.at("2026-08-03T08:55")
        self.kiosk.start()
        more = self.arrived("walk_in", self.kiosk.walk_in(POP))
        self.one.sees_waiting(waiting + 1)
        self.two.sees_waiting(waiting + 1)
        self.board.calls(received)
        for agenda, prefix in (("doklady", "D"), ("evidence", "E")):
            left_there = [one for one in self.ledger.open - {received, served} if one.startswith(prefix)]
            self.board.waiting(agenda, len(left_there))
        self.people.errors[:] = before  # that the server was away
        assert self.one.number() == received
        assert self.two.number() == served
        assert {booked, left, more} <= self.ledger.open
        self.two.done()
        self.ledger.ended("done", served)

    def queue_moves_on(self) -> None:
        """Not here, parked, transferred, a break; bookings for callers; a code typed too late."""
        number = self.one.number()
        for _ in range(3):
            self.one.recall()
        self.one.press("Klient tu není")
        expect(self.one.client).to_have_text("Nikdo")
        self.ledger.ended("absent", number)

        aside = self.two.next()
        self.two.press("Odložit")
        expect(self.two.client).to_have_text("Nikdo")
        self.one.sees_waiting(len(self.ledger.open))
        handed = self.one.next()
        assert handed != aside
        self.one.page.get_by_label("Předat").select_option(label=TWO)
        self.one.press("Předat")
        expect(self.one.client).to_have_text("Nikdo")
        self.one.press("Přestávka")
        expect(self.one.client).to_have_text("Přestávka")
        assert self.two.next() == handed
        self.two.serve()
        self.two.done()
        self.ledger.ended("done", handed)
        self.one.press("Ukončit přestávku")

        code = self.one.book("PTP", MONDAY, "14:00", "Eva Nová", CALLER)
        assert self.confirmation("14:00", CALLER) == code
        paper = self.one.book("ZOP", TUESDAY, "8:00", "Josef Starý")
        self.ledger.granted[paper] = f"ZOP {TUESDAY} 8:00 JOSEF STARY"
        self.one.cancel(TUESDAY, "Josef Starý")
        self.ledger.cancelled.add(paper)
        self.one.come()

        self.running.at("2026-08-03T09:20")
        late = next(
            name for name in ("SVOBODA", "KAREL RYCHLY") if "9:00" in self.ledger.granted[self.ledger.code_of(name)]
        )
        self.kiosk.type(self.ledger.code_of(late))
        self.kiosk.shows("Váš čas už uplynul", "do 9:15")
        self.kiosk.page.get_by_role("button", name="Vzít si běžný lístek").click()
        self.arrived("late", self.kiosk.ticket())
        self.kiosk.type(self.ledger.code_of("EVA NOVA"))
        self.kiosk.shows("Jste tu brzy", "od 13:45")
        for clerk in (self.one, self.two):
            self.serve_until_nobody_waits(clerk)
        assert not self.ledger.open

    def serve_until_nobody_waits(self, clerk: Clerk) -> None:
        while True:
            clerk.press("Zavolat dalšího")
            expect(
                clerk.page.locator(".client .label", has_text="voláte").or_(clerk.page.get_by_role("alert"))
            ).to_be_visible()
            if not (number := clerk.number()):
                return clerk.shows("Nikdo nečeká.")
            clerk.serve()
            clerk.done()
            self.ledger.ended("done", number)

    def afternoon(self) -> None:
        """After a long break clerks sign in again at their counters; before closing the kiosk gives no ticket."""
        self.running.at("2026-08-03T16:40")
        for clerk, counter in ((self.one, ONE), (self.two, TWO)):
            clerk.come()
            expect(clerk.page.get_by_role("heading", level=1)).to_have_text(counter)
        for service in (ZOP, POP, PTP):
            self.arrived("walk_in", self.kiosk.walk_in(service))
        received, served = self.one.next(), self.two.next()
        self.two.serve()
        self.running.at("2026-08-03T16:45")
        self.kiosk.touch(ZOP)
        self.kiosk.shows("Dnes už bychom vás nestihli", "do 16:45")
        self.ledger.ended("absent", received)
        self.ledger.ended("done", served)

    def midnight(self) -> None:
        """Everybody has gone home without closing anything: the worker closes the day."""
        self.running.at("2026-08-04T00:01")
        self.ledger.ended("closed", *self.ledger.open)
        self.board.calls()
        self.board.waiting("doklady", 0)
        self.board.waiting("evidence", 0)
        expect(self.board.page.locator("#last tr")).to_have_count(0)
        self.one.is_signed_out()
        self.one.sign_in()
        expect(self.one.page.get_by_role("heading", level=1)).to_have_text("Vyberte přepážku")
        expect(self.one.page.get_by_text("Nikdo nečeká.")).to_be_visible()
        for number in (NOVAK, ZIZKA, DVORAK, SVOBODA, CERNA, WEB, OTHER_WEB, CALLER):
            self.phone.number = number
            self.ledger.received[number] = self.phone.take().texts()

    def statistics(self, books: Books) -> None:
        """The manager's statistics agree with the play."""
        (manager,) = self.people.clerks("vedouci", role="manager")
        books.agree_with_statistics(self.ledger, manager.page)

    # --- what citizens do -------------------------------------------------------------------------

    def text(self, number: str, text: str, outcome: str) -> None:
        """Send a message and record the reply in the ledger."""
        if self.phone.number != number:
            self.phone.number = number
            self.phone.take()
        self.ledger.record_message(number, outcome, self.phone.send(text))

    def confirmation(self, words: str, number: str) -> str:
        """Wait for the confirmation of a booking made elsewhere and return its code."""
        self.phone.number = number
        text = self.phone.receives(words)
        return self.ledger.booked(text)
