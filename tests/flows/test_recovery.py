"""A database that went back in time: nothing that may have gone out goes out again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from prepazka.flows.inbound.receive import receive, work
from prepazka.flows.outbound.remind import remind
from prepazka.flows.recovery import stop_what_may_have_gone
from prepazka.gateways.values import Inbound
from prepazka.store import models, offices
from tests.offices import demo_office

pytestmark = pytest.mark.django_db(transaction=True)

RECOVERED_TO = datetime(2026, 8, 9, 5, tzinfo=UTC)
NOW = datetime(2026, 8, 9, 9, tzinfo=UTC)
"""Since then the office reminded those who come tomorrow; that is not in the database any more."""
NUMBER = "+420739000081"
ME = "+420603111222"


@pytest.fixture(autouse=True)
def recovered(transactional_db: None, settings: Any) -> None:
    settings.SIMULATOR = True
    made = RECOVERED_TO - timedelta(days=3)
    offices.keep(replace(demo_office(), slug="horice", numbers=(NUMBER,)), made)
    receive([Inbound("modem", "1", ME, NUMBER, "OBJ ZOP 10.8. 14:00 JELEN")], made)
    receive([Inbound("modem", "2", ME, NUMBER, "OBJ ZOP 11.8. 14:00 JELEN")], made)
    models.Outbound.objects.update(state="queued", due_at=RECOVERED_TO, expires_at=NOW + timedelta(days=1))


def states(kind: str) -> list[str]:
    return list(models.Outbound.objects.filter(kind=kind).order_by("id").values_list("state", flat=True))


def test_what_waited_and_what_became_due_since_is_not_sent() -> None:
    stopped = stop_what_may_have_gone(NOW, "test", "recovered")
    assert (stopped.waiting, stopped.due) == (2, 1)
    assert (states("reply"), states("reminder")) == (["expired"] * 2, ["expired"])
    assert remind(NOW + timedelta(hours=1)) == 0
    assert models.Audit.objects.latest("id").details == {"unsent": 2, "due": 1}


def test_what_becomes_due_later_is_sent() -> None:
    stop_what_may_have_gone(NOW, "test", "recovered")
    assert remind(NOW + timedelta(days=1)) == 1
    assert states("reminder") == ["expired", "queued"]


def test_again_changes_nothing_more() -> None:
    stop_what_may_have_gone(NOW, "test", "recovered")
    again = stop_what_may_have_gone(NOW, "test", "recovered")
    assert (again.waiting, again.due) == (0, 0)


def test_a_message_that_waited_is_answered_for_what_was_said_is_not_true_any_more() -> None:
    receive([Inbound("modem", "3", "+420603111333", NUMBER, "TERMIN ZOP")], RECOVERED_TO)
    models.Outbound.objects.filter(in_reply_to__gateway_id="3").delete()
    models.Inbound.objects.filter(gateway_id="3").update(state="waiting", outcome="")
    stop_what_may_have_gone(NOW, "test", "recovered")
    assert work(NOW) == 1
    assert models.Outbound.objects.get(in_reply_to__gateway_id="3").state in {"queued", "handed"}
