"""Repairs of the words around the values: courtesy, signatures, labels, persons, "as soon as possible", other words."""

import re
from collections.abc import Iterator, Sequence

from prepazka.sms.understand.lexicon import TAKING_CODE, Lexicon
from prepazka.sms.understand.name_shape import VIETNAMESE_MIDDLE
from prepazka.sms.understand.parse import VOCABULARY
from prepazka.sms.understand.repair import ALL, Repair, spaced
from prepazka.sms.understand.repair_dates import has_date
from prepazka.sms.understand.written import Span, Word, Written

_SOURCE = "docs/spec/conversation.md §2"

_FIGURES = re.compile(r"\d[.:]\d|\d{3}|\d\s?H")
_NUMBER_PERSONS = re.compile(r"(?<![\d.:,/])([1-9])\s?(?=[^\W\d_])")
_AND = frozenset(("A", "I", "AND", "UND", "PLUS", "AJ", "ORAZ", "ТА", "І"))
_CHILDREN = frozenset(
    (
        "DITE",
        "DETI",
        "DIETA",
        "CHILD",
        "CHILDREN",
        "KIDS",
        "KIND",
        "KINDER",
        "DZIECKO",
        "DZIECI",
        "ДИТИНА",
        "ДІТЕЙ",
        "ДІТИ",
    )
)
_COMMA = re.compile(r"[,+&]")
_ONE_MORE = re.compile(r"\s?\+\s?([1-8])(?![\w.:,/])", re.ASCII)
_FOR_SO_MANY = re.compile(r"[2-9](?![\w.:,/]|\s?(?:\d|H\b|HOD|MIN))", re.ASCII)
""" "pro 2" """
_X_FIRST = re.compile(r"(?<!\w)[X×]\s?([1-9])(?!\w|\.\d|:)")
_A_DAY = re.compile(r"\d{1,2}\s?[./-]|20\d\d-|\d{1,2}\s[^\W\d]|\d{4}(?!\d)")
_A_TIME = re.compile(r"\d{1,2}(?:[:.,]\d{2}(?!\d|\.)|\s?H|(?=\s|$))")
_AROUND = " ,;:!-–\n\t"
_PHONE = re.compile(r"[\s.:]*(?:(?:\+|00)\d{3}\s?)?\d{3}\s?\d{3}\s?\d{3}[\s.,;!]*$", re.ASCII)
_BIRTH = {
    "born": re.compile(r"[\s.:]*(?:\d{1,2}\.\s?\d{1,2}\.\s?)?(?:19|20)\d\d(?![\d.:/])[\s.,;]*", re.ASCII),
    "personal_number": re.compile(r"[\s.:]*\d{6}\s?/?\s?\d{3,5}(?!\d)[\s.,;]*", re.ASCII),
}
"""What stands behind the words for a day of birth and for a personal number."""
_CODE_PARTED = re.compile(
    r"(?<![\w.,:/-])(?<!\d[ .-])([1-9]\d\d)[ .-](\d{3})(?![\w:/-]|[.,]\d|\s?\d{3}(?!\d))"
    r"|(?<![\w.,:/-])(?<!\d[ .-])([1-9]\d)[ -](\d\d)[ -](\d\d)(?![\w:/-]|[.,]\d)",
    re.ASCII,
)
_WHOLE_CODE = re.compile(r"(?<!\d)\d{5,10}(?!\d)", re.ASCII)
_TRAILING = re.compile(r"[\s,;:!.-]*")


