"""Repairs of the head of a message: the command and the service, and what separates them."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from prepazka.sms.understand.lexicon import VOCABULARY, Command, Lexicon, command_word
from prepazka.sms.understand.repair import ALL, Repair
from prepazka.sms.understand.spelling_errors import meant
from prepazka.sms.understand.written import PhraseTable, Word, Written
from prepazka.sms.vocabulary import CommandName

_SOURCE = "docs/spec/conversation.md §2"

_SIGNS = re.compile(
    r"[*#;|<>_=\\{}]+|(?<!\d)/|/(?=[^\d\s])|,(?=[^\s\d])|(?<=[^\d\s]),(?=\d)|(?<=\d),(?=\d{1,2}\.\d)|(?<=:\d\d),(?=\d)"
)
_DASHES = re.compile(r"(?<=[^\W\d_])[-–](?=\d)|(?<=[\d.])[-–](?=[^\W\d_]{2})|(?<=\.)[-–](?=\d)")
_DASHED_HEAD = re.compile(r"^\s*([^\W\d_]{2,10})\s?[-–:.]\s?(?=[^\W\d_])|(?<=\s)([^\W\d_]{2,10})[-–](?=[^\W\d_])")
_PERSONS_FIRST = re.compile(r"^\s*(\S+)\s+([1-9])\s?[X×](?:\s+(?:NA|PRO|FOR))?\s+([^\W\d_]\w*)(?=\W|$)")
_COMMAND_LETTERS = re.compile(r"[^\W\d_]+")
_TAKING_SERVICE: frozenset[CommandName] = frozenset(("book", "free", "watch", "queue"))
_TAKING_CODE: frozenset[CommandName] = frozenset(("cancel", "move"))
_FIGURES = re.compile(r"(?<!\d)\d{1,2}[.:]\d|\d{4}")
_SHORTEST_MISTYPED = 3
_ZEROS = str.maketrans("015", "OIS")
_SHORTEST_SYNONYM = 4


def _separators(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "OBJ/ZCD/12.8./9:15/SVOBODA": signs instead of spaces."""
    once = Written(written.substitute(_SIGNS, lambda found: " "))
    twice = Written(once.substitute(_DASHES, lambda found: " "))

    thrice = Written(twice.substitute(_DASHED_HEAD, lambda found: _parted_code(found, twice, lexicon)))
    yield thrice.substitute(_DASHED_HEAD, lambda found: _parted_code(found, thrice, lexicon)).strip()


def _parted_code(found: re.Match[str], written: Written, lexicon: Lexicon) -> str | None:
    word = found[1] or found[2]
    if word not in VOCABULARY.commands and word not in lexicon.codes:
        return None
    return f"{written.text[found.start() : found.start() + len(found[0].rstrip(' -–:.'))]} "


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
        yield written.replaced({(words[start].start, words[end].start): ""})
        return
    tables: tuple[PhraseTable[Any], ...] = (lexicon.common.lists["after_command"], table)
    while end < len(words) and (more := next((one for each in tables if (one := each.at(written, end))), None)):
        end = more.end
    yield written.replaced({(words[start].start, words[end - 1].end): said.value.word})


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
    """ "OBJZCD", "STORNO482913", "ANO2"."""
    words = written.words
    if not words or not (letters := _COMMAND_LETTERS.match(written.key, words[0].start)):
        return
    spelled = letters[0]
    for length in range(len(spelled), 2, -1):
        name = VOCABULARY.commands.get(spelled[:length])
        rest = spelled[length:]
        digits = written.key[letters.end() : letters.end() + 1].isdecimal()
        if name in _TAKING_SERVICE and (rest in lexicon.codes if rest else False):
            fits = True
        else:
            fits = not rest and digits and (name in _TAKING_CODE or name == "accept")
        if fits:
            cut = letters.start() + length
            yield f"{written.text[:cut]} {written.text[cut:]}"
            return


