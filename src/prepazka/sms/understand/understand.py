"""Understanding a message, the second stage: only what the strict parser does not read is repaired.

`parse` stays the only place that turns a text into a request. Here it is decided whether its reading stands (a name
must look like one, a question never books), and if not, whether exactly one reading of a repaired text does. Total: any
text gives one `Understanding`, never an exception.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time
from functools import cached_property

from prepazka.core.booking.book import Book, BookSoonest, Move
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
from prepazka.sms.folding import fold
from prepazka.sms.understand.about import about
from prepazka.sms.understand.after import after, says_after
from prepazka.sms.understand.asked import asked
from prepazka.sms.understand.attempts import MOST_TOGETHER, Attempt, Parser, Repaired, attempts, repaired
from prepazka.sms.understand.cancelling import cancelling, moving, says_time_alone
from prepazka.sms.understand.commands import COMMANDS
from prepazka.sms.understand.doubtful_names import (
    begins_in_day,
    has_surname_for_day,
    is_rather_name,
    is_repeated,
    means_persons,
    means_time,
    shape,
)
from prepazka.sms.understand.drafts import command_in, draft, has_long_name, has_several_names, service_in
from prepazka.sms.understand.given import is_value, says_when, was_given
from prepazka.sms.understand.lexicon import TAKING_CODE, Lexicon, lexicon, lexicon_of
from prepazka.sms.understand.loud import Loud, before_condition, loud, names_no_day
from prepazka.sms.understand.opening import opening
from prepazka.sms.understand.parse import VOCABULARY, Reading, parse
from prepazka.sms.understand.repair_around import not_counted
from prepazka.sms.understand.repair_commands import may_be_commands
from prepazka.sms.understand.small_talk import small_talk
from prepazka.sms.understand.tokens import shown, tokens
from prepazka.sms.understand.two_wishes import two_wishes
from prepazka.sms.understand.understanding import Certain, Draft, Hole, Misread, Proposed, Reason, Understanding
from prepazka.sms.understand.values_found import values
from prepazka.sms.understand.written import Written

LONGEST_REPAIRED = 320
"""Characters of a text that is repaired (docs/spec/conversation.md §6)."""

MOST_WORDS_REPAIRED = 64
"""Words and numbers: more in so short a text are no sentences, and would only take time."""

_FIGURES_OF_A_PHONE = 9
"""Of a telephone number as people leave it ("Novák 777123456"); an access code alone has fewer."""
_FAR_DAYS = 2 * 366
"""A day so far away was not meant."""
_SENTENCE = 3
"""Words of a sentence, at the least."""
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
    words = lexicon(office, synonyms) if synonyms is not None else None
    return _understood(text, words, parser or Parser(office, today))


def _understood(text: str, words: Lexicon | None, parser: Parser) -> Understanding:
    reading = parse(text, parser.office, parser.today)
    request = reading.request
    if isinstance(request, Request) and not isinstance(request, Book | BookSoonest):
        return (asked(request, reading.language) if "?" in text else None) or Certain(request, reading.language)
    words = words or lexicon_of(parser.office)
    if isinstance(request, Book | BookSoonest) and _stands(request, text, words):
        return Certain(request, reading.language)
    parser.keep(text, reading)
    return _Second(text, words, parser, reading).understanding()


def _stands(request: Book | BookSoonest, text: str, words: Lexicon) -> bool:
    """Whether a strict reading that books is acted on at once; one that does not always is."""
    if "?" in text or says_after(text) or _NO_OR_SUNDAY.search(text):
        return False
    if begins_in_day(request, text, words):
        return False
    return shape(request, words, text) == "plain" and not has_surname_for_day(request, text, words)


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
        if asks := opening(self._text, made.text, self._parser.today, self._words):
            return asks
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
            self._about
            or after(made.certain, self._parser, self._words)
            or self._as_read(reading)
            or (self._repaired(made, None, certain_only=True) if named else None)
            or (self._doubtful_name(made) if named else None)
            or self._repaired(made, None)
            or self._moving(made)
            or two_wishes(made.certain, self._parser, self._words)
            or two_wishes(made.text, self._parser, self._words)
            or self._doubtful_name(made)
            or self._repaired(made, None, doubtful_name=True)
            or self._misread(made, None)
        )

    # docs/spec/conversation.md §2: "is read back as the free start nearest to it, at most an hour from it"
    @cached_property
    def _about(self) -> Proposed | Certain | Misread | None:
        """What the text asks at about a time: the same text is read with the time itself."""
        found = about(self._text, self._words)
        if not found:
            return None
        exact = _understood(found.text, self._words, Parser(self._parser.office, self._parser.today))
        match exact:
            case Certain(request=FreeTimes()) if found.part:
                return None
            case Certain(request=FreeTimes(since=time() as since) as free):
                return replace(exact, request=replace(free, since=found.since(since)))
            case Certain(request=Book() as book):
                return Proposed((found.reading(book),), "is_it", exact.language, (*exact.repairs, "about"))
            case Proposed(readings=(Book() as book,)):
                return Proposed((found.reading(book),), "is_it", exact.language, (*exact.repairs, "about"))
            case Certain(request=Move(code=code, day=day, at=at)):
                wish = Draft("move", code=code, day=day, at=at if found.says_time else Hole.AT)
                return Misread("move", exact.language, draft=wish, window=found.window(at))
            case Misread(draft=Draft(command="move", at=time() as at) as wish):
                kept = wish if found.says_time else replace(wish, at=Hole.AT)
                alone = says_time_alone(found.text)
                return replace(exact, draft=kept, window=found.window(at), on_its_day=alone)
            case Proposed() if not found.part:
                return exact
            case Misread(draft=Draft(at=time())) if found.says_time:
                return exact
            case _:
                return None

    def _as_read(self, reading: Reading) -> Certain | Proposed | None:
        """The strict reading, where it was only looked at again for "po", or for a day that may be a surname."""
        request = reading.request
        if not isinstance(request, Request) or shape(request, self._words) != "plain" or "?" in self._text:
            return None
        if begins_in_day(request, self._text, self._words):
            return None
        if isinstance(request, Book) and has_surname_for_day(request, self._text, self._words):
            return Proposed((request,), "is_it", reading.language, doubtful_day=True)
        return Certain(request, reading.language)

    def _moving(self, made: Repaired) -> Misread | None:
        when = self._about
        if isinstance(when, Misread) and when.window:
            return when
        return moving(self._text, made.text, self._parser.today, self._words)

    def _cancelling(self, made: Repaired) -> Certain | Misread | None:
        request = self._reading.request
        if isinstance(request, Request) and shape(request, self._words) != "no_name":
            name = getattr(request, "name", "")
            words = Written(name).words
            if not words or words[0].key not in self._words.common.words("cancel") - VOCABULARY.commands.keys():
                return None
        return cancelling(made.certain, made.text, self._parser.today, self._words)

    def _may_be_named(self, reading: Reading) -> bool:
        """Whether the text is a booking but for a doubtful name: then no word of the name is a question."""
        request = reading.request
        if not isinstance(request, Book | BookSoonest) or "?" in self._text or is_repeated(request.name):
            return False
        if means_persons(request, self._words) or begins_in_day(request, self._text, self._words):
            return False
        negations = self._words.common.negations
        if any(word.key in negations for word in Written(request.name).words) and " " in request.name:
            return False
        return shape(request, self._words) == "doubtful" and not means_time(request, self._words)

    def _too_long(self) -> Misread:
        """Nothing is repaired; what was given is shown with holes."""
        text, token = self._text, getattr(self._reading.request, "token", "")
        missing = self._draft(Repaired(text, text, ())) if command_in(text) else None
        return Misread("too_long", self._reading.language, token, draft=missing)

    # --- repairs ----------------------------------------------------------------------------------

    def _repaired(
        self, made: Repaired, noise: Loud | None, *, certain_only: bool = False, doubtful_name: bool = False
    ) -> Certain | Proposed | None:
        """What the fewest repairs make of the text: one reading or two.

        doubtful_name: under a name that may be none.
        """
        if certain_only:
            made = made.certainly()

        def accepted(attempt: Attempt) -> bool:
            if isinstance(attempt.request, _ANSWERED):
                return True
            if begins_in_day(attempt.request, self._text, self._words):
                return False
            if doubtful_name:
                return is_rather_name(attempt.request, self._words)
            return noise is None and shape(attempt.request, self._words) == "plain"

        found = attempts(self._text, made, self._parser, self._words, accepted)
        if not found or len(found) > 2:
            return None
        first = found[0]
        is_certain = first.certain and not doubtful_name
        if len(found) == 1 and (is_certain or isinstance(first.request, _ANSWERED)):
            request = first.request
            if isinstance(request, CancelSomething) and not is_certain:
                request = replace(request, bare=False)
            return Certain(request, first.language, first.names)
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
            if not isinstance(request, Book | BookSoonest) or "?" in self._text or is_repeated(request.name):
                continue
            if means_time(request, self._words) or means_persons(request, self._words):
                continue
            if begins_in_day(request, self._text, self._words):
                continue
            if shape(request, self._words) == "doubtful":
                return Proposed((request,), "is_it", language, repairs, doubtful_name=True)
        return None

    # --- nothing is done --------------------------------------------------------------------------

    def _hole(self, made: Repaired) -> Misread | None:
        """A hole sent back as it was taught: "OBJ ZCD 12.8. 8:00 PRIJMENI"."""
        if isinstance(self._reading.request, Request) and shape(self._reading.request, self._words) == "plain":
            return None
        command = command_in(made.text)
        takes = {*COMMANDS[command].slots, "service"} if command else set()
        holes = [one for one in self._words.common.holes.all(Written(made.text)) if one.first and one.value in takes]
        if not command or not holes:
            return None
        missing = self._draft(made, dated=any(one.value in {"day", "at"} for one in holes))
        return Misread("hole", self._reading.language, draft=missing, hole=Hole(holes[0].value))

    def _draft(self, made: Repaired, *, dated: bool = False, noisy: bool = False) -> Draft | None:
        command = command_in(made.text)
        found = values(made.text, self._parser.today, coded=command in TAKING_CODE)
        is_open = command in {None, "accept"}  # a word of another language's yes is one of courtesy ("Tak ...")
        coded = values(made.text, self._parser.today, coded=True) if is_open else found
        if is_open and isinstance(coded.code, str) and len(coded.code) != _FIGURES_OF_A_PHONE:
            found, command = coded, "cancel" if coded.at is None else "move"
        if command is None:
            is_wish = says_when(found, made.text) and not may_be_commands(Written(self._text), self._words)
            command = "book" if service_in(made.text, self._words) or is_wish else None
        if isinstance(found.day, date) and abs((found.day - self._parser.today).days) > _FAR_DAYS:
            found.day, found.unread = None, True  # "12.8.10 :00": nobody meant the year 2010
        return draft(made.text, command, found, self._words, dated=dated, noisy=noisy) if command else None

    def _misread(self, made: Repaired, noise: Loud | None) -> Misread | Certain:
        persons = values(made.text, self._parser.today).persons
        if noise == "condition" and (wish := before_condition(made.certain, self._words)):
            made = repaired(wish, self._words)  # what stands behind it is wanted only otherwise, by as many persons
        reading = self._parser.read(made.text) or self._reading
        request = reading.request if not isinstance(reading.request, Request) else self._reading.request
        no_day = names_no_day(made.text, self._words)
        missing = self._draft(made, dated=no_day or noise == "condition", noisy=noise is not None)
        if missing and noise == "condition":
            missing = replace(missing, persons=max(missing.persons, persons))
        near: tuple[str, ...] = getattr(request, "near", ())
        if missing and near:
            missing = replace(missing, service=near[0] if len(near) == 1 else Hole.SERVICE)
        if not noise and isinstance(request, UnknownService) and is_value(request.token, missing):
            return Misread("hole", reading.language, draft=missing, hole=Hole.SERVICE)
        if missing is None and not noise and may_be_commands(Written(self._text), self._words):
            return Certain(Help(), reading.language)  # to show the form of one would be a guess
        reason, token = noise or self._reason(made.text, request, missing, no_day=no_day), self._own(request, missing)
        if reason == "bad_date" and fold(token).startswith("PO "):
            reason, token = "no_day", ""  # "po 12.8.": after it, which says no day
        if reason == "not_understood" and not token and missing and missing.command == "book":
            token = not_counted(Written(made.text), self._words)
        if reason == "unknown_service" and not near and fold(token) in self._words.common.function_words:
            # "BOOK me in for ZOP": no word of it is meant as a code.
            reason, token = "missing_service" if missing and missing.service is Hole.SERVICE else "not_understood", ""
        if (reason == "unknown_service" and not token) or was_given(reason, missing):
            reason = "not_understood"
        return Misread(
            reason,
            self._reading.language if isinstance(self._reading.request, Request) else reading.language,
            token,
            near,
            missing,
        )

    def _own(self, request: Request | Misunderstanding, missing: Draft | None) -> str:
        """The token not understood.

        Empty for a word of a repair, such as a command, that the sender never wrote; for one that the example keeps as
        the name; and for the small word a sentence begins with, of which nothing is understood. A date or a time that
        does not exist is told as it was read.
        """
        token: str = getattr(request, "token", "")
        if isinstance(request, BadDate | BadTime):
            return token  # as it was read: without it nobody knows what does not exist
        written = request is self._reading.request or token in {shown(one.text) for one in tokens(self._text)}
        key, words = fold(token), Written(self._text).words
        if not written or (missing and isinstance(missing.name, str) and key in fold(missing.name).split()):
            return ""
        sentence = len(words) >= _SENTENCE and words[0].key == key and key in self._words.common.function_words
        return "" if sentence else token

    def _reason(self, text: str, request: Request | Misunderstanding, missing: Draft | None, *, no_day: bool) -> Reason:
        if no_day and missing and missing.command in {"book", "free", "watch"} and missing.day is not None:
            if isinstance(missing.day, Hole):
                return "no_day"
            if isinstance(missing.at, Hole):
                return "missing_time"
        reason: Reason = "missing_name" if missing and Hole.NAME in missing.holes else "not_understood"
        if isinstance(request, Misunderstanding):
            reason = _REASONS.get(type(request), "not_understood")
        if missing and missing.holes == (Hole.NAME,) and has_long_name(text, self._words):
            return "long_name"
        if reason == "missing_name" and has_several_names(text, self._words):
            return "not_understood"  # of several it is not known whose it is
        if reason == "not_understood" and missing and missing.service is Hole.SERVICE:
            return "missing_service"
        return reason
