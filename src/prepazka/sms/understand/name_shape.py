"""The shape of a name: whether words look like a name, might be one, or are none (spec/conversation.md §1.3).

A name is accepted by what names look like; there is no list of the names that are accepted. What the specification
leaves open is decided so:

- A function word refuses what it stands in, alone it is doubtful. It is doubtful too where every word of the text is
  a listed name ("Do Lan"), and as the last word of a Vietnamese name ("Nguyen Thi Na").
- A single letter is an initial, also without a full stop, unless it is a function word ("a", "v"); then it is one
  with a full stop, or as a capital at either end beside listed names ("Novák V").
- A service code is doubtful alone and beside listed given names only, when it is a listed surname too ("Jan Pop").
- A listed name of several words is plain ("Thu Hà"), and so is a Vietnamese surname with two or more listed words
  behind it or before it: with the marks gone, almost every syllable of them is a small word of some language. With
  its marks written, a listed word of them is a name ("Hồ" is not "ho").
- A given name equal to a month is plain before a surname, doubtful behind one ("Smith August").
- Words joined by a hyphen are one word; it is doubtful where a part of it has a meaning of its own.
- A particle that is a small word too ("ten Hag") is doubtful, and plain behind another ("van den Berg").
- Titles, initials and particles (van, de) are not counted among the four words.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Literal, NamedTuple

from rapidfuzz.distance import OSA

from prepazka.sms.understand.name_words import SHORTEST_MISTYPED, NameWords, Sense
from prepazka.sms.understand.spelling import key

NameShape = Literal["plain", "doubtful", "no_name"]

MOST_WORDS = 4
"""Words of a name, titles, initials and particles not counted."""

_LONGEST_ABBREVIATION = 4
"""Letters before a full stop that may be a shortened name ("Jos."); after a longer word a sentence ends."""
_LONGEST_MISTYPED = 20

# fmt: off
TITLES = frozenset(
    [
        "ARCH", "ARTD", "BC", "BCA", "BSC", "CSC", "DBA", "DIPL", "DIPLING", "DIS", "DOC", "DR", "DRSC",
        "DSC", "EUR", "FRAU", "HAB", "HERR", "ICDR", "ING", "INZ", "JR", "JUDR", "LL", "LLB", "LLM", "MAG",
        "MBA", "MDDR", "MGA", "MGR", "MISS", "ML", "MPA", "MPH", "MR", "MRS", "MS", "MSC", "MUDR", "MVDR",
        "NAR", "PAEDDR", "PAN", "PANA", "PANI", "PH", "PHARMDR", "PHD", "PHDR", "PP", "PROF", "RNDR", "ROZ",
        "RSDR", "SLECNA", "SR", "TH", "THD", "THDR", "THLIC", "ПАН", "ПАНІ", "ПАНИ",
    ]
)
PARTICLES = frozenset(
    [
        "AF", "AL", "AV", "BEN", "BIN", "DA", "DAS", "DE", "DEI", "DEL", "DELLA", "DEN", "DER", "DI", "DOS",
        "DU", "EL", "IBN", "LA", "LAS", "LE", "LOS", "TE", "TEN", "TER", "THI", "VAN", "VOM", "VON", "ZU",
        "ZUM", "ZUR", "ВАН", "ФОН",
    ]
)
# fmt: on
VIETNAMESE_MIDDLE = frozenset(("THI", "VAN"))
_EDGES = "\"'`´„“”‚‘’«»‹›,;"
_SENTENCE_END = re.compile(r"[!:…](?=.)|[?()\[\]{}]")
_JOINERS = frozenset("-'’ʼ‐‑–")
_HYPHEN = re.compile(r"[-‐‑–]")


class _Word(NamedTuple):
    """A word of the text.

    key: as it is looked up. stop: a full stop follows. beside: it only stands beside the words of a name, as a title.
    """

    text: str
    key: str
    stop: bool
    beside: bool = False


def name_shape(text: str, words: NameWords, *, soonest: bool = False) -> NameShape:
    """The shape of the text that stands where a name is expected.

    text: as written, with the question mark that may follow it. soonest: the message gives neither day nor time, so
    that a mistyped "zitraa" would be booked for now; then typing errors are looked for.
    """
    if not soonest and _is_ordinary(text, words):
        return "plain"
    read = _words(text)
    written = [word._replace(beside=_is_beside(word, i, read, words)) for i, word in enumerate(read)]
    name = [word for word in written if not word.beside]
    if not written or len(name) > MOST_WORDS or _new_sentence(written):
        return "no_name"
    if found := _senses(written, words):
        return _with_meaning(found, written, words)
    if not name:
        return "doubtful" if all(len(word.key) > 1 for word in written) else "plain"
    if soonest and any(_is_mistyped(word.key, words) for word in name):
        return "doubtful"
    return "plain"


def _is_ordinary(text: str, words: NameWords) -> bool:
    """The quick look that settles most names: plain letters only, and no word that is looked at twice below."""
    found = text.split()
    for word in found:
        spelled = word.upper()
        if not (word.isascii() and word.isalpha() and len(word) > 1):
            return False
        if spelled in words.senses or spelled in words.phrases or spelled in PARTICLES or spelled in TITLES:
            return False
    return 0 < len(found) <= MOST_WORDS


# --- words ------------------------------------------------------------------------------------------


def _words(text: str) -> list[_Word]:
    """The words of a text; none if there is anything in it that no name has."""
    if _SENTENCE_END.search(text.strip()):
        return []
    found = []
    for piece in unicodedata.normalize("NFC", text).replace(".", ". ").rstrip(" !").split():
        bare = piece.strip(_EDGES)
        word = bare.rstrip(".").strip("-'’")
        if word:
            if not _is_word(word):
                return []
            found.append(_Word(word, key(word), bare.endswith(".")))
        elif found and bare == ".":
            found[-1] = found[-1]._replace(stop=True)
    return found


def _is_word(piece: str) -> bool:
    """Letters, with hyphens and apostrophes between them."""
    return piece.isalpha() or all(
        c.isalpha() or c in _JOINERS or unicodedata.category(c).startswith("M") for c in piece
    )


def _is_beside(word: _Word, i: int, written: Sequence[_Word], words: NameWords) -> bool:
    """Whether a word is a title, an initial, or a particle with a name behind it."""
    if len(word.key) == 1:
        return (word.stop and len(written) > 1) or word.key not in words.senses
    if word.key in PARTICLES:
        leads = i + 1 < len(written) and len(written[i + 1].key) > 1
        # "den" is a particle in "van den Berg", but a day in Czech
        return leads and (word.key not in words.senses or (i > 0 and written[i - 1].key in PARTICLES))
    return word.key in TITLES and (len(written) > 1 or word.stop)


def _new_sentence(written: Sequence[_Word]) -> bool:
    return any(
        word.stop and len(_HYPHEN.split(word.key)[-1]) > _LONGEST_ABBREVIATION and word.key not in TITLES
        for word in written[:-1]
    )


# --- what words mean --------------------------------------------------------------------------------


class _Found(NamedTuple):
    """A meaning that the words from `first` to before `end` have; joined: only a part of a hyphened word has it."""

    sense: Sense
    first: int
    end: int
    joined: bool = False


def _senses(written: Sequence[_Word], words: NameWords) -> list[_Found]:
    """Every meaning that the words have beside that of a name."""
    found: list[_Found] = []
    i = 0
    while i < len(written):
        one = _phrase(written, i, words) or _single(written, i, words)
        if one:
            found.append(one)
        i = one.end if one else i + 1
    return found


def _phrase(written: Sequence[_Word], i: int, words: NameWords) -> _Found | None:
    for phrase, sense in words.phrases.get(written[i].key, ()):
        if tuple(word.key for word in written[i : i + len(phrase)]) == phrase:
            return _Found(sense, i, i + len(phrase))
    return None


def _single(written: Sequence[_Word], i: int, words: NameWords) -> _Found | None:
    word = written[i]
    if word.beside:
        return None
    if sense := words.senses.get(word.key):
        if _is_marked(word, words) or _is_month_before_surname(written, i, words):
            return None
        return _Found(sense, i, i + 1)
    if not word.text.isascii() and word.text.upper() in words.with_marks:
        return _Found("time", i, i + 1)
    parts = _HYPHEN.split(word.key)
    if len(parts) > 1 and any(part in words.senses and len(part) > 1 for part in parts):
        return _Found("time", i, i + 1, joined=True)
    return None


def _is_marked(word: _Word, words: NameWords) -> bool:
    return not word.text.isascii() and word.text.upper() in words.marked


def _is_month_before_surname(written: Sequence[_Word], i: int, words: NameWords) -> bool:
    month = written[i].key
    return (
        month in words.months
        and month in words.names.given
        and i + 1 < len(written)
        and written[i + 1].key not in words.senses
    )


def _with_meaning(found: Sequence[_Found], written: Sequence[_Word], words: NameWords) -> NameShape:
    """The shape of words of which some mean something else than a name."""
    if any(one.sense == "hole" for one in found):
        return "no_name"
    if all(one.end == one.first + 1 for one in found) and _is_whole_name(written, words):
        return "plain"
    if len(found) == 1 and _is_initial(found[0], written, words):
        return "plain"
    if all(any(one.first <= i < one.end for one in found[:1]) or word.beside for i, word in enumerate(written)):
        return "doubtful"  # nothing but this one word: people are called Sobota, Pop, Pomoc
    for one in found:
        if one.sense == "service" and not _is_surname_of(one, written, words):
            return "no_name"
        if one.sense == "function" and not (one.joined or _may_be_name(one, written, words)):
            is_particle = len(found) == 1 and written[one.first].key in PARTICLES  # "ten Hag"
            if not is_particle or one.end == len(written):
                return "no_name"
    return "doubtful"


def _is_surname_of(one: _Found, written: Sequence[_Word], words: NameWords) -> bool:
    """Whether a service's word is a listed surname and all beside it listed given names."""
    return (
        one.end == one.first + 1
        and written[one.first].key in words.names.surnames
        and all(word.key in words.names.given or word.beside for word in _others(one, written))
    )


