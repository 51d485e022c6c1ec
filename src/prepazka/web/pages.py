"""The office's public page: how to book by SMS, generated from the office's configuration."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from prepazka.core.booking.outcomes import FreeTimesListed
from prepazka.core.booking.query import FreeTimes
from prepazka.core.office.office import Office
from prepazka.flows.booking.query import look_up
from prepazka.store import figures, offices
from prepazka.web import clock
from prepazka.web.conversation import describe_conversation
from prepazka.web.examples import Form, Sample, make_forms
from prepazka.web.first_steps import is_public, refuse_unfinished
from prepazka.web.hours import list_differences, list_usual_hours
from prepazka.web.rules import describe_rules
from prepazka.web.taught import code_hole, name_hole
from prepazka.web.wording import format_bring, format_date, format_phone

# How many days ahead to search for a free start for the examples.
_LOOK_AHEAD = 21


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the office's page; with several offices, their list."""
    unfinished = {slug for slug in figures.maybe_unfinished() if not is_public(office_at(slug))}
    names = {slug: name for slug, name in offices.names().items() if slug not in unfinished}
    if len(names) == 1:
        return _office_page(request, office_at(next(iter(names))))
    return render(request, "web/offices.html", {"offices": names})


@require_safe
def office(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one office's page."""
    return _office_page(request, public_office(request, slug))


def public_office(request: HttpRequest, slug: str) -> Office:
    """Return the office at this address, as the public may see it. Raises: Http404; NotPublic while it is set up."""
    found = office_at(slug)
    refuse_unfinished(request, found)
    return found


def office_at(slug: str) -> Office:
    """Return the office at this address. Raises: Http404."""
    office_id = offices.find(slug)
    if office_id is None:
        raise Http404
    return offices.load(office_id)


class PageForms(NamedTuple):
    """The message forms of a page: those of the town's own page, and further ones."""

    documented: tuple[Form, ...] = ()
    further: tuple[Form, ...] = ()


def list_forms(office: Office, now: datetime) -> PageForms:
    """Return the message forms with examples; none when nothing can be booked soon, or there is no number to text."""
    sample = _find_sample(office, now) if office.numbers else None
    if sample is None:
        return PageForms()
    return PageForms(*(make_forms(office, sample, now, documented=which) for which in (True, False)))


def _office_page(request: HttpRequest, office: Office) -> HttpResponse:
    now = clock.now()
    today = now.astimezone(office.zone).date()
    message_forms = list_forms(office, now)
    return render(
        request,
        "web/office.html",
        {
            "office": office,
            "numbers": [(number, format_phone(number)) for number in office.numbers],
            "services": [(service, format_bring(service)) for service in office.shown_services],
            "forms": message_forms.documented,
            "further": message_forms.further,
            "hole": name_hole(),
            "code": code_hole(),
            "conversation": describe_conversation(office),
            "rules": describe_rules(office, today),
            "week": list_usual_hours(office, today),
            "differences": list_differences(office, today),
            "today": format_date(today),
            "simulator": settings.SIMULATOR,
        },
    )


def _find_sample(office: Office, now: datetime) -> Sample | None:
    """Find a free start of the first service, from tomorrow on, near the middle of that day's free starts."""
    today = now.astimezone(office.zone).date()
    service = office.sample_service(today)
    if service is None:
        return None
    soonest = None
    for ahead in range(_LOOK_AHEAD + 1):
        on = today + timedelta(days=ahead)
        free = look_up(office, FreeTimes(service.code, on), now)
        if not isinstance(free, FreeTimesListed):
            continue
        soonest = soonest or on
        if on > today:
            return Sample(service, on, free.starts[len(free.starts) // 2], soonest)
    return None
