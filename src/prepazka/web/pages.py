"""The office's public page: how to book by SMS, made from the office's own configuration."""

from datetime import datetime, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from prepazka.core.booking.outcomes import FreeTimesListed
from prepazka.core.booking.query import FreeTimes
from prepazka.core.office.office import Office
from prepazka.flows.booking.query import look
from prepazka.store import offices
from prepazka.web import clock
from prepazka.web.examples import Form, Sample
from prepazka.web.examples import forms as forms_of
from prepazka.web.hours import differences, week
from prepazka.web.rules import rules
from prepazka.web.wording import bring, day, phone

# How many days ahead a free start for the examples is looked for.
_LOOK_AHEAD = 21


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The office's page; with several offices, which one."""
    slugs = offices.slugs()
    if len(slugs) == 1:
        return _page(request, office_at(slugs[0]))
    return render(request, "web/offices.html", {"offices": [office_at(slug) for slug in slugs]})


@require_safe
def office(request: HttpRequest, slug: str) -> HttpResponse:
    """One office's page."""
    return _page(request, office_at(slug))


def office_at(slug: str) -> Office:
    """The office at this address. Raises: Http404."""
    office_id = offices.find(slug)
    if office_id is None:
        raise Http404
    return offices.load(office_id)


def forms(office: Office, now: datetime) -> tuple[tuple[Form, ...], tuple[Form, ...]]:
    """The documented messages and the further ones; none for an office where nothing can be booked soon."""
    sample = _sample(office, now)
    if sample is None:
        return (), ()
    documented, further = (forms_of(office, sample, now, documented=which) for which in (True, False))
    return documented, further


def _page(request: HttpRequest, office: Office) -> HttpResponse:
    now = clock.now()
    today = now.astimezone(office.zone).date()
    common, more = forms(office, now)
    return render(
        request,
        "web/office.html",
        {
            "office": office,
            "numbers": [(number, phone(number)) for number in office.numbers],
            "services": [(service, bring(service)) for service in office.services],
            "forms": common,
            "further": more,
            "rules": rules(office, today),
            "week": week(office, today),
            "differences": differences(office, today),
            "today": day(today),
            "simulator": settings.SIMULATOR,
        },
    )


def _sample(office: Office, now: datetime) -> Sample | None:
    """A free start of the first service, from tomorrow on, about the middle of what that day has."""
    if not office.services:
        return None
    service = office.services[0]
    today = now.astimezone(office.zone).date()
    soonest = None
    for ahead in range(_LOOK_AHEAD + 1):
        on = today + timedelta(days=ahead)
        free = look(office, FreeTimes(service.code, on), now)
        if not isinstance(free, FreeTimesListed):
            continue
        soonest = soonest or on
        if on > today:
            return Sample(service, on, free.starts[len(free.starts) // 2], soonest)
    return None
