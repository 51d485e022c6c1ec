"""Understanding a message, the second stage: only what the strict parser does not read is repaired.

`parse` stays the only place that turns a text into a request. Here it is decided whether its reading stands (a name
must look like one, a question never books), and if not, whether exactly one reading of a repaired text does. Total: any
text gives one `Understanding`, never an exception.
"""

import re
from collections.abc import Mapping
from datetime import date

from prepazka.core.booking.book import Book, BookSoonest
from prepazka.core.booking.bring import ToBring
from prepazka.core.booking.cancel import CancelSomething
from prepazka.core.booking.misunderstandings import (
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
from prepazka.sms.understand.attempts import MOST_TOGETHER, Attempt, Parser, Repaired, attempts, repaired
from prepazka.sms.understand.cancelling import cancelling, moving
from prepazka.sms.understand.drafts import command_in, draft, service_in, values
from prepazka.sms.understand.lexicon import TAKING_CODE, Lexicon, lexicon, lexicon_of
from prepazka.sms.understand.loud import Loud, loud, names_no_day
from prepazka.sms.understand.name_shape import NameShape, name_shape
from prepazka.sms.understand.parse import VOCABULARY, Reading, parse
from prepazka.sms.understand.small_talk import small_talk
from prepazka.sms.understand.tokens import shown, tokens
from prepazka.sms.understand.two_wishes import two_wishes
from prepazka.sms.understand.understanding import Certain, Draft, Hole, Misread, Proposed, Reason, Understanding
from prepazka.sms.understand.written import Written

LONGEST_REPAIRED = 320
"""Characters of a text that is repaired (docs/spec/conversation.md §6)."""

MOST_WORDS_REPAIRED = 64
"""Words and numbers: more in so short a text are no sentences, and would only take time."""

_NO_OR_SUNDAY = re.compile(r"(?<!\w)ne(?!\w)(?!\.?\s*\d)", re.IGNORECASE)
""" "ne" with no figure behind it is rather a no than Sunday ("9:15 SVOBODA ne diky")."""

_ANSWERED = (CancelSomething, FreeTimes, Help, ListServices, Mine, QueueStatus, ToBring)
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


def understand(
    text: str,
    office: Office,
    today: date,
    synonyms: Mapping[str, str] | None = None,
    *,
    parser: Parser | None = None,
) -> Understanding:
    """What a text is.

    today: the office's local day on which the message was sent. synonyms: the code of a service by each
    word for it; None: the office's own. parser: the strict parser, one for this message.
    """
    words = lexicon(office, synonyms) if synonyms is not None else lexicon_of(office)
    reading = parse(text, office, today)
    if isinstance(reading.request, Request) and _stands(reading.request, text, words):
        return Certain(reading.request, reading.language)
    parser = parser or Parser(office, today)
    parser.keep(text, reading)
    return _Second(text, words, parser, reading).understanding()


def _stands(request: Request, text: str, words: Lexicon) -> bool:
    """Whether a strict reading is acted on at once."""
    if not isinstance(request, Book | BookSoonest):
        return True
    if "?" in text or says_after(text) or _NO_OR_SUNDAY.search(text):
        return False
    return _shape(request, words) == "plain"


def _shape(request: Request, words: Lexicon) -> NameShape:
    if not isinstance(request, Book | BookSoonest):
        return "plain"
    shape = name_shape(request.name, words.names, soonest=isinstance(request, BookSoonest))
    return "doubtful" if shape == "plain" and _is_repeated(request.name) else shape


def _is_repeated(name: str) -> bool:
    """Whether a name has the same word twice, as where a letter is signed ("SVOBODA, Svoboda")."""
    if " " not in name:
        return False
    words = [word.key for word in Written(name).words if len(word.key) > 2]
    return len(set(words)) < len(words)


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
        if not self._text.strip():
            return Misread("empty", reading.language)
        if not isinstance(reading.request, Request) and (talk := small_talk(self._text, self._parser.today)):
            return talk
        if len(self._text) > LONGEST_REPAIRED or len(Written(self._text).words) > MOST_WORDS_REPAIRED:
            return self._doubtful_name(None) or self._too_long()
        made = repaired(self._text, self._words)
        if wish := self._cancelling(made):
            return wish
        if hole := self._hole(made):
            return hole
        repaired_reading = self._parser.read(made.certain) if made.certain != self._text else None
        named = self._may_be_named(reading) or (repaired_reading is not None and self._may_be_named(repaired_reading))
        noise: Loud | None = None
        if not named:
            noise = "question" if "?" in self._text else loud(made.certain, self._words)
        if noise:
            return self._repaired(made, noise) or self._moving(made) or self._misread(made, noise)
        return (
            after(made.certain, self._parser, self._words)
            or self._as_read(reading)
            or (self._repaired(made, None, certain_only=True) if named else None)
            or (self._doubtful_name(made) if named else None)
            or self._repaired(made, None)
            or self._moving(made)
            or two_wishes(made.text, self._parser, self._words)
            or self._doubtful_name(made)
            or self._misread(made, None)
        )

    def _as_read(self, reading: Reading) -> Certain | None:
        """The strict reading, where it was only looked at again for "po"."""
        request = reading.request
        if isinstance(request, Request) and _shape(request, self._words) == "plain" and "?" not in self._text:
            return Certain(request, reading.language)
        return None

    def _moving(self, made: Repaired) -> Misread | None:
        return moving(self._text, made.text, self._parser.today, self._words)

    def _cancelling(self, made: Repaired) -> Certain | Misread | None:
        request = self._reading.request
        if isinstance(request, Request) and _shape(request, self._words) != "no_name":
            name = getattr(request, "name", "")
            words = Written(name).words
            if not words or words[0].key not in self._words.common.words("cancel") - VOCABULARY.commands.keys():
                return None
        return cancelling(made.certain, made.text, self._parser.today, self._words)

    def _may_be_named(self, reading: Reading) -> bool:
        """Whether the text is a booking but for a doubtful name: then no word of the name is a question."""
        request = reading.request
        if not isinstance(request, Book | BookSoonest) or "?" in self._text or _is_repeated(request.name):
            return False
        negations = self._words.common.negations
        if any(word.key in negations for word in Written(request.name).words) and " " in request.name:
            return False
        return _shape(request, self._words) == "doubtful" and not self._means_time(request)

    def _too_long(self) -> Misread:
        """Nothing is repaired; what was given is shown with holes."""
        text, token = self._text, getattr(self._reading.request, "token", "")
        missing = self._draft(Repaired(text, text, ())) if command_in(text) else None
        return Misread("too_long", self._reading.language, token, draft=missing)

    # --- repairs ----------------------------------------------------------------------------------

    def _repaired(self, made: Repaired, noise: Loud | None, *, certain_only: bool = False) -> Certain | Proposed | None:
        """What the fewest repairs make of the text: one reading or two."""
        if certain_only:
            made = made.certainly()

        def accepted(attempt: Attempt) -> bool:
            if isinstance(attempt.request, _ANSWERED):
                return True
            return noise is None and _shape(attempt.request, self._words) == "plain"

        found = attempts(self._text, made, self._parser, self._words, accepted)
        if not found or len(found) > 2:
            return None
        first = found[0]
        if len(found) == 1 and (first.certain or isinstance(first.request, _ANSWERED)):
            return Certain(first.request, first.language, first.names)
        readings = tuple(attempt.request for attempt in found)
        return Proposed(readings, "which" if len(found) > 1 else "is_it", first.language, first.names)

    def _doubtful_name(self, made: Repaired | None) -> Proposed | None:
        """The booking of the strict reading, or of one with certain repairs, under a name that may be none."""
        candidates: list[tuple[Request | Misunderstanding, str, tuple[str, ...]]] = []
        candidates.append((self._reading.request, self._reading.language, ()))
        names = tuple(repair.name for repair in made.certainly().used) if made else ()
        if made and 0 < len(names) <= MOST_TOGETHER and (read := self._parser.request(made.certain)):
            candidates.append((*read, names))
        for request, language, repairs in candidates:
            if not isinstance(request, Book | BookSoonest) or "?" in self._text:
                continue
            if _shape(request, self._words) == "doubtful" and not self._means_time(request):
                return Proposed((request,), "is_it", language, repairs, doubtful_name=True)
        return None

    def _means_time(self, request: Book | BookSoonest) -> bool:
        """Whether a doubtful name has a word of time beside others ("SVOBODA vecer").

        Where a day is given a listed surname may be such a word ("Jan Patek"); for the soonest place none may, nor a
        mistyped one.
        """
        name = [word.key for word in Written(request.name).words]
        surnames = self._words.names.names.surnames
        if len(name) < 2:
            return isinstance(request, BookSoonest) and all(map(self._is_time_alone, name))
        times = [key for key in name if key in self._words.common.time]
        if isinstance(request, Book):
            return any(key not in surnames for key in times)
        return bool(times) or any(key not in surnames and _mistyped(key, self._words) for key in name)

    def _is_time_alone(self, key: str) -> bool:
        """Whether a word that is no listed name is one of time ("utorok", "wieczorem"); months people are called by."""
        known, named = self._words.common, self._words.names.names
        return key in known.time and key not in known.months and key not in named.surnames and key not in named.given

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

    def _draft(self, made: Repaired, *, dated: bool = False, noisy: bool = False) -> Draft | None:
        command = command_in(made.text)
        found = values(made.text, self._parser.today, coded=command in TAKING_CODE)
        if command is None and isinstance((coded := values(made.text, self._parser.today, coded=True)).code, str):
            found, command = coded, "cancel" if coded.at is None else "move"
        if command is None:
            command = "book" if service_in(made.text, self._words) or isinstance(found.day, date) else None
        return draft(made.text, command, found, self._words, dated=dated, noisy=noisy) if command else None

    def _misread(self, made: Repaired, noise: Loud | None) -> Misread:
        reading = self._parser.read(made.text) or self._reading
        request = reading.request if not isinstance(reading.request, Request) else self._reading.request
        no_day = names_no_day(made.text, self._words)
        missing = self._draft(made, dated=no_day or noise == "condition", noisy=noise is not None)
        return Misread(
            noise or self._reason(request, missing, no_day=no_day),
            self._reading.language if isinstance(self._reading.request, Request) else reading.language,
            self._own(request),
            getattr(request, "near", ()),
            missing,
        )

    def _own(self, request: Request | Misunderstanding) -> str:
        """The token not understood; empty for a word of a repair, such as a command, that the sender never wrote."""
        token: str = getattr(request, "token", "")
        written = request is self._reading.request or token in {shown(one.text) for one in tokens(self._text)}
        return token if written else ""

    def _reason(self, request: Request | Misunderstanding, missing: Draft | None, *, no_day: bool) -> Reason:
        if no_day and missing and missing.command in {"book", "free", "watch"} and missing.day is not None:
            if isinstance(missing.day, Hole):
                return "no_day"
            if isinstance(missing.at, Hole):
                return "missing_time"
        if isinstance(request, Request):
            return "missing_name" if missing and Hole.NAME in missing.holes else "not_understood"
        reason = _REASONS.get(type(request), "not_understood")
        if reason == "not_understood" and missing and missing.service is Hole.SERVICE:
            return "missing_service"
        return reason


def _mistyped(key: str, words: Lexicon) -> bool:
    return key not in words.names.senses and name_shape(key, words.names, soonest=True) == "doubtful"
