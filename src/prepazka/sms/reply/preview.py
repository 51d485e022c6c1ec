"""How a reply text would go out: filled with the longest values of its office, and counted as it is sent."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from prepazka.core.office.office import Office
from prepazka.sms import alphabets
from prepazka.sms.languages import load
from prepazka.sms.reply.answers import TEXTS
from prepazka.sms.reply.fill import filled, fits
from prepazka.sms.reply.fit import TextProblem, longest_answers, problems_of
from prepazka.sms.reply.render import templates_of

_FILLERS = {
    "N": "NOVAKOVA DOLEZALOVA ANNA MARIE ",
    "M": "POSPISILOVA SVOBODOVA JANA ",
    "R": "odstávka elektřiny a školení ",
    "T": "občankaprukaz",
    "H": "po a st 8-12 a 13-17, ",
    "A": "Masarykovo náměstí 12/34, Horní Lhota ",
    "B": "občanský průkaz, rodný list, fotografii, ",
    "C": "podatelna@urad.example, 739 000 000, ",
}
"""Words in place of the runs of one letter that `longest` measures with, as long as those."""
_RUN = re.compile(r"([NMRTHABC])\1{5,}")


@dataclass(frozen=True, slots=True)
class Preview:
    """A reply text with the longest values. text: as a phone shows it, "" for one that cannot be filled in.

    units: what it takes, in septets or, where plain is false, in 16-bit units; parts: in so many SMS; room: what it may
    take. problems: why it cannot be saved.
    """

    text: str
    units: int
    parts: int
    room: int
    plain: bool
    problems: tuple[TextProblem, ...]


# docs/spec/messages.md §5.3: "Before it is saved, a text is shown with the longest values of the office"
def preview(office: Office, language: str, name: str, text: str) -> Preview:
    """Return how a text would go out. language, name: of the text. text: the office's own; "" for the language file's.

    The office's other texts and settings count as they are; nothing is stored.
    """
    templates = templates_of(office, language)
    shipped = next(one for one in load() if one.code == language).replies[name]
    template = templates.alphabet.fold(text or shipped)
    problems = tuple(problems_of(office, language, {name: text or shipped}))
    room = templates.alphabet.room(templates.parts_of(TEXTS[name]))
    longest = "" if any(one.kind != "too_long" for one in problems) else _longest(office, language, name, template)
    alphabet = alphabets.of(longest) if longest else templates.alphabet
    units, parts = alphabet.measure(longest)
    return Preview(_readable(longest), units, parts, room, alphabet is alphabets.GSM, problems)


def _longest(office: Office, language: str, name: str, template: str) -> str:
    """Return the longest reply of this text, each in the way that would be sent."""
    return max(_sent(office, language, name, template), key=lambda text: alphabets.of(text).units(text))


def _sent(office: Office, language: str, name: str, template: str) -> Iterator[str]:
    templates, text = templates_of(office, language), TEXTS[name]
    parts, common = templates.parts_of(text), {"office": templates.line(office.name)}
    for answer in longest_answers(office, templates):
        if answer.text == name:
            ways = [filled(template, common | values, parts, text.extras) for values in answer.ways]
            yield next((one for one in ways if fits(one, parts)), ways[-1])


def _readable(text: str) -> str:
    """Return the text with words for the runs of one letter; its length stays."""

    def words(run: re.Match[str]) -> str:
        filler = alphabets.GSM.fold(_FILLERS[run[1]])
        cut = (filler * (len(run[0]) // len(filler) + 1))[: len(run[0])]
        return cut[:-1] + "x" if cut.endswith(" ") else cut

    return _RUN.sub(words, text)
