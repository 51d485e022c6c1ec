"""How texts are answered that were not, or only partly, understood: one row a misunderstanding."""

from collections.abc import Iterable, Mapping
from functools import partial
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
from prepazka.sms.reply.listings import ready_to_cancel
from prepazka.sms.reply.longest import HOLE, TOKEN, Longest
from prepazka.sms.reply.rows import Row
from prepazka.sms.reply.templates import Templates
from prepazka.sms.reply.texts import Text
from prepazka.sms.reply.values import Answer, example, one


def _missing(outcome: MissingName | MissingDate | MissingTime, office: Office, templates: Templates) -> Answer:
    corrected = example(outcome.draft, templates)
    if outcome.hole:
        return one(f"{outcome.outcome}_hole", hole=outcome.hole, example=corrected)
    return one(outcome.outcome, example=corrected)


def _missing_code(outcome: MissingCode, office: Office, templates: Templates) -> Answer:
    if outcome.own:
        return Answer("missing_code_own", ready_to_cancel(outcome.own, templates))
    corrected = example(outcome.draft, templates)
    if outcome.hole:
        return one("missing_code_hole", hole=outcome.hole, example=corrected, mine=templates.forms["mine"])
    return one("missing_code", example=corrected, mine=templates.forms["mine"])


def _bad(outcome: BadDate | BadTime, office: Office, templates: Templates) -> Answer:
    corrected = example(outcome.draft, templates)
    return one(outcome.outcome, token=gsm.line(outcome.token), example=corrected)


def _not_understood(outcome: NotUnderstood, office: Office, templates: Templates) -> Answer:
    token = gsm.line(outcome.token)
    values = {"example": example(outcome.draft, templates), "help": templates.forms["help"]}
    return one("not_understood", token=token, **values) if token else one("not_understood_empty", **values)


def _unknown_service(outcome: UnknownService, office: Office, templates: Templates) -> Answer:
    token, listing = gsm.line(outcome.token), templates.forms["services"]
    if outcome.hole:
        corrected = example(outcome.draft, templates)
        return one("unknown_service_hole", hole=outcome.hole, example=corrected, services=listing)
    if not outcome.near:
        return one("unknown_service_alone", token=token, services=listing)
    near = templates.phrases.either.join(outcome.near)
    return one("unknown_service", token=token, near=near, services=listing)


def _longest_missing(
    kind: type[MissingName | MissingDate | MissingTime], longest: Longest
) -> Iterable[MissingName | MissingDate | MissingTime]:
    return [kind(longest.draft), kind(longest.draft, HOLE)]


MISUNDERSTANDINGS: Mapping[type[Outcome], Row[Any]] = {
    UnknownService: Row(
        {
            "unknown_service": Text.of("token near services"),
            "unknown_service_alone": Text.of("token services"),
            "unknown_service_hole": Text.of("hole example", "services"),
        },
        _unknown_service,
        lambda longest: [
            UnknownService(TOKEN, (longest.service.code,) * 3),
            UnknownService(TOKEN, ()),
            UnknownService(HOLE, (), longest.draft, HOLE),
        ],
    ),
    **{
        kind: Row(
            {kind.outcome: Text.of("example"), f"{kind.outcome}_hole": Text.of("hole example")},
            _missing,
            partial(_longest_missing, kind),
        )
        for kind in (MissingName, MissingDate, MissingTime)
    },
    MissingCode: Row(
        {
            "missing_code": Text.of("example", "mine"),
            "missing_code_hole": Text.of("hole example", "mine"),
            "missing_code_own": Text.of("messages"),
        },
        _missing_code,
        lambda longest: [
            MissingCode(longest.draft),
            MissingCode(longest.draft, hole=HOLE),
            MissingCode(longest.draft, (longest.booking,) * 9),
        ],
    ),
    BadDate: Row({"bad_date": Text.of("token example")}, _bad, lambda longest: [BadDate(TOKEN, longest.draft)]),
    BadTime: Row({"bad_time": Text.of("token example")}, _bad, lambda longest: [BadTime(TOKEN, longest.draft)]),
    NotUnderstood: Row(
        {
            "not_understood": Text.of("token example", "help"),
            "not_understood_empty": Text.of("example", "help"),
        },
        _not_understood,
        lambda longest: [NotUnderstood(TOKEN, longest.draft), NotUnderstood("", longest.draft)],
    ),
    Incomplete: Row(
        {"incomplete": Text.of()},
        lambda outcome, office, templates: one("incomplete"),
        lambda longest: [Incomplete()],
    ),
}
