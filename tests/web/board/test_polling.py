"""A page that may not listen asks for the board now and then (docs/spec/safety.md §4.1)."""

import pytest
from playwright.sync_api import BrowserContext, expect

from prepazka.core.office.office import Office
from prepazka.flows.counters import arrive, call, seat
from prepazka.web.streams import app as streams
from prepazka.web.streams.admission import Admission
from tests.waiting import DEADLINE
from tests.web.conftest import NOW
from tests.web.serving import serve


def test_where_there_is_no_room_for_a_listener_the_board_is_asked_for(
    office: Office, context: BrowserContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "admission", Admission(most=0))
    with serve(monkeypatch) as port:
        page = context.new_page()
        answers: list[tuple[str, int]] = []
        page.on("response", lambda answer: answers.append((answer.url.rpartition("/")[2], answer.status)))
        page.goto(f"http://127.0.0.1:{port}/demo/board/")
        arrive.walk_in(office.id, "ZOP", NOW)
        seat.sit_down(office.id, office.counters[0].id, "novak", NOW)
        call.call_next(office.id, "novak", NOW)
        expect(page.get_by_text("D1", exact=True).first).to_be_visible(timeout=DEADLINE * 1000)
        assert ("stream", 503) in answers
        assert ("board", 200) in answers
        page.close()
