"""How texts are answered that were not, or only partly, understood: one row a misunderstanding."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from prepazka.core.booking.draft import Draft
from prepazka.core.booking.misunderstandings import (
    BadDate,
    BadTime,
    Incomplete,
    MissingCode,
    MissingDate,
    MissingName,
    MissingTime,
    NotUnderstood,
    UnknownService,
)
from prepazka.core.booking.outcomes import Outcome
from prepazka.core.office import lengths
from prepazka.core.office.office import Office
from prepazka.sms.reply.listings import ready_to_cancel
from prepazka.sms.reply.longest import HOLE, LONGEST_HOLE, TOKEN, TYPED_CODE, Longest
from prepazka.sms.reply.rows import Row
from prepazka.sms.reply.templates import Templates
from prepazka.sms.reply.texts import Text
from prepazka.sms.reply.values import Answer, example, one
from prepazka.sms.understand.tokens import SHOWN
from prepazka.sms.vocabulary import Hole

_HOLES: Mapping[type[MissingName | MissingDate | MissingTime | MissingCode], Hole] = {
    MissingName: "name",
    MissingDate: "day",
    MissingTime: "at",
    MissingCode: "code",
}


def _missing(outcome: MissingName | MissingDate | MissingTime, office: Office, templates: Templates) -> Answer:
    corrected = example(outcome.draft, templates)
    if isinstance(outcome, MissingDate) and outcome.draft.day is not None:
        return one("missing_date_own", example=corrected)
    if isinstance(outcome, MissingName) and outcome.too_long:
        limit = str(lengths.PERSON_NAME)
        return one("missing_name_long", hole=_hole(outcome, templates), limit=limit, example=corrected)
    return one(_with_hole(outcome), hole=_hole(outcome, templates), example=corrected)


def _with_hole(outcome: MissingName | MissingDate | MissingTime | MissingCode) -> str:
    return f"{outcome.outcome}_hole" if outcome.hole else outcome.outcome


def _hole(outcome: MissingName | MissingDate | MissingTime | MissingCode, templates: Templates) -> str:
    """The word that was sent instead of the value, else the one the example shows."""
    word = templates.line(outcome.hole) or templates.forms.holes[_HOLES[type(outcome)]]
    return templates.alphabet.cut(word, LONGEST_HOLE)


def _missing_code(outcome: MissingCode, office: Office, templates: Templates) -> Answer:
    if outcome.own:
        return Answer("missing_code_own", ready_to_cancel(outcome.own, templates))
    values = {"example": example(outcome.draft, templates), "mine": templates.forms["mine"]}
    return one(_with_hole(outcome), hole=_hole(outcome, templates), **values)


def _bad(outcome: BadDate | BadTime, office: Office, templates: Templates) -> Answer:
    corrected = example(outcome.draft, templates)
    return one(outcome.outcome, token=templates.line(outcome.token), example=corrected)


def _not_understood(outcome: NotUnderstood, office: Office, templates: Templates) -> Answer:
    if outcome.draft and outcome.also:
        both = {"example": example(outcome.draft, templates), "also": example(outcome.also, templates)}
        return one("not_understood_two", **both)
    token, hours = templates.line(outcome.token), templates.line(office.settings.inbox_hours)
    if office.settings.inbox and hours and (token or outcome.draft):
        return to_be_read(outcome, hours, templates)
    values = {"example": example(outcome.draft, templates), "help": templates.forms["help"]}
    if token:
        return one("not_understood", token=token, **values)
    return one("not_understood_whole" if outcome.draft else "not_understood_empty", **values)


# docs/spec/administration.md §7: "says that somebody will read it, and when, only where the inbox is on"
def to_be_read(outcome: NotUnderstood, hours: str, templates: Templates) -> Answer:
    """The answer where clerks read what is not understood, at these hours; a long example gives way to the help."""
    token, helping = templates.line(outcome.token), templates.forms["help"]
    values = {"hours": hours, "help": helping} | ({"token": token} if token else {})
    examples = (example(outcome.draft, templates), helping)
    name = "not_understood_inbox" if token else "not_understood_whole_inbox"
    return Answer(name, tuple(values | {"example": text} for text in examples))


def _unknown_service(outcome: UnknownService, office: Office, templates: Templates) -> Answer:
    token, listing = templates.line(outcome.token), templates.forms["services"]
    if outcome.hole:
        hole = templates.alphabet.cut(templates.line(outcome.hole), SHOWN)
        return one("unknown_service_hole", hole=hole, example=example(outcome.draft, templates), services=listing)
    if not outcome.near:
        return one("unknown_service_alone", token=token, services=listing)
    values = {
        "token": token,
        "example": example(outcome.draft or Draft("book", service=outcome.near[0]), templates),
        "services": listing,
        "list": templates.phrases.all_codes.format(services=listing),
    }
    nearest = (outcome.near[:count] for count in range(len(outcome.near), 0, -1))
    return Answer("unknown_service", (values | {"near": templates.phrases.either.join(near)} for near in nearest))


def _longest_missing(
    kind: type[MissingName | MissingDate | MissingTime], longest: Longest
) -> Iterable[MissingName | MissingDate | MissingTime]:
    return [kind(longest.draft), kind(longest.draft, HOLE)]


def _missing_texts(kind: type[MissingName | MissingDate | MissingTime]) -> Mapping[str, Text]:
    return {kind.outcome: Text.of("example", "hole"), f"{kind.outcome}_hole": Text.of("hole example")}


MISUNDERSTANDINGS: Mapping[type[Outcome], Row[Any]] = {
    UnknownService: Row(
        {
            "unknown_service": Text.of("token near example", "services", extras="list"),
            "unknown_service_alone": Text.of("token services"),
            "unknown_service_hole": Text.of("hole example", "services"),
        },
        _unknown_service,
        lambda longest: [
            UnknownService(TOKEN, (longest.service.code,) * 3, longest.draft),
            UnknownService(TOKEN, ()),
            UnknownService(HOLE, (), longest.draft, HOLE),
        ],
    ),
    MissingName: Row(
        {**_missing_texts(MissingName), "missing_name_long": Text.of("limit example", "hole")},
        _missing,
        lambda longest: [*_longest_missing(MissingName, longest), MissingName(longest.draft, too_long=True)],
    ),
    MissingTime: Row(_missing_texts(MissingTime), _missing, partial(_longest_missing, MissingTime)),
    MissingDate: Row(
        {**_missing_texts(MissingDate), "missing_date_own": Text.of("example")},
        _missing,
        lambda longest: [
            *_longest_missing(MissingDate, longest),
            MissingDate(Draft("cancel", code=TYPED_CODE, day=longest.day)),
        ],
    ),
    MissingCode: Row(
        {
            "missing_code": Text.of("example", "mine hole"),
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
            "not_understood_whole": Text.of("example", "help"),
            "not_understood_empty": Text.of("example", "help"),
            "not_understood_inbox": Text.of("token hours example", "help"),
            "not_understood_whole_inbox": Text.of("hours example", "help"),
            "not_understood_two": Text.of("example also"),
        },
        _not_understood,
        lambda longest: [
            NotUnderstood(TOKEN, longest.draft),
            NotUnderstood("", longest.draft),
            NotUnderstood("", None),
            NotUnderstood("", Draft("cancel", code=TYPED_CODE, day=longest.day), longest.draft),
        ],
    ),
    Incomplete: Row(
        {"incomplete": Text.of()},
        lambda outcome, office, templates: one("incomplete"),
        lambda longest: [Incomplete()],
    ),
}
