"""Random days at the counters: the rules and a naive model agree after every step."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from prepazka.core.office.office import Counter, Settings
from prepazka.core.queue import transitions
from prepazka.core.queue.order import next_ticket
from prepazka.core.queue.tickets import Destination, Ticket
from tests.core.queue.naive import Hall, Person
from tests.core.queue.tickets import at, booked, ticket
from tests.offices import DOKLADY, EVIDENCE, demo_office

COUNTERS = {counter.id: counter for counter in demo_office().counters}
SETTINGS = Settings()

counters = st.sampled_from(sorted(COUNTERS))
agendas = st.sampled_from([DOKLADY, EVIDENCE])


class Day(RuleBasedStateMachine):
    """Tickets by the rules beside people in a hall; both get the same acts."""

    def __init__(self) -> None:
        super().__init__()
        self.now = at(8)
        self.tickets: dict[int, Ticket] = {}
        self.hall = Hall({counter.id: counter.agendas for counter in COUNTERS.values()})

    # --- what both are told --------------------------------------------------------------------

    @rule(minutes=st.integers(1, 12))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(agenda=agendas, favoured=st.booleans())
    def somebody_comes(self, agenda: int, favoured: bool) -> None:
        one = ticket(self.now, agenda=agenda, priority=favoured)
        self._come(one, Person(one.id, agenda, self.now, favoured=favoured))

    @rule(agenda=agendas, ahead=st.integers(-15, 15))
    def somebody_booked_comes(self, agenda: int, ahead: int) -> None:
        start = self.now + timedelta(minutes=ahead)
        one = booked(start, self.now, agenda=agenda)
        self._come(one, Person(one.id, agenda, self.now, booked=start))

    @rule(counter=counters)
    def next(self, counter: int) -> None:
        if counter in self.hall.called or counter in self.hall.served:
            return
        found = next_ticket(self.tickets.values(), COUNTERS[counter], COUNTERS, SETTINGS, self.now)
        person = self.hall.next(counter, self.now)
        assert (found and found.id) == (person and person.name)
        if found and person:
            self._keep(transitions.call(found, counter, self.now))
            self.hall.call(counter, person)

    @rule(counter=counters)
    def recall(self, counter: int) -> None:
        if person := self.hall.called.get(counter):
            self._keep(transitions.recall(self.tickets[person.name], self.now))
            person.silent += 1

    @rule(counter=counters)
    def not_here(self, counter: int) -> None:
        if person := self.hall.called.get(counter):
            self._keep(transitions.not_here(self.tickets[person.name], SETTINGS, self.now))
            self.hall.not_here(counter, self.now)

    @rule(counter=counters)
    def serve(self, counter: int) -> None:
        if person := self.hall.called.pop(counter, None):
            self._keep(transitions.serve(self.tickets[person.name], self.now))
            person.silent = 0
            self.hall.served[counter] = person

    @rule(counter=counters)
    def done(self, counter: int) -> None:
        if person := self.hall.served.pop(counter, None):
            self._keep(transitions.done(self.tickets[person.name], self.now))
            self.hall.left[person.name] = "done"

    @rule(counter=counters, minutes=st.integers(1, 30))
    def park(self, counter: int, minutes: int) -> None:
        if person := self._client(counter):
            until = self.now + timedelta(minutes=minutes)
            self._keep(transitions.park(self.tickets[person.name], until))
            self.hall.back(person, until)

    @rule(counter=counters, agenda=st.none() | agendas, meant=st.none() | counters)
    def transfer(self, counter: int, agenda: int | None, meant: int | None) -> None:
        if person := self._client(counter):
            self._keep(transitions.transfer(self.tickets[person.name], Destination(agenda, meant)))
            person.silent = 0
            person.wants = agenda or person.wants
            self.hall.back(person, meant_for=meant)

    @precondition(lambda self: self.tickets)
    @rule()
    def the_day_ends(self) -> None:
        for one in self.tickets.values():
            if transitions.is_possible(one, "close"):
                self._keep(transitions.close(one, self.now))
        self.hall.left |= {one.name: "closed" for one in self.hall.waiting}
        self.hall.left |= {one.name: "absent" for one in self.hall.called.values()}
        self.hall.left |= {one.name: "done" for one in self.hall.served.values()}
        self.hall.waiting, self.hall.called, self.hall.served = [], {}, {}

    # --- what both must agree on ---------------------------------------------------------------

    @invariant()
    def everybody_is_where_they_are(self) -> None:
        by_state: dict[Any, Any] = {}
        for one in self.tickets.values():
            by_state.setdefault(one.state, {})[one.id] = one.counter
        assert by_state.get("waiting", {}).keys() == {one.name for one in self.hall.waiting}
        assert by_state.get("called", {}) == {one.name: at for at, one in self.hall.called.items()}
        assert by_state.get("serving", {}) == {one.name: at for at, one in self.hall.served.items()}
        ended = {one.id: one.state for one in self.tickets.values() if one.state in {"done", "absent", "closed"}}
        assert ended == self.hall.left

    @invariant()
    def nobody_is_lost(self) -> None:
        here = len(self.hall.waiting) + len(self.hall.called) + len(self.hall.served) + len(self.hall.left)
        assert here == len(self.tickets)

    def _come(self, one: Ticket, person: Person) -> None:
        self.tickets[one.id] = one
        self.hall.waiting.append(person)

    def _keep(self, one: Ticket) -> None:
        assert one.version == self.tickets[one.id].version + 1
        self.tickets[one.id] = one

    def _client(self, counter: int) -> Person | None:
        return self.hall.called.pop(counter, None) or self.hall.served.pop(counter, None)


TestDay = Day.TestCase
TestDay.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def test_the_hall_is_not_fooled_by_another_order() -> None:
    """The comparison finds errors: without the order of arrival, the two disagree."""
    earlier, later = ticket(at(9)), ticket(at(9, 1))
    hall = Hall({1: (DOKLADY,)}, [Person(earlier.id, DOKLADY, at(9)), Person(later.id, DOKLADY, at(9, 1))])
    shuffled = [replace(earlier, arrived_at=at(9, 2)), later]
    found = next_ticket(shuffled, Counter(1, "a", "A", (DOKLADY,)), {1}, SETTINGS, at(10))
    person = hall.next(1, at(10))
    assert found is not None
    assert person is not None
    assert found.id != person.name
