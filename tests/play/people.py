"""The people of the play: clerks at their desks, a kiosk, the displays, and citizens with telephones and computers.

Each has a browser of their own and does what people do: look, type, press. None reads the database.
"""

import re
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Locator, Page, expect

from tests.play.running import Running, eventually, number_in
from tests.web.browsing import PATIENCE

# Milliseconds for an act to appear on all pages: a second on an idle machine, more on a busy one.
LIVE_TIMEOUT = PATIENCE
# Milliseconds before a page that waits for the worker is loaded again, which keeps the machine from that work.
BETWEEN_LOOKS = 250
# Milliseconds until buttons are pressed at once, at the least; on a busy machine, several times what asking them takes.
_DELAY = 150.0
# How often a page may be left while a button of it is looked for.
_MOST_LEFT = 5


@dataclass
class People:
    """Makes the people of the play, and collects the errors in their browsers."""

    running: Running
    browser: Browser
    errors: list[str] = field(default_factory=list)
    _contexts: list[BrowserContext] = field(default_factory=list)

    def page(self, path: str = "", *, width: int = 1100, height: int = 800) -> Page:
        """Open a browser of its own."""
        context = self.browser.new_context(
            base_url=self.running.address, viewport={"width": width, "height": height}, reduced_motion="reduce"
        )
        context.set_default_timeout(PATIENCE)
        self._contexts.append(context)
        page = context.new_page()
        page.on("console", self._record_error)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        if path:
            page.goto(path)
        return page

    def clerks(self, *names: str, role: str = "clerk") -> list["Clerk"]:
        """Make accounts by the program; each clerk chooses a password at the first sign-in."""
        with ThreadPoolExecutor() as at_once:
            outputs = at_once.map(lambda name: self.running.prepazka("user", "add", name, "--role", role), names)
            passwords = [number_in(text, r": (\S+)") for text in outputs]
        clerks = [Clerk(self.page(), name) for name in names]
        for clerk, password in zip(clerks, passwords, strict=True):
            clerk.begin(password)
        return clerks

    def kiosk(self) -> "Kiosk":
        page = self.page(self.running.prepazka("kiosk", "hala").strip(), width=1080, height=1400)
        return Kiosk(page)

    def leave(self) -> None:
        for context in self._contexts:
            context.close()

    def _record_error(self, message: ConsoleMessage) -> None:
        # The console repeats the status of a refused form; before anybody pressed a screen it may not sound.
        if not re.search(r"status of (409|422)|AudioContext was not allowed", message.text):
            self.errors.append(f"{message.text} {message.location['url']}")


# The page may be updated meanwhile: the script presses the button that is there then, as a finger would.
_CLICK = """(button, at) => void setTimeout(
    () => ((button.id && document.getElementById(button.id)) || button).click(), at - Date.now())"""


def at_once(*buttons: Locator) -> None:
    """Press buttons of several pages at the same moment, or one button twice."""
    began = time.monotonic()
    moments: list[float] = [_evaluate(button, "() => Date.now()") for button in buttons]
    delay = max(_DELAY, 5_000 * (time.monotonic() - began))
    for button in buttons:
        _evaluate(button, _CLICK, max(moments) + delay)


def _evaluate(button: Locator, script: str, given: float = 0) -> Any:
    """Run a script on a button; again where the page was just left for the next one, with which the script is gone."""
    for _ in range(_MOST_LEFT):
        try:
            return button.evaluate(script, given)
        except Error as error:
            if "because of a navigation" not in str(error):
                raise
            button.page.wait_for_load_state()
    return button.evaluate(script, given)


