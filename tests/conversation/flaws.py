"""Flaws: what people do to a message, each a small function from a draft to the flawed one, or to None where it
cannot happen. `n` chooses among the ways to do it.

The grade says what may come of it (spec/conversation.md §2): `done` of certain repairs, `read_back` of doubtful ones,
`may` where the page leaves it open, `ask` where something is missing or the message is no command.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from prepazka.sms.folding import fold
from tests.conversation.flaw_words import (
    CONDITIONS,
    COURTESY_AFTER,
    COURTESY_BEFORE,
    INFLECTED,
    NO_DAY,
    OTHER_WORDS,
    QUESTIONS,
    REFUSALS,
    ROMAN,
    SOON,
    TALK_BEFORE,
    UNKNOWN,
)
from tests.conversation.office import Office
from tests.conversation.spoiling import (
    Make,
    after_service,
    any_of,
    at_as,
    beside_a_time,
    booking_only,
    command_words,
    day_as,
    grown,
    half_day,
    homoglyphs,
    hour_in_words,
    in_slot,
    joined_by,
    missing_day,
    mistyped_code,
    mistyped_command,
    month_in_words,
    moved_command,
    named_twice,
    only_the_command,
    persons_in_words,
    put_after,
    put_before,
    put_soon,
    quoted,
    recased,
    spoken,
    synonym,
    two_wishes,
    without,
)
from tests.conversation.wishes import DAYS, Draft, Grade


@dataclass(frozen=True)
class Flaw:
    """One row of the table."""

    name: str
    grade: Grade
    make: Make

    def apply(self, draft: Draft, office: Office, n: int) -> Draft | None:
        """The draft with the flaw; None where it cannot have it."""
        made = self.make(draft, office, n)
        if made is None or made.text == draft.text:
            return None
        # What changes nothing is answered whatever was repaired.
        grade: Grade = "may" if draft.wish.kind == "free" and self.grade == "read_back" else self.grade
        return made.graded(self.name, grade)


TABLE: Sequence[Flaw] = (
    # what the strict parser takes
    Flaw("letter case", "done", recased),
    Flaw("quotes", "done", quoted),
    Flaw("line breaks", "done", joined_by("\n")),
    Flaw("doubled spaces", "done", joined_by("  ")),
    Flaw("year written", "done", day_as(lambda d: f"{d.day}.{d.month}.{d.year}", lambda d: f"{d:%Y-%m-%d}")),
    Flaw("date dressed", "done", day_as(lambda d: f"{d.day}/{d.month}", lambda d: f"{d:%d%m}", lambda d: f"{d:%d.%m}")),
    Flaw("letter O", "may", in_slot("day", lambda text: text.replace("0", "O").replace("1", "l"))),
    Flaw("time dressed", "done", at_as(
        lambda h, m: f"{h}.{m:02}", lambda h, m: f"{h:02}{m:02}", lambda h, m: f"{h},{m:02}",
    )),
    # certain repairs
    Flaw("greeting", "done", spoken(COURTESY_BEFORE, put_before)),
    Flaw("thanks", "done", spoken(COURTESY_AFTER, put_after)),
    Flaw("month in words", "done", month_in_words),
    Flaw("separators in the date", "done", beside_a_time(
        lambda d: f"{d.day}-{d.month}", lambda d: f"{d.day},{d.month}", lambda d: f"{d.day} {d.month}",
        lambda d: f"{d.day} .{d.month}.",
    )),
    Flaw("inflected command", "done", command_words(INFLECTED)),
    Flaw("command grown together", "done", grown("", ("book", "soonest", "cancel"))),
    Flaw("synonym", "done", synonym),
    # left open by the page
    Flaw("two dots in the date", "may", day_as(lambda d: f"{d.day}..{d.month}.")),
    Flaw("other command words", "may", command_words(OTHER_WORDS)),
    Flaw("command joined by a dash", "may", grown("-", ("book", "soonest", "cancel", "free", "move", "watch"))),
    Flaw("slashes", "may", joined_by("/")),
    Flaw("dashes", "may", joined_by("-")),
    Flaw("commas", "may", joined_by(", ")),
    Flaw("talk before", "may", spoken(TALK_BEFORE, put_before)),
    Flaw("command not first", "may", moved_command),
    Flaw("homoglyphs in the command", "may", homoglyphs("command")),
    Flaw("homoglyphs in the code", "may", homoglyphs("service")),
    Flaw("Roman month", "may", day_as(lambda d: f"{d.day}.{ROMAN[d.month - 1]}.", lambda d: f"{d:%Y/%m/%d}")),
    Flaw("time taken apart", "may", at_as(
        lambda h, m: f"{h} : {m:02}", lambda h, m: f"{h} h {m:02}", lambda h, m: f"v{h}:{m:02}",
        lambda h, m: f"{h} {m:02}", lambda h, m: f"{h}{m:02}" if h < 10 else None,
    )),
    Flaw("soon", "may", spoken(SOON, put_soon)),
    Flaw("persons in words", "may", persons_in_words),
    # doubtful repairs
    Flaw("mistyped command", "read_back", mistyped_command),
    Flaw("mistyped service", "read_back", mistyped_code),
    Flaw("hour in words", "read_back", hour_in_words),
    Flaw("am or pm", "read_back", half_day),
    Flaw("unknown word", "read_back", spoken(UNKNOWN, after_service)),
    # something is missing
    Flaw("no name", "ask", without("name")),
    Flaw("no time", "ask", without("at")),
    Flaw("no day", "ask", missing_day),
    Flaw("no code", "ask", without("code")),
    Flaw("no service", "ask", without("service")),
    Flaw("no command", "may", without("command")),
    Flaw("nothing but the command", "ask", only_the_command),
    # never a booking
    Flaw("question", "ask", spoken(QUESTIONS, booking_only(any_of(put_after)))),
    Flaw("refusal", "ask", spoken(REFUSALS, booking_only(any_of(put_after)))),
    Flaw("condition", "ask", spoken(CONDITIONS, booking_only(any_of(put_after)))),
    Flaw("no day meant", "ask", spoken(NO_DAY, put_soon)),
    Flaw("named twice", "may", named_twice),
    Flaw("two wishes", "read_back", two_wishes),
)  # fmt: skip

_STRICT = frozenset(flaw.name for flaw in TABLE[:8])


def _says_another_wish(draft: Draft, made: Draft, office: Office) -> bool:
    """Without a date "Pátek" is a day as well as a name, and without a service "Pop" is the code POP."""
    missing, name = draft.given - made.given, draft.wish.name
    return (name in DAYS and "day" in missing) or ("service" in missing and fold(name) in office.service_of)


def flawed(draft: Draft, office: Office, chosen: Sequence[tuple[int, int]]) -> Draft:
    """The draft with the flaws of these places in the table, each in its n-th way; two never in the same slot.

    Two certain repairs may together have a second reading, so only what the strict parser takes must still be done.
    """
    touched: set[str] = set()
    for place, n in chosen:
        made = TABLE[place].apply(draft, office, n)
        if made is None or _says_another_wish(draft, made, office):
            continue
        changed = {slot for slot, text in draft.parts if made.part(slot) != text}
        if changed & touched:
            continue
        touched |= changed
        draft = made
    if draft.wish.kind == "book" and not {"day", "at"} & draft.given:
        return replace(draft, grade="may")  # with neither it asks for the soonest place
    if len(draft.flaws) > 1 and not _STRICT.issuperset(draft.flaws):
        return replace(draft, grade=max(draft.grade, "may", key=("done", "may", "read_back", "ask").index))
    return draft
