"""Repairs of the service: small words before it, the office's own words for it, typing errors."""

import re
from collections.abc import Iterator, Sequence

from prepazka.sms.understand.lexicon import TAKING_SERVICE, Lexicon
from prepazka.sms.understand.parse import VOCABULARY
from prepazka.sms.understand.repair import ALL, Repair
from prepazka.sms.understand.repair_commands import UNACCOUNTED
from prepazka.sms.understand.spelling_errors import meant
from prepazka.sms.understand.written import Span, Written

_SOURCE = "docs/spec/conversation.md §2"
_CODE = re.compile(r"\W*(\w+)")
_PERSONS_FIRST = re.compile(r"^\s*(\S+)\s+([1-9])\s?[X×](?:\s+(?:NA|PRO|FOR))?\s+([^\W\d_]\w*)(?=\W|$)")
_BEFORE_SERVICE = frozenset(("NA", "PRO", "FOR", "KVULI"))
_ZEROS = str.maketrans("015", "OIS")
_SHORTEST_SYNONYM = 4
_SHORTEST_TITLE_WORD = 3
_LONGEST_ENDING = 3
_MOST_TITLE_WORDS = 6


def _small_words(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "OBJ na ZOP": words between the command and the service that add nothing."""
    words = written.words
    if not words or VOCABULARY.commands.get(words[0].key) not in TAKING_SERVICE:
        return
    end = 1
    while end < len(words) and (more := _adds_nothing(written, end, lexicon)):
        end = more
    swallowed = UNACCOUNTED.search(written.key, words[0].end, words[min(end, len(words) - 1)].start)
    if 1 < end < len(words) and not swallowed and lexicon.services.at(written, end):
        yield f"{written.text[: words[0].end]} {written.text[words[end].start :]}"


def _synonym(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """The office's own word for a service, behind the command and the small words there."""
    words = written.words
    if not words or VOCABULARY.commands.get(words[0].key) not in TAKING_SERVICE:
        return
    end = 1
    while end < len(words):
        if found := lexicon.synonyms.at(written, end):
            yield written.replaced({(words[1].start, words[found.end - 1].end): found.value})
            return
        if not (more := _adds_nothing(written, end, lexicon)):
            return
        end = more


def _behind_values(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "OBJ 12.8. ZCD 9:15": the service behind nothing but a day or a time."""
    words = written.words
    if len(words) < 3 or VOCABULARY.commands.get(words[0].key) not in TAKING_SERVICE:
        return
    found = lexicon.services.all(written)
    first = found[0].first if found else 0
    if first < 2 or len({one.value for one in found}) > 1 or not all(_says_when(word.key) for word in words[1:first]):
        return
    last = first - 1 if words[first - 1].key in _BEFORE_SERVICE else first
    between = written.text[words[0].end : words[last].start].strip()
    yield f"{written.text[: words[0].end]} {found[0].value} {between}{written.text[words[found[0].end - 1].end :]}"


def _says_when(key: str) -> bool:
    return key.isdecimal() or key in VOCABULARY.days or key in VOCABULARY.before or key in _BEFORE_SERVICE


def _adds_nothing(written: Written, i: int, lexicon: Lexicon) -> int:
    """The end of the words at word `i` that stand before a service and add nothing; 0 for none."""
    lists = lexicon.common.lists
    found = lists["after_command"].at(written, i) or lists["before_service"].at(written, i)
    return found.end if found else 0


def _persons_first(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "OBJ 2x ZOP …": the number of persons before the service."""
    found = _PERSONS_FIRST.match(written.key)
    if (
        found
        and VOCABULARY.commands.get(found[1]) == "book"
        and (found[3] in lexicon.codes or lexicon.synonyms.words())
    ):
        service = written.text[found.start(3) : found.end(3)]
        if found[3] in lexicon.codes or found[3] in lexicon.synonyms.words():
            yield f"{written.text[found.start(1) : found.end(1)]} {service} {found[2]}x{written.text[found.end() :]}"


def _mistyped_service(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """A typing error in the service: figures for letters ("Z0P"), or one error; each that may be meant."""
    words = written.words
    if len(words) < 2 or VOCABULARY.commands.get(words[0].key) not in TAKING_SERVICE:
        return
    found = _CODE.match(written.key, words[0].end)
    if not found or found[1] in lexicon.codes:
        return
    for code in _services_near(found[1], lexicon):
        yield written.replaced({(found.start(1), found.end(1)): code})


# docs/spec/conversation.md §4: "words of a title name the service that alone has them"
def _by_title(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """Words in the place of the service that only one service of the office has in its title, inflected or not."""
    found = titled(written, lexicon)
    if found:
        words = written.words
        yield written.replaced({(words[1].start, words[found.end - 1].end): found.value})


def titled(written: Written, lexicon: Lexicon) -> Span[str] | None:
    """Where such words stand, as many as there are, and the code of their service."""
    words = written.words
    if not words or VOCABULARY.commands.get(words[0].key) not in TAKING_SERVICE:
        return None
    first = 1
    while first < len(words) and (more := _adds_nothing(written, first, lexicon)):
        first = more
    if first >= len(words) or lexicon.services.at(written, first):
        return None
    for end in range(min(first + _MOST_TITLE_WORDS, len(words)), first, -1):
        typed = [word.key for word in words[first:end]]
        codes = {code for code, title in lexicon.titles if _is_of_title(typed, title, lexicon)}
        if codes:
            return Span(first, end, codes.pop()) if len(codes) == 1 and not written.is_part(first, end) else None
    return None


def _is_of_title(typed: Sequence[str], title: frozenset[str], lexicon: Lexicon) -> bool:
    """Whether words are those of a title, with other endings: "občanský průkaz" of "vydání občanského průkazu"."""
    small = lexicon.common.function_words
    if len(typed[-1]) < _SHORTEST_TITLE_WORD or typed[-1] in small:
        return False
    return all(key in title or any(_is_inflected(key, word) for word in title) for key in typed)


def _is_inflected(one: str, other: str) -> bool:
    differing = (i for i, letters in enumerate(zip(one, other, strict=False)) if letters[0] != letters[1])
    same = next(differing, min(len(one), len(other)))
    ending = _LONGEST_ENDING if same >= _SHORTEST_SYNONYM else 1
    return same >= _SHORTEST_TITLE_WORD and max(len(one), len(other)) - same <= ending


def _services_near(typed: str, lexicon: Lexicon) -> Sequence[str]:
    as_letters = typed.translate(_ZEROS)
    if as_letters in lexicon.codes:
        return [as_letters]
    if any(letter.isdecimal() for letter in typed):
        grown = [code for code in sorted(lexicon.codes) if typed.startswith(code) and typed[len(code) :].isdecimal()]
        return [f"{code} {typed[len(code) :]}" for code in grown]
    if typed in lexicon.common.meaningful or len(typed) < 2:
        return []
    near = meant(typed, sorted(lexicon.codes))
    if near or len(typed) < _SHORTEST_SYNONYM:
        return near
    words = lexicon.synonyms.words()
    found = {lexicon.synonyms.at(Written(word), 0) for word in meant(typed, sorted(words))}
    return sorted({one.value for one in found if one})


CERTAIN = (
    Repair("persons_before_service", _SOURCE, "certain", (), _persons_first, (
        ("OBJ 2x ZOP 17.8. 9:00 Hanzlik", "OBJ ZOP 2x 17.8. 9:00 Hanzlik"),
    )),
    Repair("words_before_service", _SOURCE, "certain", ALL, _small_words, (
        ("OBJ na ZOP 12.8. 9:15 SVOBODA", "OBJ ZOP 12.8. 9:15 SVOBODA"),
    )),
    Repair("service_synonym", "docs/spec/conversation.md §4", "certain", (), _synonym, (
        ("OBJ obcanka 12.8. 9:15 SVOBODA", "OBJ ZOP 12.8. 9:15 SVOBODA"),
        ("OBJ na trvalý pobyt 12.8. 9:15 SVOBODA", "OBJ PTP 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD 12.8. 9:15 PAS", "OBJ ZCD 12.8. 9:15 PAS"),
    )),
)  # fmt: skip

DOUBTFUL = (
    Repair("service_behind_values", _SOURCE, "doubtful", (), _behind_values, (
        ("OBJ 12.8. ZCD 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ zítra na ZCD 9:15 SVOBODA", "OBJ ZCD zítra 9:15 SVOBODA"),
        ("OBJ SVOBODA ZCD 12.8. 9:15", "OBJ SVOBODA ZCD 12.8. 9:15"),
    )),
    Repair("service_by_title", "docs/spec/conversation.md §4", "doubtful", (), _by_title, (
        ("OBJ zrušení údaje 12.8. 9:15 SVOBODA", "OBJ RTP 12.8. 9:15 SVOBODA"),
        ("OBJ na žádost o vydání cestovního dokladu 12.8. 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ doklad 12.8. 9:15 SVOBODA", "OBJ doklad 12.8. 9:15 SVOBODA"),
    )),
    Repair("service_mistyped", _SOURCE, "doubtful", (), _mistyped_service, (
        ("OBJ Z0P 12.8. 9:15 SVOBODA", "OBJ ZOP 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD12.8. 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZCCD 12.8. 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
    )),
)  # fmt: skip