@dataclass
class Clerk:
    """A clerk at the page of the desk."""

    page: Page
    name: str
    password: str = "obcerstveni v patek odpoledne"

    def begin(self, password: str) -> None:
        """Sign in for the first time, with the password from the operator, and choose an own one."""
        self.page.goto("/demo/desk/")
        self.sign_in(password)
        self.page.get_by_label("Dosavadní heslo").fill(password)
        self.page.get_by_label("Nové heslo", exact=True).fill(self.password)
        self.page.get_by_label("Nové heslo ještě jednou").fill(self.password)
        self.press("Změnit heslo")
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.name)

    def sign_in(self, password: str = "") -> None:
        self.page.get_by_label("Přihlašovací jméno").fill(self.name)
        self.page.get_by_label("Heslo").fill(password or self.password)
        self.press("Přihlásit se")
        expect(self.page.get_by_role("heading", name="Přihlášení pro úředníky")).to_have_count(0)

    def come(self) -> None:
        """Go to the desk; sign in if the session is over."""
        self.page.goto("/demo/desk/")
        if self.page.get_by_role("heading", name="Přihlášení pro úředníky").count():
            self.sign_in()

    def is_signed_out(self) -> None:
        """Wait until the page notices the end of the session by itself."""
        expect(self.page.get_by_role("heading", name="Přihlášení pro úředníky")).to_be_visible()

    def sit(self, counter: str) -> None:
        self.press(f"Obsadit přepážku: {counter}")
        expect(self.page.get_by_role("heading", level=1)).to_have_text(counter)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def press(self, name: str) -> None:
        self.button(name).click()

    @property
    def client(self) -> Locator:
        """The client's number and state."""
        return self.page.locator(".client .label")

    def number(self) -> str:
        """Return the number of the client who is called or served here, "" for nobody."""
        text = self.client.inner_text()
        found = re.match(r"([A-Z]\d+) ", text)
        return found[1] if found else ""

    def next(self) -> str:
        """Press Next and return the number called."""
        self.press("Zavolat dalšího")
        expect(self.client).to_have_text(re.compile(r"^[A-Z]\d+ voláte"))
        return self.number()

    def serve(self) -> None:
        number = self.number()
        self.press("Klient je tu")
        expect(self.client).to_have_text(f"{number} obsluhujete")

    def recall(self) -> None:
        button = self.page.locator("#recall")
        recalls = re.search(r"\d+", button.inner_text())
        button.click()
        expect(button).to_have_text(f"Volat znovu ({int(recalls[0]) + 1 if recalls else 1})")

    def done(self) -> None:
        self.press("Hotovo")
        expect(self.client).to_have_text("Nikdo")

    def shows(self, words: str) -> None:
        expect(self.page.get_by_role("alert")).to_contain_text(words)

    def sees_waiting(self, count: int) -> None:
        """Wait for this count, without reloading the page."""
        expect(self.page.get_by_role("heading", name=f"Čekají ({count})")).to_be_visible(timeout=LIVE_TIMEOUT)

    def sees_elsewhere(self, number: str, counter: str, doing: str = "volá se") -> None:
        expect(self.page.get_by_text(f"{number} {counter} – {doing}")).to_be_visible(timeout=LIVE_TIMEOUT)

    def give_ticket(self, service: str) -> str:
        self.page.locator("#service").select_option(service)
        self.press("Vydat")
        notice = self.page.get_by_role("alert")
        expect(notice).to_contain_text("Vydán lístek")
        return str(number_in(notice.inner_text(), r"lístek ([A-Z]\d+)"))

    def book(self, service: str, day: str, at: str, name: str, phone: str = "") -> str:
        """Book for a caller and return the code on the slip."""
        self.page.goto(f"/demo/desk/bookings/new/?service={service}&day={day}")
        self.page.get_by_label(at, exact=True).check()
        self.page.get_by_label("Jméno a příjmení").fill(name)
        self.page.get_by_label("Telefon").fill(phone)
        self.press("Objednat")
        expect(self.page.get_by_role("heading", name="Potvrzení objednávky")).to_be_visible()
        return self.page.locator(".code").inner_text()

    def cancel(self, day: str, name: str) -> None:
        self.page.goto(f"/demo/desk/bookings/?day={day}")
        self.page.get_by_role("link", name=f"Zrušit objednávku {name}").click()
        expect(self.page.get_by_role("heading", name="Zrušit objednávku?")).to_be_visible()
        self.press("Zrušit objednávku")
        expect(self.page.get_by_text("je zrušená")).to_be_visible()


@dataclass
class Kiosk:
    """The touch screen at the entrance."""

    page: Page

    def start(self) -> None:
        self.page.goto("/demo/kiosk/")

    def touch(self, service: str, *, priority: bool = False) -> None:
        self.start()
        if priority:
            self.page.get_by_role("link", name="Jsem senior").click()
            expect(self.page.get_by_text("Vydáme přednostní lístek")).to_be_visible()
        self.page.get_by_role("button", name=service).click()

    def walk_in(self, service: str, *, priority: bool = False) -> str:
        """Take a ticket for a service and return its number."""
        self.touch(service, priority=priority)
        return self.ticket()

    def type(self, code: str) -> None:
        """Type the access code, digit by digit."""
        self.start()
        self.page.get_by_role("link", name="Mám objednávku").click()
        for digit in code:
            self.page.get_by_role("button", name=digit, exact=True).click()
        expect(self.page.locator("#typed")).to_have_value(code)
        self.page.get_by_role("button", name="Potvrdit").click()

    def ticket(self) -> str:
        heading = self.page.get_by_role("heading", level=1)
        expect(heading).to_have_text(re.compile(r"Váš lístek\s+[A-Z]\d+"))
        return str(number_in(heading.inner_text(), r"([A-Z]\d+)"))

    def shows(self, title: str, words: str = "") -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)
        expect(self.page.locator("main")).to_contain_text(words)


