"""Questions about opening hours and free times: "máte v sobotu otevřeno?", "je zítra volno na pas?".

Only a text of nothing but a day, words of opening and small words: anything else in it is asked for otherwise.
"""

import re
from datetime import date, time, timedelta
from typing import NamedTuple

from prepazka.core.booking.opening import AskHours
from prepazka.core.booking.query import FreeTimes, Help
from prepazka.core.booking.requests import Request
from prepazka.sms.understand.about import about
from prepazka.sms.understand.lexicon import Lexicon
from prepazka.sms.understand.parse import VOCABULARY
from prepazka.sms.understand.understanding import Certain, Draft, Hole, Misread
from prepazka.sms.understand.values_found import Values, values
from prepazka.sms.understand.written import Span, Written

_LONGEST = 160
_DATE = re.compile(r"\d{1,2}\.\s?\d{1,2}\b", re.ASCII)


def opening(text: str, made: str, today: date, lexicon: Lexicon) -> Certain | Misread | None:
    """What a text asks about opening hours or free times; None for any other. made: with all repairs made."""
    written = Written(text)
    hours = lexicon.common.lists["opening"].all(written)
    said = hours or lexicon.common.lists["free_asked"].all(written)
    if not said or len(text) > _LONGEST or not _is_only_that(written, said, lexicon):
        return None
    services = {one.value for one in lexicon.services.all(written)}
    service = services.pop() if len(services) == 1 else None
    if services:
        return None
    known = lexicon.common
    no_day = known.lists["periods"].all(written) or any(word.key in known.months for word in written.words)
    asked = _Asked(values(made, today, refusable=False), service, _says_days(written, lexicon) > 1, today)
    if hours:
        return Certain(asked.hours(), said[0].value, ("opening",))
    part = about(text, lexicon)
    if no_day and asked.found.day is None:
        return None
    return asked.free(said[0].value, part.window(time()).first if part and part.part else None)


class _Asked(NamedTuple):
    """The values in a question. several: more than one day is named."""

    found: Values
    service: str | None
    several: bool
    today: date

    @property
    def _one_day(self) -> date | None:
        """The one day that is named; None also for "o víkendu" and "v pondělí a ve středu"."""
        read = self.found
        is_one = isinstance(read.day, date) and not read.bad_day and not (self.several and read.unread)
        return read.day if is_one and isinstance(read.day, date) else None

    def hours(self) -> Request:
        """The hours of the day that is named, today where none is; of a service, its free times."""
        day = self._one_day
        if self.service and (day or self.found.day is None):
            return FreeTimes(self.service, day or self.today)
        return AskHours(day) if day else Help(info=True)

    def free(self, language: str, since: time | None) -> Certain | Misread | None:
        """The free times of the service on the day that is named, on the next one where none is."""
        day = self._one_day
        if self.found.day is not None and not day:
            return None
        if self.service is None:
            return Misread("missing_service", language, draft=Draft("free", Hole.SERVICE, day=day)) if day else None
        wanted = FreeTimes(self.service, day or self.today + timedelta(days=1), since or None)
        return Certain(wanted, language, ("opening",))


def _says_days(written: Written, lexicon: Lexicon) -> int:
    """How many words and dates of days a text has."""
    words = [word.key for word in written.words]
    named = sum(key in VOCABULARY.days or key in lexicon.common.days for key in words)
    return named + len(_DATE.findall(written.key))


def _is_only_that(written: Written, said: list[Span[str]], lexicon: Lexicon) -> bool:
    known, words = lexicon.common, written.words
    tables = [known.lists[each] for each in ("pleasantries", "periods", "any_time", "vague", "before_day")]
    ours = {i for one in said for i in range(one.first, one.end)}
    small = known.function_words | known.questions | known.time | known.numbers | known.negations
    i = 0
    while i < len(words):
        key = words[i].key
        if VOCABULARY.commands.get(key, "info") not in {"info", "accept"} and (i == 0 or i not in ours):
            return False
        ends = [one.end for table in (*tables, known.clock, lexicon.services) if (one := table.at(written, i))]
        plain = key.isdecimal() or key in small or key in VOCABULARY.days or key in known.days or key in known.months
        if i not in ours and not ends and not plain:
            return False
        i = max(ends, default=i + 1)
    return True
