"""Strategies: values and the ways people spell them, and messages put together from scraps."""

import unicodedata
from datetime import date, time, timedelta

from hypothesis import strategies as st

from prepazka.sms.folding import fold
from prepazka.sms.understand.parse import VOCABULARY
from prepazka.sms.vocabulary import DayName
from tests.sms.understand.readings import MONDAY, OFFICE

__all__ = ["VOCABULARY"]

codes = st.integers(0, 999_999).map(lambda number: f"{number:06}")
services = st.sampled_from(sorted(OFFICE.service_of))
days = st.integers(0, 364).map(lambda ahead: MONDAY + timedelta(days=ahead))
times = st.builds(time, st.integers(0, 23), st.sampled_from((0, 5, 15, 30, 59)))
spaces = st.sampled_from((" ", " ", " ", "  ", "\t", "\n", "\r\n", "\u00a0", "\u2003"))

_RELATIVE: tuple[DayName, ...] = ("today", "tomorrow", "day_after_tomorrow")
_WEEKDAYS: tuple[DayName, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_letters = st.characters(categories=("Lu", "Ll"), max_codepoint=0x17F)
_name_words = st.text(_letters, min_size=2, max_size=12).map(lambda word: unicodedata.normalize("NFC", word))


def _is_plain(name: str) -> bool:
    ambiguous = VOCABULARY.special | VOCABULARY.requests
    return len(name) <= 60 and not any(fold(word) in ambiguous for word in name.split())


names = (
    st.lists(_name_words | st.sampled_from(("Novák", "O'Brien", "POP", "POMOC", "Malá-Nová")), min_size=1, max_size=4)
    .map(" ".join)
    .filter(_is_plain)
)


def spelled_days(day: date) -> st.SearchStrategy[str]:
    """Ways to spell a day of the year from MONDAY on."""
    d, m, y = day.day, day.month, day.year
    ahead = (day - MONDAY).days
    numeric = (
        *(f"{d}.{m}.", f"{d}.{m}", f"{d}. {m}.", f"{d}. {m}", f"{d:02}.{m:02}.", f"{d:02}.{m:02}", f"{d}/{m}"),
        *(
            f"{d}.{m}.{y}",
            f"{d}. {m}. {y}",
            f"{d}.{m}. {y}",
            f"{d}.{m}.{y % 100}",
            f"{d}/{m}/{y}",
            f"{y}-{m:02}-{d:02}",
        ),
        f"{d:02}{m:02}",
    )
    names = [_WEEKDAYS[day.weekday()]] if 1 <= ahead <= 7 else []
    names += [_RELATIVE[ahead]] if ahead < len(_RELATIVE) else []
    words = [word for word, name in VOCABULARY.days.items() if name in names]
    return st.sampled_from(words) | st.sampled_from(numeric) if words else st.sampled_from(numeric)


def spelled_times(at: time, after: str) -> st.SearchStrategy[str]:
    """Ways to spell a time directly after a date spelled as `after`, as far as only one reading exists."""
    h, m = at.hour, at.minute
    ways = [f"{h}:{m:02}", f"{h:02}:{m:02}", f"{h},{m:02}", f"{h}:{m:02} hod", f"{h}:{m:02}h"]
    if not after.isalpha():
        ways.append(f"{h}.{m:02}")
    if h != 20:
        ways.append(f"{h:02}{m:02}")
    if m == 0:
        ways += [f"{h}", f"{h}h", f"{h} hod", f"{h} hod."]
    return st.sampled_from(ways)


@st.composite
def mistyped(draw: st.DrawFn, spelled: str) -> str:
    """A number perhaps with O for a 0 or l for a 1, and a digit left in each token."""
    candidates = spelled.split(" ")
    for i, candidate in enumerate(candidates):
        if sum(c.isdigit() for c in candidate) > 1 and not any(c.isalpha() for c in candidate) and draw(st.booleans()):
            digit, letter = draw(st.sampled_from((("0", "O"), ("1", "l"), ("1", "I"), ("0", "o"))))
            candidates[i] = candidate.replace(digit, letter, 1)
    return " ".join(candidates)


def cased(text: str) -> st.SearchStrategy[str]:
    """The letters of a text in one case or the other."""
    return st.sampled_from((text, text.lower(), text.title()))


def quoted(text: str) -> st.SearchStrategy[str]:
    """A value perhaps in quotes, as in the sample."""
    return st.sampled_from((text, text, text, f'"{text}"', f"„{text}“"))


_SCRAPS = (
    *VOCABULARY.commands,
    *VOCABULARY.days,
    *VOCABULARY.before,
    *VOCABULARY.after_at,
    *OFFICE.service_of,
    *(" ".join(phrase) for phrases in VOCABULARY.opening.values() for phrase in phrases),
    *(
        "10.8.",
        "10.8",
        "10.",
        "8.",
        "8",
        "2026",
        "2026.",
        "10.08",
        "12.10",
        "1008",
        "31.2.",
        "29.2.",
        "10/8",
        "2026-08-10",
    ),
    *(
        "14:00",
        "14.00",
        "1400",
        "14",
        "25",
        "25:00",
        "14h",
        "10.8.14:00",
        "8.14:00",
        "482913",
        "4829",
        "2x",
        "2",
        "x",
        "0x",
    ),
    *(
        "NOVAK",
        "Nováková",
        "O'Brien",
        "王小明",
        "NOVAK.",
        "7Q",
        "²",
        "-",
        "...",
        ":D",
        "🙂",
        "&",
        '"',
        "\x00",
        "\ud800",
    ),
)
messages = st.builds(
    lambda command, scraps: " ".join((*command, *scraps)),
    st.sampled_from(
        (
            (),
            ("OBJ", "ZOP"),
            ("OBJ", "ZOP"),
            ("STORNO",),
            ("PRESUN",),
            ("TERMIN", "ZOP"),
            ("HLIDEJ", "ZOP"),
            ("STAV", "ZOP"),
        )
    ),
    st.lists(st.sampled_from(_SCRAPS), max_size=8),
)
"""Messages that begin sensibly and go on in any way."""

anything = st.text(st.characters(exclude_categories=()), max_size=1200)
"""Any text whatever, lone surrogates and control characters among it."""
