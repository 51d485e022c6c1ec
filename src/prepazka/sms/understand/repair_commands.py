"""Repairs of the head of a message: the command and the service, and what separates them."""

import re
from collections.abc import Iterator
from typing import Any

from prepazka.sms.understand.commands import COMMANDS
from prepazka.sms.understand.lexicon import TAKING_CODE, TAKING_SERVICE, Command, Lexicon, command_word
from prepazka.sms.understand.parse import VOCABULARY
from prepazka.sms.understand.repair import ALL, Repair
from prepazka.sms.understand.repair_dates import parted_behind_date
from prepazka.sms.understand.spelling_errors import meant
from prepazka.sms.understand.written import PhraseTable, Word, Written

_SOURCE = "docs/spec/conversation.md §2"

_SIGNS = re.compile(
    r"[*#;|<>_=\\{}]+|(?<!\d)/|/(?=[^\d\s])|/(?=\d[Xx](?!\w))|(?<=\d{4})/(?=\d{1,2}[.:]\d|\d{4}(?!\d))"
    r"|(?<=20\d\d-\d\d-\d\d)/|/(?=\d{1,2}:\d\d(?!\d))|,(?=[^\s\d])|(?<=[^\d\s]),(?=\d)|(?<=\d),(?=\d{1,2}\.\d)|(?<=:\d\d),(?=\d)"
)
UNACCOUNTED = re.compile(r"[^\w\s,.;:!'\"-]|\d")
"""Signs that are no punctuation: they are not left out with courtesy."""
_DASHES = re.compile(
    r"(?<=[^\W\d_])[-–](?=\d)|(?<=[\d.])[-–](?=[^\W\d_]{2})|(?<=\dX)[-–](?=\w)|(?<=\.)[-–](?=\d)|[-–](?=\dX(?!\w))"
    r"|(?<=\d{4})[-–](?=\d{1,2}[.:]\d|\d{4}(?!\d))"
    r"|(?<=[\"“”])[-–](?=[\"“„\w])|(?<=\w)[-–](?=[\"“„])"
)
_DASHED_CLOCK = re.compile(r"(?<=\d)\s?([^\W\d_]{1,6})[-–](?=\w)")
_CLOCK_WORDS = VOCABULARY.after_at | {"AM", "PM"}
_DASHED_HEAD = re.compile(r"^\s*([^\W\d_]{2,10})\s?[-–:.]\s?(?=[^\W\d_])|(?<=\s)([^\W\d_]{2,10})[-–](?=[^\W\d_])")
_CODE_PARTED = re.compile(r"(?<!\S)([^\W_]{2,10})[-–/,](?=\w)")
_COMMAND_LETTERS = re.compile(r"[^\W\d_]+")
_TO = frozenset(("NA", "O", "V", "VE", "TO"))
"""Before what a booking is to be moved to."""
_LAST_LETTERS = re.compile(r"[^\W\d_]+$")
_FOR_LETTERS = frozenset("*#|_\\")
_FIGURES = re.compile(r"(?<!\d)\d{1,2}[.:]\d|\d{4}")
_DIGIT = re.compile(r"\d", re.ASCII)
_SHORTEST_MISTYPED = 3
_BOOK = frozenset(word for word, name in VOCABULARY.commands.items() if name == "book")
_LETTERS = frozenset("AIOUVKSZ")
"""Words of one letter."""


