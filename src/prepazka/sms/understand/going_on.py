"""What is added to a wish the office knows already: a name, alone or beside a time ("9:15 Svoboda")."""

from dataclasses import replace
from datetime import date, time

from prepazka.core.booking.book import Book
from prepazka.core.booking.propose import BookWithin
from prepazka.core.office.office import Office
from prepazka.sms.understand.another_time import Rather
from prepazka.sms.understand.lexicon import Lexicon, command_word, common
from prepazka.sms.understand.name_shape import PARTICLES, TITLES, name_shape
from prepazka.sms.understand.parse import VOCABULARY
from prepazka.sms.understand.spelling_errors import meant
from prepazka.sms.understand.understand import understand
from prepazka.sms.understand.understanding import Certain, Draft, Hole, Misread, Proposed, Understanding
from prepazka.sms.understand.written import Span, Written

_LONGEST = 80
_MOST_WORDS = 10
_I_AM = frozenset(("JSEM", "TADY", "SOM", "TU"))
_BEFORE = ("yes", "yes_or_thanks", "rather", "pleasantries")


def going_on(text: str, office: Office, today: date, lexicon: Lexicon) -> Rather | None:
    """What a text adds that is no message of its own; None for any other.

    It is read as the end of a message about any service: every word of it has to belong to its values.
    """
    written = Written(text)
    words, start = written.words, _behind_yes(written)
    if len(text) > _LONGEST or not start < len(words) <= _MOST_WORDS or not office.services:
        return None
    if service := _service_alone(written, start, lexicon):
        return Rather(service=service)
    if words[start].key in VOCABULARY.commands or "?" in text:
        return None
    named = [one for one in lexicon.services.all(written) if not _is_surname(written, one)]
    if len(named) > 1 or any(one.first < start for one in named):
        return None
    service = named[0].value if named else ""
    rest = text[words[start].start :]
    if named:
        rest = written.replaced({(words[named[0].first].start, words[named[0].end - 1].end): " "})[words[start].start :]
    head = f"{command_word('book')} {service or office.services[0].code}"
    dated = f"{head} {today.day}.{today.month}.{today.year} {rest}"
    found = _added(understand(dated, office, today), rest, lexicon)
    found = found or _added(understand(f"{head} {rest}", office, today), rest, lexicon, with_day=True)
    if not found:
        return None
    spoken = [one for key in _BEFORE for one in common().lists[key].all(written)]
    said = [one.value for one in spoken if words[one.first].key != "TAK"]  # a yes in some languages, "so" in Czech
    return replace(found, service=service, language=next(iter(said), found.language))


def _is_surname(written: Written, one: Span[str]) -> bool:
    """Whether a word for a service is rather somebody's name here: "11:00 Pop"."""
    return one.first > 0 and one.end == one.first + 1 and written.is_capitalised(one.first)


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
        case Misread(reason="missing_name", token="", draft=Draft(at=time() as at, persons=persons)) if (
            persons > 1 and not with_day
        ):
            return Rather(at=at, persons=persons, language=found.language)
        case Misread(reason="missing_time", token="", draft=Draft(at=Hole(), name=Hole(), persons=persons)) if (
            persons > 1 and not with_day
        ):
            return Rather(persons=persons, language=found.language)
        case _:
            return None


def _is_name(text: str, lexicon: Lexicon) -> bool:
    """Whether a text is nothing but a name, one of whose words is listed."""
    return name_shape(text, lexicon.names, soonest=True) == "plain" and any(
        _is_listed(word.key, lexicon) for word in Written(text).words
    )


def _is_only_name(name: str, lexicon: Lexicon) -> bool:
    """Whether no word of a name is rather another one: beside a surname it is listed too ("Hrubý zavolejte")."""
    written, named = Written(name), lexicon.names.names
    if len(written.words) > 1 and any(meant(word.key, VOCABULARY.commands.keys()) for word in written.words):
        return False  # "Hrubešová BOK"
    others = [word for word in written.words if not _is_listed(word.key, lexicon)]
    if len(others) != 1:
        return not others
    beside = (word.key for word in written.words if word is not others[0])
    is_name = all(key in named.given or key in TITLES | PARTICLES or len(key) == 1 for key in beside)
    return is_name and name[others[0].start].isupper()


def _is_listed(key: str, lexicon: Lexicon) -> bool:
    """Whether a word of a name is listed, or belongs to one: a title, an initial, a particle."""
    named = lexicon.names.names
    return key in named.surnames or key in named.given or key in TITLES | PARTICLES or len(key) == 1


def _behind_yes(written: Written) -> int:
    """The first word behind those of a yes, or of a change of mind, or that a name follows ("beru 9:15 Svoboda")."""
    known, i = common(), 0
    while i < len(written.words):
        ends = [one.end for key in _BEFORE if (one := known.lists[key].at(written, i))]
        label = known.labels.at(written, i)
        counts = known.times.at(written, i)  # "pro dva"
        if label and label.value == "name" and label.end < len(written.words) and not counts:
            ends.append(label.end)
        if written.words[i].key in _I_AM:
            ends.append(i + 1)
        if not ends:
            break
        i = max(ends)
    return i


def _service_alone(written: Written, start: int, lexicon: Lexicon) -> str:
    """The service that is all a text names ("ZOP", "na občanku prosím"); "" for none."""
    found, lists = "", lexicon.common.lists
    i, words = start, written.words
    while i < len(words):
        said = lexicon.services.at(written, i)
        beside = lists["after_command"].at(written, i) or lists["before_service"].at(written, i)
        beside = beside or lists["pleasantries"].at(written, i) or lists["beside_companion"].at(written, i)
        if said and (not found or found == said.value):
            found, i = said.value, said.end
        elif beside:
            i = beside.end
        else:
            return ""
    return found
