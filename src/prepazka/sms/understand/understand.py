"""Understanding a message, the second stage: only what the strict parser does not read is repaired.

`parse` stays the only place that turns a text into a request. Here it is decided whether its reading stands (a name
must look like one, a question never books), and if not, whether exactly one reading of a repaired text does. Total: any
text gives one `Understanding`, never an exception.
"""

from collections.abc import Mapping
from datetime import date

from prepazka.core.booking.book import Book, BookSoonest
from prepazka.core.booking.outcomes import (
    BadDate,
    BadTime,
    MissingCode,
    MissingDate,
    MissingName,
    MissingTime,
    Misunderstanding,
    NotUnderstood,
    UnknownService,
)
from prepazka.core.booking.query import FreeTimes, Help, ListServices, Mine, QueueStatus
from prepazka.core.booking.requests import Request
from prepazka.core.office.office import Office
from prepazka.sms.understand.after import after, says_after
from prepazka.sms.understand.attempts import Attempt, Parser, Repaired, attempts, repaired
from prepazka.sms.understand.cancelling import cancelling
from prepazka.sms.understand.drafts import command_in, draft, service_in, values
from prepazka.sms.understand.lexicon import Lexicon, lexicon
from prepazka.sms.understand.loud import Loud, loud, names_no_day
from prepazka.sms.understand.name_shape import NameShape, name_shape
from prepazka.sms.understand.parse import Reading
from prepazka.sms.understand.small_talk import small_talk
from prepazka.sms.understand.two_wishes import two_wishes
from prepazka.sms.understand.understanding import Certain, Draft, Hole, Misread, Proposed, Reason, Understanding
from prepazka.sms.understand.written import Written

LONGEST_REPAIRED = 320
"""Characters of a text that is repaired (docs/spec/conversation.md §6)."""

_ANSWERED = (FreeTimes, Help, ListServices, Mine, QueueStatus)
"""Requests that change nothing: answered at once, whatever was repaired."""

_REASONS: Mapping[type[Misunderstanding], Reason] = {
    UnknownService: "unknown_service",
    MissingName: "missing_name",
    MissingDate: "missing_date",
    MissingTime: "missing_time",
    MissingCode: "missing_code",
    BadDate: "bad_date",
    BadTime: "bad_time",
    NotUnderstood: "not_understood",
}


# docs/spec/conversation.md §6: "Only when it fails, a second stage runs"
def understand(text: str, office: Office, today: date, synonyms: Mapping[str, str] | None = None) -> Understanding:
    """What a text is.

    today: the office's local day on which the message was sent. synonyms: the code of a service by each of the
    office's own words for it.
    """
    words = lexicon(office, synonyms or {})
    parser = Parser(office, today)
    reading = parser.first(text)
    if isinstance(reading.request, Request) and _stands(reading.request, text, words):
        return Certain(reading.request, reading.language)
    return _Second(text, words, parser, reading).understanding()


def _stands(request: Request, text: str, words: Lexicon) -> bool:
    """Whether a strict reading is acted on at once."""
    if not isinstance(request, Book | BookSoonest):
        return True
    return "?" not in text and _shape(request, words) == "plain" and not says_after(text)


def _shape(request: Request, words: Lexicon) -> NameShape:
    if not isinstance(request, Book | BookSoonest):
        return "plain"
    return name_shape(request.name, words.names, soonest=isinstance(request, BookSoonest))


