"""How places of the web that wait for their phone are asked for and answered: one row an outcome."""

from collections.abc import Mapping
from typing import Any

from prepazka.core.booking.outcomes import Confirmed, Held, Lapsed, Outcome
from prepazka.core.office.office import Office
from prepazka.sms.reply.rows import Row
from prepazka.sms.reply.templates import Templates
from prepazka.sms.reply.texts import Text
from prepazka.sms.reply.values import Answer, booking_values, how_to_book, one, title_value


# docs/spec/safety.md §3.3: "Its message says what, when, the access code, and asks"
def _held(outcome: Held, office: Office, templates: Templates) -> Answer:
    values = booking_values(outcome.booking, templates)
    title = title_value(outcome.booking.service, office, templates)
    return one("held", **values, title=title, accept=templates.forms.accepting(1))


def _lapsed(outcome: Lapsed, office: Office, templates: Templates) -> Answer:
    return one("lapsed", **booking_values(outcome.booking, templates), book=how_to_book(templates))


CONFIRMING: Mapping[type[Outcome], Row[Any]] = {
    Held: Row(
        {"held": Text.of("service date time name code accept", "cancel", extras="title")},
        _held,
        lambda longest: [Held(longest.booking)],
    ),
    Confirmed: Row({}, lambda outcome, office, templates: None, lambda longest: []),
    Lapsed: Row({"lapsed": Text.of("service date time", "book")}, _lapsed, lambda longest: [Lapsed(longest.booking)]),
}
