"""After booking: the page of a booking that stands, of a place that waits for its phone, and of one that is free again.

The address is signed, so only who booked sees the page; it holds the booking's row id and no code.
"""

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from prepazka.core.booking.booking import Booking
from prepazka.core.booking.hold import HANDED_WITHIN, WRONG_CODES
from prepazka.core.booking.outcomes import Confirmed, Lapsed, UnknownBooking
from prepazka.core.office.office import Office
from prepazka.flows.booking import hold
from prepazka.store import desk, holds, kiosks
from prepazka.store.holds import HeldPlace
from prepazka.web import callers, clock, code_guesses, signed, wording
from prepazka.web.booking.forms import CodeForm
from prepazka.web.outcomes import describe_outcome
from prepazka.web.pages import public_office
from prepazka.web.post_only import post_only
from prepazka.web.taught import mine_message

# How long the page can be opened again.
_OPENED_AGAIN = timedelta(hours=1)
_SALT = "booked"


@dataclass(frozen=True, slots=True)
class Done:
    """What a signed address says: whose page it is. told: whether the page tells the code, as no message does.

    given: the address's own text.
    """

    office: Office
    place: HeldPlace
    told: bool
    given: str

    @property
    def booking(self) -> Booking:
        """The booking."""
        return self.place.booking

    def address(self, name: str) -> str:
        """Return the address of one of the views here."""
        return f"{reverse(name, kwargs={'slug': self.office.slug})}?o={self.given}"


def address_of(office: Office, booking: Booking, *, told: bool) -> str:
    """Return the signed address of the page of a booking just made; told: whether the page tells the code."""
    made = desk.booking_with_code(office, booking.code, booking.day)
    assert made is not None  # noqa: S101 -- it has just been made
    return f"{reverse('booked', kwargs={'slug': office.slug})}?o={signed.sign([made.id, told], _SALT, clock.now())}"


@never_cache
@require_safe
def booked(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the booking: its code only where no message tells it, for only the owner of the phone may know it."""
    done = _read(request, slug)
    if done is None or done.booking.state == "moved":
        return redirect("book", slug=slug)
    match done.booking.state:
        case "held":
            return _waiting_page(request, done, CodeForm())
        case "cancelled":
            return render(request, "web/booking/lapsed.html", _about(done), status=HTTPStatus.OK)
        case _:
            code = done.booking.code if done.told or done.place.stood else ""
            more = {"code": code, "kiosk": kiosks.any_of(done.office.id), "mine": mine_message()}
            return render(request, "web/booking/booked.html", _about(done) | more)


@never_cache
@post_only
def confirm(request: HttpRequest, slug: str) -> HttpResponse:
    """Confirm a held place by its code."""
    done = _read(request, slug)
    if done is None:
        return redirect("book", slug=slug)
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _waiting_page(request, done, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    now = clock.now()
    if wait := code_guesses.begin(request, done.office.id, now):
        words = _("Z vaší sítě přišlo mnoho chybných kódů. Další pokus přijmeme za %(seconds)s s.")
        form.add_error(None, words % {"seconds": callers.seconds(wait)})
        return _waiting_page(request, done, form, HTTPStatus.TOO_MANY_REQUESTS)
    assert done.booking.id is not None  # noqa: S101 -- it was read from the store
    outcome = hold.confirm(done.office.id, done.booking.id, form.cleaned_data["code"], now)
    if isinstance(outcome, UnknownBooking):
        code_guesses.wrong(request, done.office.id, now)
    else:
        code_guesses.right(request, done.office.id)
    if isinstance(outcome, Confirmed | Lapsed) or done.booking.state != "held":
        return redirect(done.address("booked"))
    form.add_error("code", _describe_refusal(done.place.wrong_codes + 1) or describe_outcome(outcome, done.office))
    return _waiting_page(request, done, form, HTTPStatus.CONFLICT)


@never_cache
@require_safe
def state(request: HttpRequest, slug: str) -> JsonResponse:
    """Say what became of a place, for the page that waits. The page asks every few seconds."""
    done = _read(request, slug)
    if done is None:
        return JsonResponse({"state": "unknown", "left": 0}, status=HTTPStatus.NOT_FOUND)
    return JsonResponse({"state": done.booking.state, "left": _seconds_left(done.place), "sent": _is_sent(done.place)})


def _read(request: HttpRequest, slug: str) -> Done | None:
    office, address = public_office(request, slug), request.GET.get("o", "")
    found = signed.read(address, _SALT, clock.now(), _OPENED_AGAIN)
    if found is None:
        return None
    booking_id, told = found.value
    place = holds.place(office, booking_id)
    return Done(office, place, told, address) if place and place.booking.name else None


def _waiting_page(request: HttpRequest, done: Done, form: CodeForm, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    until = done.place.waiting and done.place.waiting.until.astimezone(done.office.zone)
    more = {
        "form": form,
        "until": until and wording.format_time(until.time()),
        "sent": _is_sent(done.place),
        "left": _seconds_left(done.place),
        "by_phone_only": done.place.wrong_codes >= WRONG_CODES,
        "confirm": done.address("booked-confirm"),
        "again": done.address("booked"),
        "state": done.address("booked-state"),
    }
    return render(request, "web/booking/waiting.html", _about(done) | more, status=status)


def _about(done: Done) -> dict[str, object]:
    office, booking = done.office, done.booking
    service = office.service_of.get(booking.service)
    return {
        "office": office,
        "service": service,
        "when": wording.format_start(booking.day, booking.at),
        "digits": booking.sender[-3:],
        "bring": wording.format_bring(service),
        "phone": wording.format_office_phone(office),
    }


def _describe_refusal(wrong_codes: int) -> str:
    """Return what to say of a wrong code."""
    if wrong_codes >= WRONG_CODES:
        return _("Kód nesouhlasí a další už tu nepřijmeme. Potvrďte prosím odpovědí ANO z telefonu.")
    return _("Tento kód ve zprávě není. Opište prosím šest číslic z SMS.")


def _is_sent(place: HeldPlace) -> bool:
    return place.waiting is not None and place.waiting.handed is not None


def _seconds_left(place: HeldPlace) -> int:
    """Return how long the place is held yet, in seconds; 0 once it is not held."""
    if place.waiting is None or place.booking.state != "held":
        return 0
    until = place.waiting.until if _is_sent(place) else place.waiting.chosen + HANDED_WITHIN
    return max(0, int((until - clock.now()).total_seconds()))