class _Second:
    """The second stage for one text."""

    def __init__(self, text: str, words: Lexicon, parser: Parser, reading: Reading) -> None:
        self._text = text
        self._words = words
        self._parser = parser
        self._reading = reading

    def understanding(self) -> Understanding:
        """The first that holds of: small talk, a wish to cancel, two readings, repairs, a doubtful name, a question."""
        reading = self._reading
        if not Written(self._text).words and not self._text.strip():
            return Misread("empty", reading.language)
        if not isinstance(reading.request, Request) and (talk := small_talk(self._text, self._parser.today)):
            return talk
        if len(self._text) > LONGEST_REPAIRED:
            return self._doubtful_name(None) or Misread("too_long", reading.language, self._token(reading))
        made = repaired(self._text, self._words)
        if wish := self._cancelling(made):
            return wish
        if hole := self._hole(made):
            return hole
        noise = None if self._may_be_named(reading) else loud(made.certain, self._words)
        return (
            (None if noise else after(made.certain, self._parser, self._words))
            or self._repaired(made, noise)
            or (None if noise else two_wishes(made.text, self._parser, self._words))
            or (None if noise else self._doubtful_name(made))
            or self._misread(made, noise)
        )

    def _cancelling(self, made: Repaired) -> Certain | Misread | None:
        request = self._reading.request
        if isinstance(request, Request) and _shape(request, self._words) != "no_name":
            return None
        return cancelling(self._text, made.text, self._parser.today, self._words)

    def _may_be_named(self, reading: Reading) -> bool:
        """Whether the text is a booking but for a doubtful name: then no word of the name is a question."""
        request = reading.request
        return (
            "?" not in self._text
            and isinstance(request, Book | BookSoonest)
            and _shape(request, self._words) == "doubtful"
        )

    def _token(self, reading: Reading) -> str:
        return getattr(reading.request, "token", "")

    # --- repairs ----------------------------------------------------------------------------------

    def _repaired(self, made: Repaired, noise: Loud | None) -> Certain | Proposed | None:
        """What the fewest repairs make of the text: one reading or two."""

        def accepted(attempt: Attempt) -> bool:
            if isinstance(attempt.request, _ANSWERED):
                return True
            return noise is None and _shape(attempt.request, self._words) == "plain"

        found = attempts(self._text, made.used, self._parser, self._words, accepted)
        if not found or len(found) > 2:
            return None
        first = found[0]
        if len(found) == 1 and (first.certain or isinstance(first.request, _ANSWERED)):
            return Certain(first.request, first.language, first.names)
        readings = tuple(attempt.request for attempt in found)
        return Proposed(readings, "which" if len(found) > 1 else "is_it", first.language, first.names)

    def _doubtful_name(self, made: Repaired | None) -> Proposed | None:
        """The booking of the strict reading, or of one with certain repairs, under a name that may be none."""
        candidates = [(self._reading.request, self._reading.language)]
        if made and made.certain != self._text and (read := self._parser.request(made.certain)):
            candidates.append((read[0], read[1]))
        for request, language in candidates:
            if "?" in self._text or not isinstance(request, Book | BookSoonest):
                continue
            if _shape(request, self._words) == "doubtful" and not self._means_time(request):
                return Proposed((request,), "is_it", language, doubtful_name=True)
        return None

    def _means_time(self, request: Book | BookSoonest) -> bool:
        """Whether the name of a booking of the soonest place has a word of time beside others ("SVOBODA vecer")."""
        name = [word.key for word in Written(request.name).words]
        known = self._words.common
        return (
            isinstance(request, BookSoonest)
            and len(name) > 1
            and any(
                key in known.time or (key not in self._words.names.names.surnames and _mistyped(key, self._words))
                for key in name
            )
        )

    # --- nothing is done --------------------------------------------------------------------------

    def _hole(self, made: Repaired) -> Misread | None:
        """A hole sent back as it was taught: "OBJ ZCD 12.8. 8:00 PRIJMENI"."""
        if isinstance(self._reading.request, Request) and _shape(self._reading.request, self._words) == "plain":
            return None
        command = command_in(made.text)
        holes = [one for one in self._words.common.holes.all(Written(made.text)) if one.first > 0]
        if not command or not holes:
            return None
        missing = self._draft(made, dated=any(one.value in {"day", "at"} for one in holes))
        return Misread("hole", self._reading.language, draft=missing, hole=Hole(holes[0].value))

    def _draft(self, made: Repaired, *, dated: bool = False) -> Draft | None:
        command = command_in(made.text)
        found = values(made.text, self._parser.today, coded=command in {"cancel", "move"})
        if command is None:
            anything = service_in(made.text, self._words) or found.day or found.at
            command = "book" if anything else None
        return draft(made.text, command, found, self._words, dated=dated) if command else None

    def _misread(self, made: Repaired, noise: Loud | None) -> Misread:
        reading = self._parser.read(made.text) or self._reading
        request = reading.request if not isinstance(reading.request, Request) else self._reading.request
        no_day = names_no_day(made.text, self._words)
        missing = self._draft(made, dated=no_day or noise == "condition")
        return Misread(
            noise or self._reason(request, missing, no_day=no_day),
            self._reading.language if isinstance(self._reading.request, Request) else reading.language,
            getattr(request, "token", ""),
            getattr(request, "near", ()),
            missing,
        )

    def _reason(self, request: Request | Misunderstanding, missing: Draft | None, *, no_day: bool) -> Reason:
        if no_day and missing and missing.command in {"book", "free", "watch"} and missing.day is not None:
            return "no_day" if isinstance(missing.day, Hole) else "missing_time"
        if isinstance(request, Request):
            return "missing_name" if missing and Hole.NAME in missing.holes else "not_understood"
        reason = _REASONS.get(type(request), "not_understood")
        if reason == "not_understood" and missing and missing.service is Hole.SERVICE:
            return "missing_service"
        return reason


def _mistyped(key: str, words: Lexicon) -> bool:
    return name_shape(key, words.names, soonest=True) == "doubtful"
