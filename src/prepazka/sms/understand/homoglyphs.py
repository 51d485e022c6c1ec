"""Letters of other alphabets that look like Latin ones, in commands and codes ("ОВЈ ZОP").

Only a whole word that then is a command or a service code is changed: a Cyrillic name stays one.
"""

import re
from collections.abc import Iterator

from prepazka.sms.understand.lexicon import Lexicon
from prepazka.sms.understand.parse import VOCABULARY
from prepazka.sms.understand.repair import Repair
from prepazka.sms.understand.written import Written

_WORD = re.compile(r"\w+")
_LATIN = str.maketrans(
    "АВСЕНІЈКМОРЅТХҮУЗДПБΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "ABCEHIJKMOPSTXYYZDPBABEZHIKMNOPTYX",
)


def _homoglyphs(written: Written, lexicon: Lexicon) -> Iterator[str]:
    if written.text.isascii():
        return
    changes: dict[tuple[int, int], str] = {}
    for word in _WORD.finditer(written.key):
        latin = word[0].translate(_LATIN)
        if latin != word[0] and latin.isascii() and (latin in lexicon.codes or latin in VOCABULARY.commands):
            changes[word.span()] = latin
    yield written.replaced(changes)


CERTAIN = (
    Repair("homoglyphs", "docs/spec/conversation.md §5", "certain", (), _homoglyphs, (
        ("ОВЈ ZCD 12.8. 9:15 SVOBODA", "OBJ ZCD 12.8. 9:15 SVOBODA"),
        ("OBJ ZОР 12.8. 9:15 SVOBODA", "OBJ ZOP 12.8. 9:15 SVOBODA"),
    )),
)  # fmt: skip
