"""Small talk: thanks, reactions, yes and no, a lost code. A text is small talk only if every word of it is."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time
from itertools import pairwise
from typing import NamedTuple
from unicodedata import category

from prepazka.sms.languages import FIRST
from prepazka.sms.understand.dates import written_date
from prepazka.sms.understand.lexicon import Common, common
from prepazka.sms.understand.parse import VOCABULARY
from prepazka.sms.understand.times import bare_hour, written_time
from prepazka.sms.understand.understanding import LostCode, No, SmallTalk, Thanks, Yes
from prepazka.sms.understand.written import PhraseTable, Word, Written

LONGEST = 320
"""Characters; a longer text is no small talk."""

_QUOTE = re.compile("[\"“„«‚'”]")
_VALUES = re.compile(
    r"(?P<day>(?<![\d.:])\d{1,2}\.\s?\d{1,2}\.(?:20\d\d)?)|(?P<at>(?<![\d.:])\d{1,2}[:.]\d{2}(?![\d.:]))"
    r"|(?P<hour>(?<![\d.:])\d{1,2})\s?(?:H|HOD|HODIN)\b\.?|(?P<number>\d+)",
    re.ASCII,
)
_COMPACT = 4
_FIGURES_OF_A_PHONE = 9
_AT_HOUR = re.compile(r"(?<!\w)(?:V|VE|O|AT|UM|В|О)\s\d(?![\w.:])")
""" "v 9": an hour, and no number of an offer """
_MOST_NAME_WORDS = 4
_CONFIRMING = frozenset(("JO", "POTVRZUJI", "POTVRZUJU", "SOUHLASIM", "POTVRDZUJEM"))
_SO = frozenset(("TAK", "ТАК"))
"""The Ukrainian yes, which in Czech begins a sentence ("Tak Svobodová 12.8.")."""


def small_talk(text: str, today: date) -> SmallTalk | None:
    """What a text is, if it is nothing but small talk."""
    if len(text) > LONGEST:
        return None
    written, known = Written(text), common()
    if not written.words:
        return Thanks(FIRST) if any(_is_symbol(character) for character in text) else None
    if reaction := _reaction(written, known):
        return Thanks(reaction)
    asks = "?" in text
    if asks and (lost := _lost(written, known)):
        return lost
    values = _values(written, today)
    if values is None or (values.choice and _AT_HOUR.search(written.key)):
        return None
    rest = Written(values.rest)
    if values.empty and (no := _all_of(rest, [known.lists["no"]], known)):
        return Yes(no, asks=True) if asks else No(no)
    if yes := _yes(rest, values, known):
        return replace(yes, asks=asks)
    if asks:
        return None
    if values.empty and (thanks := _all_of(rest, [known.lists["thanks"]], known)):
        return Thanks(thanks)
    return _lost(written, known)


def _reaction(written: Written, known: Common) -> str | None:
    """The language of a phone's reaction that quotes a message: "Liked “…”", "👍 na „…“", "Liked an image"."""
    quote = _QUOTE.search(written.text)
    end = quote.start() if quote else written.text.find(":")
    table = known.lists["reactions"]
    before = Written(written.text[:end] if end >= 0 else written.text)
    pictures = before.text.strip()
    if quote and not before.words and pictures and not pictures.isascii() and _ends_quoted(written.text, quote.end()):
        return FIRST
    found = table.all(before)
    if not found or sum(one.end - one.first for one in found) != len(before.words):
        return None
    return found[0].value if end >= 0 or len(found) > 1 else None


def _ends_quoted(text: str, begin: int) -> bool:
    """Whether what is quoted from `begin` on ends: with a quotation mark, or cut off by the phone ("…")."""
    return _QUOTE.search(text, begin) is not None or text.rstrip().endswith(("…", "..."))


class _Values(NamedTuple):
    """The values an answer names, and the rest of the text."""

    choice: int | None
    at: time | None
    day: date | None
    code: str | None
    rest: str

    @property
    def empty(self) -> bool:
        return (self.choice, self.at, self.day, self.code) == (None, None, None, None)


def _values(written: Written, today: date) -> _Values | None:
    """At most one value of each kind; None where there are more, or a number that is none."""
    found: dict[str, object] = {}
    for each in _VALUES.finditer(written.key):
        kind, value = _value(each, today)
        if value is None or kind in found:
            return None
        found[kind] = value
    rest = _VALUES.sub(" ", written.key)
    return _Values(found.get("choice"), found.get("at"), found.get("day"), found.get("code"), rest)  # type: ignore[arg-type]


