"""What tests of held places share: an office that asks for confirmation, and the acts of a person with a phone."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from prepazka.core.booking.book import Book
from prepazka.core.booking.outcomes import Outcome
from prepazka.flows.booking import hold
from prepazka.flows.booking.request import BookingRequest, submit
from prepazka.flows.inbound.receive import receive
from prepazka.flows.outbound.deliver import show
from prepazka.gateways.values import Inbound
from prepazka.store import models, offices
from tests.offices import demo_office

NOW = datetime(2026, 8, 3, 7, 13, 21, tzinfo=UTC)
DAY = date(2026, 8, 10)
NUMBER = "+420739547765"
ME, OTHER = "+420731246802", "+420605987654"
HOME, NEIGHBOUR = "198.51.100.23", "2001:db8:77:1::/64"


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def founded(slug: str = "demo", number: str = NUMBER, **settings: Any) -> int:
    """An office that asks its web for confirmation."""
    office = replace(demo_office(), slug=slug, numbers=(number,))
    wanted = replace(office.settings, **({"confirm_web": True} | settings))
    return offices.keep(replace(office, settings=wanted), NOW)


@dataclass
class Citizen:
    """Somebody at a page, with a phone."""

    office: int
    phone: str = ME
    caller: str = HOME
    number: str = NUMBER
    said: int = 0

    def choose(self, at: str = "14:00", now: datetime = NOW, service: str = "PTP", name: str = "Iva Malá") -> Outcome:
        """Choose a place on the web."""
        wanted = Book(service, DAY, time.fromisoformat(at.zfill(5)), name)
        return submit(self.office, BookingRequest(wanted, "web", self.phone, caller=self.caller), now)

    def say(self, text: str, now: datetime = NOW) -> Outcome:
        """Send an SMS."""
        self.said += 1
        [handled] = receive([Inbound("phone", f"{self.phone}-{self.said}", self.phone, self.number, text)], now)
        assert handled.outcome is not None
        return handled.outcome

    def say_together(self, *texts: str, now: datetime = NOW) -> list[Outcome | None]:
        """Send several SMS that come as one batch."""
        self.said += 1
        batch = [
            Inbound("phone", f"{self.phone}-{self.said}-{n}", self.phone, self.number, text)
            for n, text in enumerate(texts)
        ]
        return [handled.outcome for handled in receive(batch, now)]

    def type_code(self, code: str, now: datetime = NOW, booking: int | None = None) -> Outcome:
        """Type a code on the page of the newest place."""
        return hold.confirm(self.office, booking or newest(self.phone).id, code, now)


def newest(phone: str = ME) -> models.Booking:
    return models.Booking.objects.filter(sender=phone).latest("id")


def states(phone: str = ME) -> list[str]:
    return list(models.Booking.objects.filter(sender=phone).order_by("id").values_list("state", flat=True))


def hand_over(now: datetime = NOW) -> None:
    """Let the phones show what was sent to them."""
    while show(now):
        pass


def messages(kind: str = "held") -> list[models.Outbound]:
    return list(models.Outbound.objects.filter(kind=kind).order_by("id"))