@dataclass
class Display:
    """The public page or the screen in the waiting room."""

    page: Page

    def shows(self, number: str, counter: str) -> None:
        row = self.page.locator("#calling > *", has_text=re.compile(rf"^\s*{number}\s"))
        # The screen says "přepážka 1" in the middle of its line.
        expect(row).to_contain_text(re.compile(counter, re.IGNORECASE), timeout=LIVE_TIMEOUT)

    def calls(self, *numbers: str) -> None:
        """Wait until exactly these numbers are called."""
        expect(self.page.locator("#calling > *")).to_have_count(len(numbers), timeout=LIVE_TIMEOUT)
        for number in numbers:
            expect(self.page.locator("#calling [data-of=number]", has_text=re.compile(rf"^{number}$"))).to_have_count(1)

    def waiting(self, agenda: str, count: int) -> None:
        expect(self.page.locator(f"[data-agenda={agenda}] [data-of=waiting]")).to_have_text(
            str(count), timeout=LIVE_TIMEOUT
        )


@dataclass
class Phone:
    """A citizen's mobile phone, shown by the simulator."""

    page: Page
    number: str

    def take(self) -> "Phone":
        """Open the conversation of this number."""
        self.page.goto("/phone/demo/")
        self.page.get_by_label("Vaše číslo").fill(self.number)
        self.page.get_by_role("button", name="Použít").click()
        expect(self.page.get_by_label("Vaše číslo")).to_have_value(self.number)
        return self

    @property
    def messages(self) -> Locator:
        return self.page.locator("#conversation li.office")

    def texts(self) -> list[str]:
        """Return the office's messages, the oldest first; the page keeps some words together, the message does not."""
        return [text.strip().replace("\xa0", " ") for text in self.messages.locator("p").all_inner_texts()]

    def write(self, text: str) -> Locator:
        """Type a message and return the button that sends it."""
        self.page.get_by_label("Zpráva").fill(text)
        return self.page.get_by_role("button", name="Odeslat")

    def send(self, text: str) -> str:
        """Send a message and return the reply."""
        before = self.messages.count()
        self.write(text).click()
        expect(self.messages).to_have_count(before + 1)
        return self.texts()[-1]

    def receives(self, words: str) -> str:
        """Wait for a notification with these words and return it."""

        def find() -> str:
            self.take()
            return next((text for text in reversed(self.texts()) if words.upper() in text.upper()), "")

        return eventually(find, lambda _: self.page.wait_for_timeout(BETWEEN_LOOKS))


@dataclass
class Visitor:
    """A citizen at a computer, on the booking pages."""

    page: Page

    def choose(self, service: str, day: str, at: str) -> None:
        """Choose a time: the service, then the day and hour in the week view."""
        self.page.goto("/demo/book/")
        self.page.get_by_role("link", name=service).click()
        self.page.goto(f"{self.page.url.partition('?')[0]}?week={day}")
        self.page.locator(f'a[href$="/{day}/{at.replace(":", "-").zfill(5)}/"]').first.click()

    def fill(self, name: str, phone: str) -> Locator:
        """Fill in name and telephone, and return the button that books."""
        self.page.get_by_label("Jméno a příjmení").fill(name)
        self.page.get_by_label("Mobilní telefon").fill(phone)
        return self.page.get_by_role("button", name="Objednat")

    def book(self, service: str, day: str, at: str, name: str, phone: str) -> None:
        self.choose(service, day, at)
        self.fill(name, phone).click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Potvrďte objednávku")

    def confirm(self, code: str) -> None:
        """Type the code of the message, on the page that waits for it."""
        self.page.get_by_label("Přístupový kód").fill(code)
        self.page.get_by_role("button", name="Potvrdit").click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Objednáno")

    def cancel(self, code: str, day: str) -> None:
        self.page.goto("/demo/cancel/")
        self.page.get_by_label("Přístupový kód").fill(code)
        self.page.get_by_label("Den objednávky").fill(day)
        self.page.get_by_role("button", name="Zrušit objednávku").click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Zrušeno")


def codes(texts: Sequence[str]) -> list[str]:
    """Return the access codes in messages of the office."""
    return [found[1] for text in texts if (found := re.search(r"\. Kod [\w ]+: (\d+)", text))]
