"""How texts are answered that were not, or only partly, understood: one row a misunderstanding."""

from collections.abc import Mapping
from typing import Any

from prepazka.core.booking.outcomes import (
    BadDate,
    BadTime,
    Incomplete,
    MissingCode,
    MissingDate,
    MissingName,
    MissingTime,
    NotUnderstood,
    Outcome,
    UnknownService,
)
from prepazka.core.office.office import Office
from prepazka.sms import gsm
from prepazka.sms.reply.longest import EXAMPLE, TOKEN
from prepazka.sms.reply.rows import Row
from prepazka.sms.reply.templates import Templates
from prepazka.sms.reply.texts import Text
from prepazka.sms.reply.values import Answer, example_or_sample, one


def _missing(
    outcome: MissingName | MissingDate | MissingTime | MissingCode, office: Office, templates: Templates
) -> Answer:
    return one(outcome.outcome, example=example_or_sample(outcome.example, office, templates))


def _bad(outcome: BadDate | BadTime, office: Office, templates: Templates) -> Answer:
    example = example_or_sample(outcome.example, office, templates)
    return one(outcome.outcome, token=gsm.line(outcome.token), example=example)


def _not_understood(outcome: NotUnderstood, office: Office, templates: Templates) -> Answer:
    token = gsm.line(outcome.token)
    values = {"example": example_or_sample(outcome.example, office, templates), "help": templates.forms["help"]}
    return one("not_understood", token=token, **values) if token else one("not_understood_empty", **values)


def _unknown_service(outcome: UnknownService, office: Office, templates: Templates) -> Answer:
    token, listing = gsm.line(outcome.token), templates.forms["services"]
    if not outcome.near:
        return one("unknown_service_alone", token=token, services=listing)
    near = templates.phrases.either.join(outcome.near)
    return one("unknown_service", token=token, near=near, services=listing)


MISUNDERSTANDINGS: Mapping[type[Outcome], Row[Any]] = {
    UnknownService: Row(
        {
            "unknown_service": Text.of("token near services"),
            "unknown_service_alone": Text.of("token services"),
        },
        _unknown_service,
        lambda longest: [UnknownService(TOKEN, (longest.service.code,) * 3), UnknownService(TOKEN, ())],
    ),
    MissingName: Row({"missing_name": Text.of("example")}, _missing, lambda longest: [MissingName(EXAMPLE)]),
    MissingDate: Row({"missing_date": Text.of("example")}, _missing, lambda longest: [MissingDate(EXAMPLE)]),
    MissingTime: Row({"missing_time": Text.of("example")}, _missing, lambda longest: [MissingTime(EXAMPLE)]),
    MissingCode: Row({"missing_code": Text.of("example")}, _missing, lambda longest: [MissingCode(EXAMPLE)]),
    BadDate: Row({"bad_date": Text.of("token example")}, _bad, lambda longest: [BadDate(TOKEN, EXAMPLE)]),
    BadTime: Row({"bad_time": Text.of("token example")}, _bad, lambda longest: [BadTime(TOKEN, EXAMPLE)]),
    NotUnderstood: Row(
        {
            "not_understood": Text.of("token example", "help"),
            "not_understood_empty": Text.of("example", "help"),
        },
        _not_understood,
        lambda longest: [NotUnderstood(TOKEN, EXAMPLE), NotUnderstood("", EXAMPLE)],
    ),
    Incomplete: Row(
        {"incomplete": Text.of()},
        lambda outcome, office, templates: one("incomplete"),
        lambda longest: [Incomplete()],
    ),
}
