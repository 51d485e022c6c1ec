"""The words the shape of a name is judged by in these tests: the shipped ones, and an office's services."""

import tomllib
from pathlib import Path

import prepazka.sms
from prepazka.sms.understand import names, small_words
from prepazka.sms.understand.name_words import NameWords

SERVICES = ["ZOP", "ZCD", "POP", "PTP", "pas", "občanka", "trvalý pobyt"]
HOLES = ["PRIJMENI", "DATUM", "CAS", "KOD", "ZKR"]

_CHANGING = {"book", "cancel", "move"}
_TABLES = [
    tomllib.loads(path.read_text(encoding="utf-8"))["words"]
    for path in sorted((Path(prepazka.sms.__file__).parent / "languages").glob("*.toml"))
]


def _of(section: str, *, changing: bool | None = None) -> list[str]:
    return [
        word
        for table in _TABLES
        for key, words in table[section].items()
        if changing is None or (key in _CHANGING) is changing
        for word in words
    ]


WORDS = NameWords.of(
    small_words.load(),
    names.load(),
    commands=_of("commands", changing=False),
    requests=_of("commands", changing=True),
    days=_of("days"),
    courtesies=_of("courtesy"),
    holes=HOLES,
).with_services(SERVICES)
