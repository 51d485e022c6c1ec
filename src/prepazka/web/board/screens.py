"""The screens of the hall: the big one with its gong and voice, and a tablet above each counter."""

import json
from hashlib import sha256
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from prepazka.core.office.office import Counter, Office
from prepazka.core.queue.board import LastCall
from prepazka.flows.counters.board import board as live
from prepazka.flows.json_lines import calling_lines
from prepazka.store import kiosks, slides
from prepazka.web import clock, devices
from prepazka.web.first_steps import refuse_unfinished
from prepazka.web.labels import ARROWS
from prepazka.web.pages import office_at
from prepazka.web.post_only import post_only
from prepazka.web.wording import format_counter

_KIND = "screen"
# Languages of the announcements, in the order they are said.
_SPOKEN = {"none": [], "cs": ["cs"], "cs_en": ["cs", "en"]}


@never_cache
@require_safe
def screen(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the big screen; a paired device that belongs to a counter is led to that counter's tablet."""
    office = _office_shown(request, slug)
    device = devices.find(request, office.id, _KIND)
    if device and device.counter and not device.counter.retired:
        return redirect("tablet", slug=slug, key=device.counter.key)
    board = live(office, clock.now())
    shown = describe_counters(office)
    calls = {
        name: [_call(call, shown) for call in calls]
        for name, calls in (("calling", board.calling), ("last", board.last))
    }
    more = {
        "slides": slides.of_office(office.id),
        "known_calls": json.dumps(calling_lines(board, office.zone)),
        "closed": not any(agenda.open or agenda.waiting for agenda in board.agendas),
    }
    return _render(request, office, "screen", {"board": board, **calls, **more})


@never_cache
@require_safe
def tablet(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Show one counter: whom it calls or serves now."""
    office = _office_shown(request, slug)
    counter = next((one for one in office.counters if one.key == key), None)
    if counter is None:
        raise Http404
    board = live(office, clock.now())
    agendas = [office.agenda_of[agenda].title for agenda in counter.agendas]
    now = next(one for one in board.counters if one.key == counter.key)
    return _render(
        request, office, "tablet", {"board": board, "counter": counter, "now": now, "serves": ", ".join(agendas)}
    )


def _office_shown(request: HttpRequest, slug: str) -> Office:
    """Return the office whose screen is asked for; a paired device also shows one that is not public yet."""
    office = office_at(slug)
    if devices.find(request, office.id, _KIND) is None:
        refuse_unfinished(request, office)
    return office


def _call(call: LastCall, shown: dict[str, dict[str, str]]) -> dict[str, Any]:
    """Return a call with its counter as the wall shows it."""
    return {"number": call.number, "at": call.at, "counter": call.counter, **shown.get(call.counter, {})}


def _render(request: HttpRequest, office: Office, name: str, more: dict[str, Any]) -> HttpResponse:
    device = devices.find(request, office.id, _KIND)
    context = {
        "office": office,
        "page": page_digest(office),
        "paired": device is not None,
        "counters": json.dumps(describe_counters(office)),
        "sound": json.dumps(describe_sound(office)),
        **more,
    }
    response = render(request, f"web/board/{name}.html", context)
    if device is not None:
        kiosks.note_alive(device, clock.now(), device.sound)
        devices.remember(response, office.slug, _KIND, request.COOKIES[_KIND])
    return response


# docs/spec/counters.md §7.1: "A paired screen says every half a minute that it is alive, and whether its sound is on"
@never_cache
@post_only
def alive(request: HttpRequest, slug: str) -> HttpResponse:
    """Store that a paired screen is alive; the answer says which page it should show."""
    office = office_at(slug)
    device = devices.find(request, office.id, _KIND)
    if device is None:
        return JsonResponse({"page": ""}, status=403)
    sound = request.POST.get("sound", "")
    kiosks.note_alive(device, clock.now(), sound if sound in {"on", "off"} else "")
    response = JsonResponse({"page": page_digest(office)})
    devices.remember(response, slug, _KIND, request.COOKIES[_KIND])
    return response


@never_cache
@require_GET
def pair(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Pair this browser by its link."""
    return devices.pair_by_link(request, office_at(slug), _KIND, token)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pair_code(request: HttpRequest, slug: str) -> HttpResponse:
    """Pair this browser by a short code typed on it."""
    return devices.pair_by_code(request, office_at(slug), _KIND)


@cache_control(max_age=7 * 24 * 3600)
@require_safe
def picture(request: HttpRequest, slug: str, slide: int) -> HttpResponse:
    """Send a slide's picture."""
    return _send(slides.picture(office_at(slug).id, slide))


@cache_control(max_age=7 * 24 * 3600)
@require_safe
def recording(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Send an own recording of the office."""
    return _send(slides.recording(office_at(slug).id, number))


def _send(file: slides.File | None) -> HttpResponse:
    if file is None:
        raise Http404
    return HttpResponse(file.content, content_type=file.kind)


def describe_counters(office: Office) -> dict[str, dict[str, str]]:
    """Return what the screen shows of each counter, by the title that the board says."""
    return {counter.title: _describe(counter) for counter in office.counters}


def _describe(counter: Counter) -> dict[str, str]:
    sign, word = ARROWS[counter.arrow]
    way = ", ".join(filter(None, (str(word), counter.way)))
    return {"key": counter.key, "counter": format_counter(counter.title), "way": " ".join(filter(None, (way, sign)))}


def describe_sound(office: Office) -> dict[str, Any]:
    """Return what the screen needs to sound: the gong, the languages, the volume, our pieces and the office's own."""
    own = {
        f"{one.language}/{one.piece}": f"/{office.slug}/screen/recording/{one.id}"
        for one in slides.recordings(office.id)
    }
    return {
        "gong": static("web/gong.wav"),
        "voice": static("web/voice/"),
        "languages": _SPOKEN[office.settings.voice],
        "volume": office.settings.voice_volume / 100,
        "own": own,
    }


def page_digest(office: Office) -> str:
    """Return a digest of all that a screen was loaded with: a device that shows another one loads its page anew."""
    shown = [
        office.name,
        office.settings.screen_notice,
        describe_counters(office),
        describe_sound(office),
        [[one.id, one.text] for one in slides.of_office(office.id)],
        [agenda.title for agenda in office.agendas],
        [[counter.key, *counter.agendas] for counter in office.counters],
        str(_("Lístek")),
    ]
    return sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:16]