def _may_be_name(one: _Found, written: Sequence[_Word], words: NameWords) -> bool:
    """Whether a function word may be part of this name after all."""
    if one.end != one.first + 1:
        return False
    if one.end == len(written) and _begins_vietnamese(written, words):
        return True
    if len(written[one.first].key) > 1:
        # "Maja Středa": whether the weekday says when is looked at elsewhere.
        key_ = written[one.first].key
        is_given = key_ in words.names.given and key_ not in words.names.vietnamese
        return all(
            _is_listed(other.key, words) or other.beside or (is_given and words.senses.get(other.key) == "time")
            for other in written
        )
    return _is_initial(one, written, words)


def _is_initial(one: _Found, written: Sequence[_Word], words: NameWords) -> bool:
    """Whether a function word of one letter is an initial: a capital at either end beside listed names ("NOVAK A")."""
    word, others = written[one.first], _others(one, written)
    if one.end > one.first + 1 or len(word.key) > 1 or not word.text.isupper() or 0 < one.first < len(written) - 1:
        return False
    return any(not other.beside for other in others) and all(
        other.beside or _is_listed(other.key, words) for other in others
    )


def _others(one: _Found, written: Sequence[_Word]) -> Sequence[_Word]:
    return [*written[: one.first], *written[one.end :]]


