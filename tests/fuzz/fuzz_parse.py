"""Coverage-guided fuzzing of the parser; not collected by pytest.

Needs atheris (`pip install atheris`) beside the project's own dependencies. From the checkout:

    PYTHONPATH=src:. python tests/fuzz/fuzz_parse.py -max_total_time=240

The oracle, besides "one Reading, never an exception": every token of a message that acts matters. Leave any one
out and something else is asked, unless it is of a kind that adds nothing (courtesy, decoration, "v" before a
time). So a token that was silently dropped shows itself, whatever the reason. A finding belongs into
tests/sms/test_parse_*.py as a case.
"""

import sys

import atheris  # type: ignore[import-untyped,import-not-found,unused-ignore] # not a dependency

with atheris.instrument_imports(include=["prepazka.sms"]):
    from prepazka.core.booking.book import Book, BookSoonest, Move
    from prepazka.core.booking.cancel import Cancel
    from prepazka.core.booking.misunderstandings import Misunderstanding
    from prepazka.core.booking.requests import Request
    from prepazka.sms.folding import fold
    from prepazka.sms.understand.parse import VOCABULARY, Reading, parse

from tests.sms.understand.readings import MONDAY, OFFICE

_SCRAPS = (
    *VOCABULARY.commands,
    *VOCABULARY.days,
    *VOCABULARY.before,
    *VOCABULARY.after_at,
    *VOCABULARY.never_names,
    *(" ".join(phrase) for phrases in VOCABULARY.opening.values() for phrase in phrases),
    *(
        "OBJ ZOP",
        "ZOP",
        "10.8.",
        "10.8",
        "10.",
        "8.",
        "2026",
        "10.08",
        "1008",
        "14:00",
        "14.00",
        "1400",
        "14",
        "2x",
        "x",
    ),
    *("482913", "NOVAK", "Nováková", "NOVAK.", "-", "🙂", ":D", '"', ".", ",", "h", "O", "l"),
)
_ADDING_NOTHING = VOCABULARY.special | VOCABULARY.commands.keys()


def message(data: bytes) -> str:
    """A text of any characters, or one of scraps grown together or not."""
    source = atheris.FuzzedDataProvider(data)
    if source.ConsumeBool():
        return str(source.ConsumeUnicode(source.ConsumeIntInRange(0, 300)))
    pieces = [
        source.PickValueInList(["", "OBJ ZOP ", "OBJ ZOP 10.8. 14:00 ", "STORNO 482913 ", "PRESUN 482913 10.8. "])
    ]
    for _ in range(source.ConsumeIntInRange(1, 10)):
        scrap = _SCRAPS[source.ConsumeIntInRange(0, len(_SCRAPS) - 1)]
        kind = source.ConsumeIntInRange(0, 9)
        pieces.append(source.ConsumeUnicode(4) if kind == 0 else scrap.lower() if kind == 1 else scrap)
        pieces.append("" if source.ConsumeIntInRange(0, 9) == 0 else " ")
    return "".join(pieces)


def adds_nothing(token: str) -> bool:
    """Whether a token may be left out of a message and the same still be asked."""
    bare = fold("".join(c for c in token if c.isalnum()))
    if any(c.isnumeric() and not c.isalpha() for c in token):
        return bare in {"1X", "1×", "1", str(MONDAY.year), str(MONDAY.year + 1)} or bare in {"108", "1008"}
    return bare in _ADDING_NOTHING or not bare


def check(text: str) -> None:
    found = parse(text, OFFICE, MONDAY)
    assert isinstance(found, Reading), text
    assert isinstance(found.request, Request | Misunderstanding), text
    shown = getattr(found.request, "example", "")
    if isinstance(found.request, Misunderstanding) and shown:
        assert isinstance(parse(shown, OFFICE, MONDAY).request, Request), (text, shown)
    if isinstance(found.request, Book | BookSoonest | Cancel | Move):
        tokens = text.split()
        for i, token in enumerate(tokens):
            without = " ".join((*tokens[:i], *tokens[i + 1 :]))
            assert adds_nothing(token) or parse(without, OFFICE, MONDAY).request != found.request, (text, token)


def main() -> None:
    atheris.Setup(sys.argv, lambda data: check(message(data)))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
