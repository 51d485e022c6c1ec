"""Questions about opening hours: "máte v sobotu otevřeno?", "do kolika máte v pátek".

Only a text of nothing but a day, words of opening and small words: anything else in it is asked for otherwise.
"""

import re
from datetime import date

from prepazka.core.booking.opening import AskHours
from prepazka.core.booking.query import FreeTimes, Help
from prepazka.core.booking.requests import Request
from prepazka.sms.understand.lexicon import Lexicon
from prepazka.sms.understand.parse import VOCABULARY
from prepazka.sms.understand.understanding import Certain
from prepazka.sms.understand.values_found import values
from prepazka.sms.understand.written import Span, Written

_LONGEST = 160
_DATE = re.compile(r"\d{1,2}\.\s?\d{1,2}\b", re.ASCII)


def opening(text: str, made: str, today: date, lexicon: Lexicon) -> Certain | None:
    """What a text asks about opening hours; None for any other. made: with all repairs made."""
    written = Written(text)
    said = lexicon.common.lists["opening"].all(written)
    if not said or len(text) > _LONGEST or not _is_only_that(written, said, lexicon):
        return None
    services = {one.value for one in lexicon.services.all(written)}
    if len(services) > 1:
        return None
    wanted = _asked(made, today, services.pop() if services else None, _says_days(written, lexicon) > 1)
    return Certain(wanted, said[0].value, ("opening",))


def _asked(made: str, today: date, service: str | None, several: bool) -> Request:
    """The hours of the day that is named, today where none is; of a service, its free times."""
    found = values(made, today, refusable=False)
    if found.day is None:
        return FreeTimes(service, today) if service else Help(info=True)
    if not isinstance(found.day, date) or found.bad_day or (several and found.unread):
        return Help(info=True)  # "o víkendu", "v pondělí a ve středu": not one day
    return FreeTimes(service, found.day) if service else AskHours(found.day)


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
        if VOCABULARY.commands.get(key, "info") not in {"info", "accept"} and i not in ours:
            return False
        ends = [one.end for table in (*tables, known.clock, lexicon.services) if (one := table.at(written, i))]
        plain = key.isdecimal() or key in small or key in VOCABULARY.days or key in known.days or key in known.months
        if i not in ours and not ends and not plain:
            return False
        i = max(ends, default=i + 1)
    return True
