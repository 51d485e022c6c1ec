"""Held places against a model of a few lines: whatever phones, pages, the gateway and the worker do, in any order."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings as django_settings
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from prepazka.core.booking.hold import CONFIRMED_WITHIN, HANDED_WITHIN, LONGEST
from prepazka.core.booking.outcomes import Confirmed, Held
from prepazka.flows.booking import hold
from prepazka.store import models, writes
from tests.emptying import empty
from tests.flows.booking.holding import NOW, Citizen, founded, hand_over

pytestmark = pytest.mark.django_db(transaction=True)

PHONES = ("+420731246802", "+420605987654")
CALLERS = ("198.51.100.23", "2001:db8:77:1::/64")
TIMES = ("09:00", "09:15", "09:30")
PERSON, PLACE = st.sampled_from([0, 1]), st.sampled_from(TIMES)


class Killed(BaseException):
    """The process was killed here."""


@dataclass
class Model:
    """One place, as the specification says: state, when it was chosen, and when its message was handed over."""

    id: int
    phone: str
    at: str
    chosen: Any
    handed: Any = None
    state: str = "held"
    wrong: int = 0

    def settle(self, now: Any) -> None:
        if self.state != "held":
            return
        if self.handed is None or self.handed - self.chosen > HANDED_WITHIN:
            self.state = "booked" if now - self.chosen >= HANDED_WITHIN else "held"
        elif now >= min(self.handed + CONFIRMED_WITHIN, self.chosen + LONGEST):
            self.state = "cancelled"


class Holding(RuleBasedStateMachine):
    """People at pages with phones, a gateway that hands over or not, a worker that comes when it comes."""

    @initialize()
    def open_office(self) -> None:
        empty()
        self.office = founded(open_per_sender=20)
        self.now = NOW
        self.people = [Citizen(self.office, phone, caller) for phone, caller in zip(PHONES, CALLERS, strict=True)]
        self.places: list[Model] = []

    @rule(seconds=st.sampled_from([1, 20, 59, 60, 61, 300, 599, 600, 1_200, 3_700]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(person=PERSON, at=PLACE)
    def choose(self, person: int, at: str) -> None:
        citizen = self.people[person]
        taken = any(one.at == at and one.state != "cancelled" for one in self.places)
        lately = [
            one for one in self.places if one.phone == citizen.phone and self.now - one.chosen < timedelta(hours=1)
        ]
        waiting = [one for one in self.places if one.phone == citizen.phone and one.state == "held"]
        outcome = citizen.choose(at, self.now, name=f"Iva {'ABCDEFGHIJ'[len(self.places) % 10]}")
        may = not taken and len(lately) < 2 and (person == 0 or len(waiting) < 3)
        assert isinstance(outcome, Held) == may, (outcome, taken, lately)
        if may:
            row = models.Booking.objects.latest("id").id
            self.places.append(Model(row, citizen.phone, at, self.now))

    @rule()
    def hand_over(self) -> None:
        hand_over(self.now)
        for one in self.places:
            if one.handed is None and one.state == "held":
                one.handed = self.now

    @rule(killed=st.booleans())
    def worker_comes(self, killed: bool) -> None:
        if killed:
            with patch.object(writes, "change_states", side_effect=Killed), suppress(Killed):
                assert hold.settle(self.now) == 0, "killed, or nothing was due"
            return
        hold.settle(self.now)
        for one in self.places:
            one.settle(self.now)

    @rule(person=PERSON)
    def yes(self, person: int) -> None:
        citizen = self.people[person]
        mine = [one for one in self.places if one.phone == citizen.phone and one.state == "held"]
        outcome = citizen.say("ANO", self.now)
        assert isinstance(outcome, Confirmed) == bool(mine) or outcome.outcome == "ignored"
        if isinstance(outcome, Confirmed):
            confirmed = models.Booking.objects.get(code=outcome.booking.code)
            meant = next(one for one in mine if one.id == confirmed.id)
            meant.state = "booked"

    @precondition(lambda self: self.places)
    @rule(data=st.data(), right=st.booleans())
    def type_code(self, data: st.DataObject, right: bool) -> None:
        one = data.draw(st.sampled_from(self.places))
        code = models.Booking.objects.get(id=one.id).code
        outcome = hold.confirm(self.office, one.id, code if right else str(999_999 - int(code) + 100_000), self.now)
        if not right or one.wrong >= 5:
            one.wrong += 1
            assert outcome.outcome == "unknown_booking"
        elif one.state == "held":
            assert isinstance(outcome, Confirmed)
            one.state = "booked"
        else:
            assert outcome.outcome == {"booked": "confirmed", "cancelled": "lapsed"}[one.state]

    @invariant()
    def the_office_and_the_model_agree(self) -> None:
        rows = dict(models.Booking.objects.values_list("id", "state"))
        assert rows == {one.id: one.state for one in self.places}

    @invariant()
    def no_place_is_anybodys_twice(self) -> None:
        taken = [one.at for one in self.places if one.state != "cancelled"]
        assert len(taken) == len(set(taken))

    @invariant()
    def each_place_cost_one_message(self) -> None:
        unasked = models.Outbound.objects.filter(in_reply_to=None)
        assert unasked.count() == len(self.places)


def test_held_places_keep_to_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(django_settings, "SIMULATOR", True)
    run_state_machine_as_test(
        Holding,
        settings=settings(
            max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