def _small_words(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """ "OBJ na ZOP": words between the command and the service that add nothing."""
    words = written.words
    if not words or VOCABULARY.commands.get(words[0].key) not in _TAKING_SERVICE:
        return
    end = 1
    while end < len(words) and (more := lexicon.common.lists["after_command"].at(written, end)):
        end = more.end
    if 1 < end < len(words) and lexicon.services.at(written, end):
        yield f"{written.text[: words[0].end]} {written.text[words[end].start :]}"


def _synonym(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """The office's own word for a service, behind the command and the small words there."""
    words = written.words
    if not words or VOCABULARY.commands.get(words[0].key) not in _TAKING_SERVICE:
        return
    end = 1
    while end < len(words):
        if found := lexicon.synonyms.at(written, end):
            yield written.replaced({(words[1].start, words[found.end - 1].end): found.value})
            return
        if not (more := lexicon.common.lists["after_command"].at(written, end)):
            return
        end = more.end


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


def _moved(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """The command, and the service behind it, brought to the front: "12.8. 9:15 OBJ ZCD SVOBODA"."""
    words = written.words
    places = [i for i, word in enumerate(words) if VOCABULARY.commands.get(word.key, "accept") != "accept"]
    if len(places) != 1 or places[0] == 0:
        return
    i = places[0]
    name = VOCABULARY.commands[words[i].key]
    end = i + 1
    if name in _TAKING_SERVICE:
        if end < len(words) and words[end].key in lexicon.codes:
            end += 1
        elif words[i - 1].key in lexicon.codes:
            before = _cut(written, words[i - 1], words[i])
            yield f"{_text(written, words[i])} {_text(written, words[i - 1])} {before}"
            return
        else:
            return
    elif name not in _TAKING_CODE:
        return
    head = written.text[words[i].start : words[end - 1].end]
    yield f"{head} {_cut(written, words[i], words[end - 1])}"


def _text(written: Written, word: Word) -> str:
    return written.text[word.start : word.end]


def _cut(written: Written, first: Word, last: Word) -> str:
    return f"{written.text[: first.start].strip()} {written.text[last.end :].strip(' ,:')}".strip()


def _left_out(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """No command, but a service first and figures behind it: "ZOP 17.8. 9:00 Hanzlik"."""
    words = written.words
    start = _behind_pleasantries(written, lexicon)
    while start < len(words) and (more := lexicon.common.lists["after_command"].at(written, start)):
        start = more.end
    if start < len(words) and (service := lexicon.services.at(written, start)):
        rest = written.text[words[service.end - 1].end :]
        if len(_FIGURES.findall(rest)) > 1:
            yield f"{command_word('book')} {service.value}{rest}"


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
    if len(near) == 1:
        one = near[0]
        found = said.at(Written(one), 0)
        yield written.replaced({(first.start, first.end): one if one in known or not found else found.value.word})


def _may_be_mistyped(key: str, lexicon: Lexicon) -> bool:
    return (
        len(key) >= _SHORTEST_MISTYPED
        and not key.isdecimal()
        and key not in VOCABULARY.commands
        and key not in lexicon.codes
        and key not in lexicon.common.commands.words()
        and key not in lexicon.common.meaningful
    )


def _mistyped_service(written: Written, lexicon: Lexicon) -> Iterator[str]:
    """A typing error in the service: figures for letters ("Z0P"), or one error; each that may be meant."""
    words = written.words
    if len(words) < 2 or VOCABULARY.commands.get(words[0].key) not in _TAKING_SERVICE:
        return
    found = re.compile(r"\W*(\w+)").match(written.key, words[0].end)
    if not found or found[1] in lexicon.codes:
        return
    for code in _services_near(found[1], lexicon):
        yield written.replaced({(found.start(1), found.end(1)): code})


def _services_near(typed: str, lexicon: Lexicon) -> Sequence[str]:
    as_letters = typed.translate(_ZEROS)
    if as_letters in lexicon.codes:
        return [as_letters]
    if any(letter.isdecimal() for letter in typed):
        return [code for code in lexicon.codes if typed.startswith(code)]
    if typed in lexicon.common.meaningful or len(typed) < 2:
        return []
    near = meant(typed, sorted(lexicon.codes))
    if near or len(typed) < _SHORTEST_SYNONYM:
        return near
    words = lexicon.synonyms.words()
    found = {lexicon.synonyms.at(Written(word), 0) for word in meant(typed, sorted(words))}
    return sorted({one.value for one in found if one})


CERTAIN = (
    Repair("separators", _SOURCE, "certain", (), _separators, (
        ("OBJ/ZCD/12.8./9:15/SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ-ZCD-12.8.-9:15-SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ*ZOP*17.8.*9:00*Hanzlik", "OBJ ZOP 17.8. 9:00 Hanzlik"),
        ("#OBJ#ZOP#17.8.#9:00#Hanzlik#", "OBJ ZOP 17.8. 9:00 Hanzlik"),
        ("OBJ,ZOP,17.8.,9:00,Hanzlik", "OBJ ZOP 17.8. 9:00 Hanzlik"),
        ("OBJ ZOP 17.8. 9:00 Novák-Malý", "OBJ ZOP 17.8. 9:00 Novák-Malý"),
    )),
    Repair("command_grown_together", _SOURCE, "certain", (), _grown_together, (
        ("OBJZCD 12.8. 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("STORNO482913 12.8.", "STORNO 482913 12.8."),
        ("ANO2", "ANO 2"),
    )),
    Repair("command_inflected", _SOURCE, "certain", ALL, _said_otherwise, (
        ("OBJEDNAVKA ZCD 12.8. 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("Objednávám ZCD 12.8. 9:15 Svoboda", "OBJ ZCD 12.8. 9:15 Svoboda"),
        ("rezervace ZCD 12.8. 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("chci se objednat na pas 12.8. 9:15 SVOBODA", "OBJ pas 12.8. 9:15 SVOBODA"),
        ("Dobré ráno, prosím o objednání OBJ ZCD 12.8. SVOBODA", "Dobré ráno, OBJ ZCD 12.8. SVOBODA"),
        ("I would like to book ZCD 12.8. 9:15 SMITH", "BOOK ZCD 12.8. 9:15 SMITH"),
        ("volné termíny ZCD 12.8.", "TERMIN ZCD 12.8."),
    )),
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
    Repair("command_not_first", _SOURCE, "doubtful", (), _moved, (
        ("SVOBODA OBJ ZCD 12.8. 9:15", "OBJ ZCD SVOBODA 12.8. 9:15"),
        ("12.8. 9:15 OBJ ZCD SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("482913 STORNO 12.8.", "STORNO 482913 12.8."),
    )),
    Repair("command_asked", _SOURCE, "doubtful", ALL, _asked, (
        ("Prosim o ZCD 12.8. 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("chtěla bych ZCD 12.8. 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
    )),
    Repair("command_left_out", _SOURCE, "doubtful", (), _left_out, (
        ("ZOP 17.8. 9:00 Hanzlik", "OBJ ZOP 17.8. 9:00 Hanzlik"),
        ("ZOP 02 1U28899", "ZOP 02 1U28899"),
    )),
    Repair("command_mistyped", _SOURCE, "doubtful", ALL, _mistyped, (
        ("OBK ZOP 17.8. 9:00 Hanzlik", "OBJ ZOP 17.8. 9:00 Hanzlik"),
        ("STRONO 482913 12.8.", "STORNO 482913 12.8."),
        ("objednavim ZOP 17.8. 9:00 Hanzlik", "OBJ ZOP 17.8. 9:00 Hanzlik"),
    )),
    Repair("service_mistyped", _SOURCE, "doubtful", (), _mistyped_service, (
        ("OBJ Z0P 12.8. 9:15 SVOBODA", "OBJ ZOP 12.8. 9:15 SVOBODA"),
        ("OBJ ZCCD 12.8. 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
    )),
)  # fmt: skip