def _value(found: re.Match[str], today: date) -> tuple[str, object]:
    number = found["number"]
    if found["day"]:
        written = written_date(found["day"].replace(" ", ""))
        return "day", written.existing(today) if written else None
    if found["at"] or found["hour"]:
        return "at", written_time(found["at"], frozenset()) if found["at"] else bare_hour(found["hour"])
    if len(number) == 1:
        return "choice", int(number) or None
    if len(number) == _COMPACT and (at := written_time(number, frozenset())):
        return "at", at
    return "code", number if _COMPACT <= len(number) <= 10 and len(number) != _FIGURES_OF_A_PHONE else None


def _yes(rest: Written, values: _Values, known: Common) -> Yes | None:
    if values.code and values.day:
        return None  # of a booking: no question is answered so
    words = rest.words
    alone = (values.code or values.choice) is None or sum(each is not None for each in values[:4]) == 1
    if not words:
        return Yes(FIRST, *values[:4], bare=True) if alone and not values.empty else None
    said = known.lists["yes"].at(rest, 0)
    strict = VOCABULARY.commands.get(words[0].key) == "accept"
    weak = None if said or strict else known.lists["yes_or_thanks"].at(rest, 0)
    language = said.value if said else weak.value if weak else VOCABULARY.foreign.get(words[0].key, FIRST)
    start = said.end if said else weak.end if weak else 1 if strict else 0
    bare = start == 0
    rest_of = _beside_yes(rest, start, values.choice, known)
    if rest_of.named and not (_confirms(words[0].key) and _may_be_named(rest_of.named, known)):
        return None
    choice = rest_of.choice
    beside = known.words("yes_words")  # "druhý termín"
    commanded = any(word.key in VOCABULARY.commands for word in words if word is words[0] or word.key not in beside)
    if bare and (commanded or not alone or (choice is None and values.empty and not rest_of.both)):
        return None
    if bare and values.choice is None and _says_hour(words, known):
        return None
    or_thanks = weak is not None and choice is None and values.empty and not rest_of.both
    return Yes(
        language,
        choice,
        *values[1:4],
        bare=bare,
        or_thanks=or_thanks,
        named=frozenset(rest_of.named),
        both=rest_of.both,
    )


def _says_hour(words: Sequence[Word], known: Common) -> bool:
    """Whether a numeral is the hour rather than one of several: "v devět"."""
    before = {word for word, slots in VOCABULARY.before.items() if "at" in slots} | {"O", "UM", "AT"}
    single = known.numerals.words()
    return any(one.key in before and two.key in single for one, two in pairwise(words))


class _BesideYes(NamedTuple):
    """What stands beside a yes, but for words that add nothing to it; named: the words that are not known."""

    choice: int | None
    both: bool
    named: Sequence[str]


def _beside_yes(rest: Written, start: int, choice: int | None, known: Common) -> _BesideYes:
    both, named = False, []
    fillers = (known.lists["yes_words"], known.lists["pleasantries"])
    i = start
    while i < len(rest.words):
        numbered = known.ordinals.at(rest, i) or known.numerals.at(rest, i)
        said_both = known.lists["yes_both"].at(rest, i)
        if numbered and choice is None and 1 <= numbered.value <= 9:
            choice, i = numbered.value, numbered.end
        elif said_both:
            both, i = True, said_both.end
        elif filler := next((one for table in fillers if (one := table.at(rest, i))), None):
            i = filler.end
        else:
            named.append(rest.words[i].key)
            i += 1
    return _BesideYes(choice, both, named)


def _confirms(key: str) -> bool:
    """Whether a message begins with a word that says yes to something; "chci" and "beru" begin wishes too."""
    return key not in _SO and (VOCABULARY.commands.get(key) == "accept" or key in _CONFIRMING)


def _may_be_named(keys: Sequence[str], known: Common) -> bool:
    """Whether words beside a yes may be the name, or the code of the service, that was read back."""
    said = known.meaningful | known.function_words
    return len(keys) <= _MOST_NAME_WORDS and all(key[0].isalpha() and key not in said for key in keys)


def _all_of(written: Written, tables: Sequence[PhraseTable[str]], known: Common) -> str | None:
    """The language of a text that is made of these phrases and courtesy alone, at least one of these."""
    i, language = 0, ""
    while i < len(written.words):
        found = next((one for table in tables if (one := table.at(written, i))), None)
        language = language or (found.value if found else "")
        found = found or known.lists["pleasantries"].at(written, i)
        if not found:
            return None
        i = found.end
    return language or None


def _lost(written: Written, known: Common) -> LostCode | None:
    for one in known.lists["lost_code"].all(written):
        return LostCode(one.value)
    return None


def _is_symbol(character: str) -> bool:
    """Whether a character is a picture, as of a thumb; the sign of a damaged character is none."""
    return category(character) == "So" and character != "\N{REPLACEMENT CHARACTER}"