def _separators(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "OBJ/ZCD/12.8./9:15/SVOBODA": signs instead of spaces."""
    if written.key.count(" + ") > 2:  # as leaflets write a form: "OBJ + ZKR + DATUM"
        written = Written(written.text.replace(" + ", " "))
    dated = Written(parted_behind_date(written, lexicon))
    once = Written(dated.substitute(_SIGNS, lambda found: None if _is_lost_letter(found, dated, lexicon) else " "))
    twice = Written(once.substitute(_DASHES, lambda found: " "))
    timed = Written(twice.substitute(_DASHED_CLOCK, lambda found: _parted_clock(found, twice)))
    thrice = Written(timed.substitute(_DASHED_HEAD, lambda found: _parted_code(found, timed, lexicon)))
    parted = Written(thrice.substitute(_DASHED_HEAD, lambda found: _parted_code(found, thrice, lexicon)))
    yield parted.substitute(_CODE_PARTED, lambda found: f"{found[1]} " if found[1] in lexicon.codes else None).strip()


def _is_lost_letter(found: re.Match[str], written: Written, lexicon: Lexicon) -> bool:
    """Whether a sign stands for a letter of one word ("Ku#era"): it is the only one, and between no whole words."""
    if found[0] not in _FOR_LETTERS or written.key.count(found[0]) > 1:
        return False
    before = _LAST_LETTERS.search(written.key, 0, found.start())
    behind = _COMMAND_LETTERS.match(written.key, found.end())
    if not before or not behind:
        return False
    named = lexicon.names.names
    whole = (VOCABULARY.commands.keys(), lexicon.codes, named.given, named.surnames)
    return not all(any(word[0] in words for words in whole) for word in (before, behind))


def _parted_code(found: re.Match[str], written: Written, lexicon: Lexicon) -> str | None:
    word = found[1] or found[2]
    if word not in VOCABULARY.commands and word not in lexicon.codes:
        return None
    if any(before.key in lexicon.codes for before in written.words if before.end <= found.start()):
        return None  # behind the service it is a name: "Pop-Adamová"
    return f"{written.text[found.start() : found.start() + len(found[0].rstrip(' -–:.'))]} "


def _parted_clock(found: re.Match[str], written: Written) -> str | None:
    """ "3 pm-Nováková", but not "9:00 Am-Adam", which is written as a name."""
    spelled = written.text[found.start(1) : found.end(1)]
    is_said = found[1] in _CLOCK_WORDS and not spelled.istitle()
    return f"{written.text[found.start() : found.end() - 1]} " if is_said else None


def _said_otherwise(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """The command in another form of the word, or in a phrase, at the beginning."""
    yield from _phrased(written, lexicon, lexicon.common.commands)


def _asked(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """A phrase at the beginning that asks without naming the command: "prosim o"."""
    yield from _phrased(written, lexicon, lexicon.common.asked)


def _phrased(written: Written, lexicon: Lexicon, table: PhraseTable[Command]) -> Iterator[str]:
    words = written.words
    start = _behind_pleasantries(written, lexicon)
    said = table.at(written, start) if start < len(words) else None
    if not said or (said.end - said.first == 1 and words[start].key in VOCABULARY.commands):
        return
    end = said.end
    if end < len(words) and VOCABULARY.commands.get(words[end].key) == said.value.name:
        if not UNACCOUNTED.search(written.key, 0, words[end].start):
            yield written.text[words[end].start :]
        return
    tables: tuple[PhraseTable[Any], ...] = (lexicon.common.lists["after_command"], table)
    while end < len(words) and (more := [one.end for each in tables if (one := each.at(written, end))]):
        if said.value.name == "move" and words[end].key in _TO:
            break
        end = max(more)
    following = words[end].start if end < len(words) else words[end - 1].end
    if not UNACCOUNTED.search(written.key, 0, following):
        yield f"{said.value.word}{written.text[words[end - 1].end :]}"


def _behind_pleasantries(written: Written, lexicon: Lexicon) -> int:
    """The first word that is no courtesy."""
    i = 0
    known = lexicon.common
    courtesies = known.lists["pleasantries"]
    while i < len(written.words) and (found := courtesies.at(written, i)):
        said = known.commands.at(written, i) or known.asked.at(written, i)
        if said and said.end > found.end:
            break
        i = found.end
    return i


def _grown_together(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "OBJZCD", "STORNO482913", "ANO2", "OBJ2x"."""
    if not written.words:
        return
    start = written.words[0].start
    letters = _COMMAND_LETTERS.match(written.key, start)
    for length in range(len(letters[0]) if letters else 0, 2, -1):
        name = VOCABULARY.commands.get(written.key[start : start + length])
        cut = start + length
        if name in TAKING_SERVICE and (code := _code_at(written.key, cut, lexicon)):
            end = cut + len(code)
            behind = f"{' ' if written.key[end : end + 1].isdecimal() else ''}{written.text[end:]}"
            yield f"{written.text[:cut]} {written.text[cut:end]}{behind}"
            return
        if name and written.key[cut : cut + 1].isdecimal():
            yield f"{written.text[:cut]} {written.text[cut:]}"
            return


def _code_at(key: str, start: int, lexicon: Lexicon) -> str:
    """The longest service code at a place, with no letter behind it; "" for none."""
    found = (code for code in lexicon.codes if key.startswith(code, start))
    fits = [code for code in found if not key[start + len(code) : start + len(code) + 1].isalpha()]
    return max(fits, key=len, default="")


def _moved(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """The command, and the service behind it, brought to the front: "12.8. 9:15 OBJ ZCD SVOBODA"."""
    words = written.words
    places = [i for i, word in enumerate(words) if VOCABULARY.commands.get(word.key, "accept") != "accept"]
    if len(places) != 1 or places[0] == 0 or any(_grown_together(written, lexicon)):
        return  # the first word may hide another command: "OBJZCD 12.8. SVOBODA and OBJ PCD"
    i = places[0]
    name = VOCABULARY.commands[words[i].key]
    end = i + 1
    says_nothing = all(word.key in lexicon.common.silent or word.key in _LETTERS for word in words[:i])  # "can I …"
    if name in TAKING_SERVICE:
        if end < len(words) and (service := lexicon.services.at(written, end)):
            if any(one.end <= i for one in lexicon.services.all(written)):
                return  # a service on either side: two wishes, the first with a mistyped command
            end = service.end
        elif words[i - 1].key in lexicon.codes:
            before = _cut(written, words[i - 1], words[i])
            yield f"{_text(written, words[i])} {_text(written, words[i - 1])} {before}"
            return
        elif not says_nothing:
            return
    elif name not in TAKING_CODE:
        return
    head = written.text[words[i].start : words[end - 1].end]
    yield f"{head} {_cut(written, words[0 if says_nothing else i], words[end - 1])}"


def _text(written: Written, word: Word) -> str:
    return written.text[word.start : word.end]


def _cut(written: Written, first: Word, last: Word) -> str:
    return f"{written.text[: first.start].strip()} {written.text[last.end :].strip(' ,:')}".strip()


def _left_out(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """No command, but a service first and figures behind it: "ZOP 17.8. 9:00 Hanzlik"."""
    words = written.words
    start = _behind_pleasantries(written, lexicon)
    lists = lexicon.common.lists
    while start < len(words) and (
        more := lists["after_command"].at(written, start) or lists["before_service"].at(written, start)
    ):
        start = more.end  # "na", "nový"
    if start < len(words) and (service := lexicon.services.at(written, start)):
        later = any(VOCABULARY.commands.get(word.key) in TAKING_SERVICE for word in words[service.end :])
        if later and written.is_capitalised(start):
            return  # "Pop OBJ PTP 17.8. 9:00": it is not left out, and the first word is a name
        said = lexicon.common.commands.at(written, service.end) if service.end < len(words) else None
        last = said.end if said and said.value.name == "book" else service.end
        rest = written.text[words[last - 1].end :]
        if len(_FIGURES.findall(rest)) > 1:
            yield f"{command_word('book')} {service.value}{rest}"


def _service_behind(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """No command, and the service behind a date, a time or a name: "17.8. 9:00 ZOP Hanzlik"."""
    found = lexicon.services.all(written)
    words = written.words
    if len(found) != 1 or not found[0].first or len(_FIGURES.findall(written.key)) < 2:
        return
    one = found[0]
    if (before := lexicon.common.lists["before_service"].at(written, 0)) and before.end == one.first:
        return  # "nový pas": nobody's name
    names = [word.key for word in (*words[: one.first], *words[one.end :]) if word.key.isalpha()]
    if len(names) > 1 and any(meant(key, _BOOK) for key in names):
        return  # "17.12. 8:00 BOK ZOP Hanzlik": a mistyped command rather than a part of the name
    if all(word.key.isdecimal() or _may_be_named(word.key, lexicon) for word in words[: one.first]):
        yield f"{command_word('book')} {one.value} {_cut(written, words[one.first], words[one.end - 1])}"


def _may_be_named(key: str, lexicon: Lexicon) -> bool:
    """Whether a word before the service is a day or may be a name; a mistyped command is neither."""
    named, known = lexicon.names.names, lexicon.common
    if key in VOCABULARY.days or key in named.surnames or key in named.given:
        return True
    says_more = key in known.function_words or key in known.meaningful or key in known.asked.words()
    return key.isascii() and len(key) > 2 and not says_more and not meant(key, VOCABULARY.commands.keys())


def _mistyped(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """A typing error in the command word."""
    words = written.words
    if not words:
        return
    start = _behind_pleasantries(written, lexicon)
    first = words[start] if start < len(words) else words[0]
    if not _may_be_mistyped(first.key, lexicon):
        return
    known = {word for word, name in VOCABULARY.commands.items() if name != "accept"}
    said = lexicon.common.commands
    errors = 2 if len(first.key) > 7 else 1
    near = meant(first.key, known) or meant(first.key, said.words(), errors)
    if errors > 1 and not meant(first.key, near):  # "přidejte" is not "hlídejte"
        near = [one for one in near if one[0] == first.key[0]]
    if len(near) > 1:  # "MOE 26.8. 11:15" may be MOVE, alone it may be MOJE
        near = [one for one in near if one in known and _takes_figures(one) == bool(_DIGIT.search(written.key))]
    if len(near) == 1:
        one = near[0]
        found = said.at(Written(one), 0)
        yield written.replaced({(first.start, first.end): one if one in known or not found else found.value.word})


def may_be_commands(written: Written, lexicon: Lexicon) -> bool:
    """Whether the first word is a typing error away from words of different commands: "DOBJEDNAJ"."""
    if not _may_be_mistyped(written.first, lexicon):
        return False
    near = meant(written.first, VOCABULARY.commands.keys())
    return len({VOCABULARY.commands[word] for word in near}) > 1


def _takes_figures(command: str) -> bool:
    return bool(COMMANDS[VOCABULARY.commands[command]].slots)


def _may_be_mistyped(key: str, lexicon: Lexicon) -> bool:
    return (
        len(key) >= _SHORTEST_MISTYPED
        and not key.isdecimal()
        and key not in VOCABULARY.commands
        and key not in lexicon.codes
        and key not in lexicon.common.commands.words()
        and key not in lexicon.common.meaningful
        and key not in lexicon.common.function_words
    )


CERTAIN = (
    Repair("separators", _SOURCE, "certain", (), _separators, (
        ("OBJ/ZCD/12.8./9:15/SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ-ZCD-12.8.-9:15-SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ*ZOP*17.8.*9:00*Hanzlik", "OBJ ZOP 17.8. 9:00 Hanzlik"),
        ("#OBJ#ZOP#17.8.#9:00#Hanzlik#", "OBJ ZOP 17.8. 9:00 Hanzlik"),
        ("OBJ,ZOP,17.8.,9:00,Hanzlik", "OBJ ZOP 17.8. 9:00 Hanzlik"),
        ("OBJ/ZOP/2026-08-17/9:00/Sobota", "OBJ ZOP 2026-08-17 9:00 Sobota"),
        ("OBJ-ZOP-2026/08/17-9:00-Sobota", "OBJ ZOP 2026-08-17 9:00 Sobota"),
        ("OBJ,ZOP,17/8,9:00,Hanzlik", "OBJ ZOP 17.8. 9:00 Hanzlik"),
        ("OBJ + ZOP + 17.8. + 9:00 + Hanzlik", "OBJ ZOP 17.8. 9:00 Hanzlik"),
        ("OBJ ZOP 17.8. 9:00 Novák-Malý", "OBJ ZOP 17.8. 9:00 Novák-Malý"),
    )),
    Repair("command_grown_together", _SOURCE, "certain", (), _grown_together, (
        ("OBJZCD 12.8. 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("STORNO482913 12.8.", "STORNO 482913 12.8."),
        ("ANO2", "ANO 2"),
        ("OBJ2x ZCD 12.8. 9:15 SVOBODA", "OBJ 2x ZCD 12.8. 9:15 SVOBODA"),
        ("OBJZOP17.8. 9:00 Hanzlik", "OBJ ZOP 17.8. 9:00 Hanzlik"),
    )),
    Repair("command_inflected", _SOURCE, "certain", ALL, _said_otherwise, (
        ("OBJEDNAVKA ZCD 12.8. 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("Objednávám ZCD 12.8. 9:15 Svoboda", "OBJ ZCD 12.8. 9:15 Svoboda"),
        ("rezervace ZCD 12.8. 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("chci se objednat na pas 12.8. 9:15 SVOBODA", "OBJ pas 12.8. 9:15 SVOBODA"),
        ("Dobré ráno, prosím o objednání OBJ ZCD 12.8. 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("I would like to book ZCD 12.8. 9:15 SMITH", "BOOK ZCD 12.8. 9:15 SMITH"),
        ("volné termíny ZCD 12.8.", "TERMIN ZCD 12.8."),
    )),
)  # fmt: skip

DOUBTFUL = (
    Repair("command_not_first", _SOURCE, "doubtful", (), _moved, (
        ("SVOBODA OBJ ZCD 12.8. 9:15", "OBJ ZCD SVOBODA 12.8. 9:15"),
        ("12.8. 9:15 OBJ ZCD SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("482913 STORNO 12.8.", "STORNO 482913 12.8."),
        ("can I BOOK ZCD 12.8. 9:15 SVOBODA", "BOOK ZCD 12.8. 9:15 SVOBODA"),
    )),
    Repair("command_asked", _SOURCE, "doubtful", ALL, _asked, (
        ("Prosim o ZCD 12.8. 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("chtěla bych ZCD 12.8. 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
    )),
    Repair("command_left_out", _SOURCE, "doubtful", (), _left_out, (
        ("ZOP 17.8. 9:00 Hanzlik", "OBJ ZOP 17.8. 9:00 Hanzlik"),
        ("ZOP REZ 17.8. 10:30 Hanzlik", "OBJ ZOP 17.8. 10:30 Hanzlik"),
        ("ZOP 02 1U28899", "ZOP 02 1U28899"),
    )),
    Repair("service_not_first", _SOURCE, "doubtful", (), _service_behind, (
        ("17.8. 9:00 ZOP Hanzlik", "OBJ ZOP 17.8. 9:00 Hanzlik"),
        ("Novák ZOP 17.8. 9:00", "OBJ ZOP Novák 17.8. 9:00"),
        ("byl jsem na ZOP 17.8. 9:00 Hanzlik", "byl jsem na ZOP 17.8. 9:00 Hanzlik"),
    )),
    Repair("command_mistyped", _SOURCE, "doubtful", ALL, _mistyped, (
        ("OBK ZOP 17.8. 9:00 Hanzlik", "OBJ ZOP 17.8. 9:00 Hanzlik"),
        ("STRONO 482913 12.8.", "STORNO 482913 12.8."),
        ("objednavim ZOP 17.8. 9:00 Hanzlik", "OBJ ZOP 17.8. 9:00 Hanzlik"),
    )),
)  # fmt: skip