def _is_listed(spelled: str, words: NameWords) -> bool:
    return spelled in words.names.surnames or spelled in words.names.given


def _begins_vietnamese(written: Sequence[_Word], words: NameWords) -> bool:
    return (
        len(written) >= 3 and written[0].key in words.names.vietnamese_surnames and written[1].key in VIETNAMESE_MIDDLE
    )


def _is_whole_name(written: Sequence[_Word], words: NameWords) -> bool:
    """Whether a text is a listed name of several words, or a Vietnamese surname with two or more listed words."""
    return " ".join(word.key for word in written) in words.names.whole or (
        len(written) >= 3
        and any(word.key in words.names.vietnamese_surnames for word in (written[0], written[-1]))
        and all(word.key in words.names.vietnamese or word.key in VIETNAMESE_MIDDLE for word in written)
    )


# --- typing errors ----------------------------------------------------------------------------------


def _is_mistyped(spelled: str, words: NameWords) -> bool:
    """Whether a word that no list has as a name is one typing error away from a word with a meaning."""
    if not SHORTEST_MISTYPED <= len(spelled) <= _LONGEST_MISTYPED or _is_listed(spelled, words):
        return False
    return any(OSA.distance(spelled, word, score_cutoff=1) <= 1 for word in words.mistyped.of(spelled))
