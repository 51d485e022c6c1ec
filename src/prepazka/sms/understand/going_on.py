"""What is added to a wish the office knows already: a name, alone or beside a time ("9:15 Svoboda")."""

from datetime import date

from prepazka.core.booking.book import Book
from prepazka.core.booking.propose import BookWithin
from prepazka.core.office.office import Office
from prepazka.sms.understand.another_time import Rather
from prepazka.sms.understand.lexicon import Lexicon, command_word, common
from prepazka.sms.understand.name_shape import PARTICLES, TITLES, name_shape
from prepazka.sms.understand.parse import VOCABULARY
from prepazka.sms.understand.understand import understand
from prepazka.sms.understand.understanding import Certain, Misread, Proposed, Understanding
from prepazka.sms.understand.written import Written

_LONGEST = 80
_MOST_WORDS = 10
_BEFORE = ("yes", "yes_or_thanks", "rather", "pleasantries")


def going_on(text: str, office: Office, today: date, lexicon: Lexicon) -> Rather | None:
    """What a text adds that is no message of its own; None for any other.

    It is read as the end of a message about any service: every word of it has to belong to its values.
    """
    written = Written(text)
    words, start = written.words, _behind_yes(written)
    if len(text) > _LONGEST or not start < len(words) <= _MOST_WORDS or "?" in text or not office.services:
        return None
    if words[start].key in VOCABULARY.commands or lexicon.services.all(written):
        return None
    rest = text[words[start].start :]
    head = f"{command_word('book')} {office.services[0].code}"
    dated = f"{head} {today.day}.{today.month}.{today.year} {rest}"
    if found := _added(understand(dated, office, today), rest, lexicon):
        return found
    return _added(understand(f"{head} {rest}", office, today), rest, lexicon, with_day=True)


def _added(found: Understanding, rest: str, lexicon: Lexicon, *, with_day: bool = False) -> Rather | None:
    match found:
        case Certain(request=Book() as one) | Proposed(readings=(Book() as one,)) if _is_only_name(one.name, lexicon):
            return Rather(
                one.day if with_day else None, one.at, language=found.language, name=one.name, persons=one.persons
            )
        case Proposed(readings=(BookWithin() as one,)) if _is_only_name(one.name, lexicon):
            day = one.day if with_day else None
            return Rather(day, None, one.window, language=found.language, name=one.name, persons=one.persons)
        case Misread(reason="missing_time", token="") if not with_day and _is_name(rest, lexicon):
            return Rather(name=rest.strip(" .,!"), language=found.language)
        case _:
            return None


def _is_name(text: str, lexicon: Lexicon) -> bool:
    """Whether a text is nothing but a name, one of whose words is listed."""
    return name_shape(text, lexicon.names, soonest=True) == "plain" and _listed(text, lexicon) > 0


def _is_only_name(name: str, lexicon: Lexicon) -> bool:
    """Whether no word of a name is rather another one: beside a surname it is listed too ("Hrubý zavolejte")."""
    count = len(name.split())
    given = any(word.key in lexicon.names.names.given for word in Written(name).words)
    if count == 1:
        return _listed(name, lexicon) == 1 or name[0].isupper()
    return _listed(name, lexicon) >= (count - 1 if given else count)


def _listed(text: str, lexicon: Lexicon) -> int:
    """How many words of a name are listed, or belong to one: a title, an initial, a particle."""
    named = lexicon.names.names
    keys = [word.key for word in Written(text).words]
    beside = TITLES | PARTICLES
    return sum(key in named.surnames or key in named.given or key in beside or len(key) == 1 for key in keys)


def _behind_yes(written: Written) -> int:
    """The first word behind those of a yes, or of a change of mind ("beru 9:15 Svoboda")."""
    lists, i = common().lists, 0
    while i < len(written.words) and (ends := [one.end for key in _BEFORE if (one := lists[key].at(written, i))]):
        i = max(ends)
    return i