def _courtesy(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """Courtesy anywhere, a phone's signature, and a name repeated under a letter's greeting."""
    known = lexicon.common.lists
    text = written.text
    end = len(written.words)
    for one in reversed(known["signatures"].all(written)):  # a phone may sign what another one has signed
        if one.first and all(word.key in lexicon.common.words("devices") for word in written.words[one.end : end]):
            text, end = text[: written.words[one.first].start].rstrip(_AROUND), one.first
    text = _without_greeting(Written(text), lexicon)
    written = Written(text)
    changes = {}
    for phrase in known["pleasantries"].all(written):
        if written.is_part(phrase.first, phrase.end) or _begins_wish(phrase, written, lexicon):
            continue
        start, end = written.words[phrase.first].start, written.words[phrase.end - 1].end
        end = _TRAILING.match(written.key, end).end()  # type: ignore[union-attr] # matches always
        changes[start, end] = " "
    yield spaced(written.replaced(changes)) if changes else text


def _begins_wish(phrase: Span[str], written: Written, lexicon: Lexicon) -> bool:
    """Whether courtesy is the beginning of a longer phrase that asks for something: "prosím o termín"."""
    known = lexicon.common
    said = known.commands.at(written, phrase.first) or known.asked.at(written, phrase.first)
    return said is not None and said.end > phrase.end


def _without_greeting(written: Written, lexicon: Lexicon) -> str:
    """The text without "S pozdravem Svoboda" where the name stands before too; without the greeting otherwise."""
    words = written.words
    for one in lexicon.common.lists["greetings"].all(written):
        if not one.first or written.is_part(one.first, one.end):
            continue
        name = [word.key for word in words[one.end :]]
        earlier = [word.key for word in words[: one.first]]
        start = words[one.first].start
        before = written.text[:start].rstrip(_AROUND)
        if not name or (len(name) <= 3 and set(name) <= set(earlier)):
            return before
        if length := _repeated(name, earlier):
            return f"{before} {written.text[words[one.end + length - 1].end :]}"
        return f"{before} {written.text[words[one.end].start :]}"
    return written.text


def _repeated(name: Sequence[str], earlier: Sequence[str]) -> int:
    """How many of the first words of a list, three at most, stand together in another one already."""
    for length in (3, 2, 1):
        if len(name) > length and any(earlier[i : i + length] == name[:length] for i in range(len(earlier))):
            return length
    return 0


def _soonest(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "co nejdriv": says nothing beside a message without a day and a time."""
    if _FIGURES.search(written.key) or any(word.key in VOCABULARY.days for word in written.words[1:]):
        return
    found = [one for one in lexicon.common.lists["soonest"].all(written) if not written.is_part(one.first, one.end)]
    if found:
        words = written.words
        changes = {(words[_behind_name(words, one.first)].start, words[one.end - 1].end): " " for one in found}
        yield spaced(written.replaced(changes))


def _behind_name(words: Sequence[Word], first: int) -> int:
    """Where a phrase begins that may stand behind "Nguyen Thi Na", whose last word is "na" too."""
    is_name = first and words[first].key == "NA" and words[first - 1].key in VIETNAMESE_MIDDLE
    return first + 1 if is_name else first


def _code_parted(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "STORNO 482 913 12.8.": a code as it is read out, in a message that takes one."""
    known, words = lexicon.common.lists, written.words
    taking = any(VOCABULARY.commands.get(word.key) in TAKING_CODE for word in words[:2])
    taking = taking or any(known[each].all(written) for each in ("cancel", "cancel_begins", "move"))
    taking = taking or all(word.key.isdecimal() for word in words)  # "482 913 12.8."
    found = list(_CODE_PARTED.finditer(written.key)) if taking and not _WHOLE_CODE.search(written.key) else []
    if len(found) != 1:
        return
    start, end = found[0].span()
    if found[0][1] or has_date(f"{written.key[:start]} {written.key[end:]}", lexicon):
        yield written.replaced({(start, end): "".join(part for part in found[0].groups() if part)})


def _persons(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "dve osoby", "dvakrat", "pro 2 lidi", "x2": as "2x"."""
    known, words = lexicon.common, written.words
    found = _ONE_MORE.search(written.key)
    if found:
        yield written.replaced({found.span(): f" {int(found[1]) + 1}x"})
        return
    found = _X_FIRST.search(written.key)
    if found:
        yield written.replaced({found.span(): f"{found[1]}x"})
        return
    for i, word in enumerate(words):
        if written.is_part(i, i + 1):
            continue
        times = known.times.at(written, i)
        numeral = known.numerals.at(written, i)
        if times:
            number, end = times.value, times.end
            if end < len(words) and words[end].key in known.person_words:  # "for two people"
                end += 1
        elif numeral and numeral.end < len(words) and words[numeral.end].key in known.person_words:
            number, end = numeral.value, numeral.end + 1
        elif (
            len(word.key) == 1
            and word.key.isdecimal()
            and i + 1 < len(words)
            and words[i + 1].key in known.person_words
        ):
            number, end = int(word.key), i + 2
        elif _FOR_SO_MANY.match(written.key, word.start) and i and words[i - 1].key in known.before_persons - {"НА"}:
            number, end = int(word.key), i + 1
        else:
            continue
        more, stop = _more_persons(written, end, lexicon) if not times else (0, end)
        number, end = number + more, stop
        if not 1 <= number <= 9:
            return
        first = i - 1 if i and words[i - 1].key in known.before_persons else i
        yield written.replaced({(words[first].start, words[end - 1].end): f"{number}x"})
        return


def _more_persons(written: Written, end: int, lexicon: Lexicon) -> tuple[int, int]:
    """How many come beside those said already, and where that ends: "2 dospělí a 1 dítě"."""
    known, words, more = lexicon.common, written.words, 0
    while end < len(words):
        i = end + 1 if words[end].key in _AND else end
        if i == end and not _COMMA.search(written.key, words[end - 1].end, words[end].start):
            break  # "pro dva, dvě osoby" are not four, and nothing joins "dvakrát dvě osoby"
        numeral = known.numerals.at(written, i) if i < len(words) else None
        is_figure = i < len(words) and len(words[i].key) == 1 and words[i].key.isdecimal()
        number = int(words[i].key) if is_figure else numeral.value if numeral else 0
        behind = i + 1 if is_figure or not numeral else numeral.end
        if not number or behind >= len(words) or words[behind].key not in known.person_words | _CHILDREN:
            break
        more, end = more + number, behind + 1
    return more, end


def _labels(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "datum: 12.8. čas: 9:15 jméno: Svoboda": the words before the values."""
    words = written.words
    changes = {}
    for one in lexicon.common.labels.all(written):
        if one.end >= len(words) or not one.first or written.is_part(one.first, one.end):
            continue
        after = words[one.end].key
        figure = after.isdecimal()
        known = lexicon.services.at(written, one.end)
        fits = (
            (one.value == "day" and (_A_DAY.match(written.key, words[one.end].start) or after in VOCABULARY.days))
            or (one.value == "at" and _A_TIME.match(written.key, words[one.end].start))
            or (one.value == "service" and known is not None)
            or (one.value == "name" and not figure and not known and after not in lexicon.common.meaningful)
        )
        if fits:
            changes[words[one.first].start, words[one.end].start] = ""
    if changes:
        yield written.replaced(changes)


def _phone(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "tel. 777123456" at the end: the number the message comes from is known."""
    words = written.words
    for one in lexicon.common.labels.all(written):
        if one.value == "phone" and one.first and _PHONE.match(written.key, words[one.end - 1].end):
            yield written.text[: words[one.first].start].rstrip(_AROUND)
            return


def _birth(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "nar. 12.3.1985", "r.č. 855312/1234": no office needs it for an appointment, and it is no day of one."""
    for one in lexicon.common.labels.all(written):
        if one.first and one.value in _BIRTH:
            words = written.words
            if found := _BIRTH[one.value].match(written.key, words[one.end - 1].end):
                yield spaced(written.replaced({(words[one.first].start, found.end()): " "}))
                return


def _named_twice(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "SVOBODA …, Svoboda": the same name again at the end."""
    words = written.words
    for length in (3, 2, 1):
        if len(words) > 2 * length:
            last = [word.key for word in words[-length:]]
            earlier = [word.key for word in words[1:-length]]
            repeated = any(earlier[i : i + length] == last for i in range(len(earlier)))
            if repeated and all(_is_long_word(key) and key not in lexicon.codes for key in last):
                yield written.text[: words[-length].start].rstrip(_AROUND)
                return


def _is_long_word(key: str) -> bool:
    return len(key) > 2 and key.replace("'", "").isalpha()


CERTAIN = (
    Repair("courtesy", _SOURCE, "certain", ALL, _courtesy, (
        ("Vazeny urade, OBJ ZCD 12.8. 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("Re: OBJ ZCD 12.8. 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD 12.8. 9:15 SVOBODA Odesláno z iPhonu", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD 12.8. 9:15 Středa Odesláno z iPhonu Odesláno z iPadu", "OBJ ZCD 12.8. 9:15 Středa"),
        ("OBJ ZCD 12.8. 9:15 SVOBODA dik", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD 12.8. 9:15 SVOBODA Mějte se hezky", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD 12.8. 9:15 SVOBODA S pozdravem Svoboda", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD 12.8. 9:15 S pozdravem Svoboda", "OBJ ZCD 12.8. 9:15 Svoboda"),
    )),
    Repair("soonest", _SOURCE, "certain", ALL, _soonest, (
        ("OBJ ZCD SVOBODA co nejdriv", "OBJ ZCD SVOBODA"),
        ("OBJ ZCD nejbližší termín SVOBODA", "OBJ ZCD SVOBODA"),
        ("BOOK ZCD SMITH asap", "BOOK ZCD SMITH"),
        ("OBJ ZCD 12.8. hned SVOBODA", "OBJ ZCD 12.8. hned SVOBODA"),
    )),
    Repair("code_parted", "docs/spec/conversation.md §3", "certain", (), _code_parted, (
        ("STORNO 482 913 12.8.", "STORNO 482913 12.8."),
        ("STORNO 48-29-13 12.8.", "STORNO 482913 12.8."),
        ("STORNO 777 123 456", "STORNO 777 123 456"),
        ("OBJ ZCD 482 913 SVOBODA", "OBJ ZCD 482 913 SVOBODA"),
    )),
)  # fmt: skip

DOUBTFUL = (
    Repair("persons_in_words", _SOURCE, "doubtful", ALL, _persons, (
        ("OBJ ZCD 12.8. 9:15 SVOBODA dve osoby", "OBJ ZCD 12.8. 9:15 SVOBODA 2x"),
        ("OBJ ZCD 12.8. 9:15 SVOBODA dvakrat", "OBJ ZCD 12.8. 9:15 SVOBODA 2x"),
        ("OBJ ZCD 12.8. 9:15 SVOBODA x2", "OBJ ZCD 12.8. 9:15 SVOBODA 2x"),
        ("OBJ ZCD 12.8. 9:15 SVOBODA pro 2 lidi", "OBJ ZCD 12.8. 9:15 SVOBODA 2x"),
        ("OBJ ZCD 12.8. 9:15 SVOBODA pro dva", "OBJ ZCD 12.8. 9:15 SVOBODA 2x"),
        ("OBJ ZCD 12.8. 9:15 SVOBODA 2 dospělí a 1 dítě", "OBJ ZCD 12.8. 9:15 SVOBODA 3x"),
        ("OBJ ZCD 12.8. 9:15 SVOBODA +1", "OBJ ZCD 12.8. 9:15 SVOBODA 2x"),
        ("OBJ ZCD 12.8. 9:15 SVOBODA pro 2", "OBJ ZCD 12.8. 9:15 SVOBODA 2x"),
    )),
    Repair("phone_number", _SOURCE, "doubtful", ALL, _phone, (
        ("OBJ ZCD 12.8. 9:15 SVOBODA tel. 777123456", "OBJ ZCD 12.8. 9:15 SVOBODA"),
    )),
    Repair("birth", _SOURCE, "doubtful", ALL, _birth, (
        ("OBJ ZCD 12.8. 9:15 SVOBODA nar. 12.3.1985", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD 12.8. 9:15 r.č. 855312/1234 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD narozeniny 12.8. 9:15 SVOBODA", "OBJ ZCD narozeniny 12.8. 9:15 SVOBODA"),
    )),
    Repair("name_repeated", _SOURCE, "doubtful", (), _named_twice, (
        ("OBJ ZCD 12.8. 9:15 SVOBODA, Svoboda", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZCD 12.8. 9:15 O'Hara, O'Hara", "OBJ ZCD 12.8. 9:15 O'Hara"),
    )),
    Repair("labels", _SOURCE, "doubtful", ALL, _labels, (
        ("OBJ ZCD datum 12.8. cas 9:15 jmeno SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
    )),
)  # fmt: skip
