"""The public page of the board."""

import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from prepazka.core.office.office import Office
from prepazka.flows.counters.board import board as live
from prepazka.flows.json_lines import calling_lines
from prepazka.web import clock
from prepazka.web.framing import may_be_framed
from prepazka.web.pages import public_office
from prepazka.web.wording import format_counter_title


@never_cache
@require_safe
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the public page "Monitoring přepážek"."""
    office = public_office(request, slug)
    page = render(request, "web/board/board.html", _context(office, clock.now()))
    return may_be_framed(page, office.settings.frame_origins)


def _context(office: Office, now: datetime) -> dict[str, Any]:
    """Return what the page shows before its script takes over."""
    titles = {counter.title: {"counter": format_counter_title(counter.title)} for counter in office.counters}
    board = live(office, now)
    known = json.dumps(calling_lines(board, office.zone))
    return {"office": office, "board": board, "counters": json.dumps(titles), "known_calls": known}
