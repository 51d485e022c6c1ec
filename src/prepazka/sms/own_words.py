"""The check of an office's own words: codes and synonyms must not mean anything else in a message."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from prepazka.core.office.office import Office
from prepazka.sms.languages import load
from prepazka.sms.understand import small_words
from prepazka.sms.understand.synonyms import folded

Meaning = Literal["command", "day", "time", "hole"]

_SAID: Mapping[Meaning, str] = {
    "command": "a command word",
    "day": "a word for a day",
    "time": "a word beside a day or a time",
    "hole": "a word that stands for a value in examples",
}


@dataclass(frozen=True, slots=True)
class WordProblem:
    """A word that must not be used, with the reason and the fix in plain English.

    place: in the office file, such as "services[2].synonyms[0]". kind: stable, so that the administration can say the
    same in Czech: "code_" or "synonym_" and a `Meaning`, "synonym_repeated", "synonym_is_code", "no_such_language".
    word: as the office wrote it.
    """

    place: str
    kind: str
    word: str
    why: str

    def __str__(self) -> str:
        return f"{self.place}: {self.why}"


# docs/spec/messages.md §3.8: "A code or synonym that already means something in a message is refused when it is saved"
def word_problems(office: Office) -> list[WordProblem]:
    """Return every code, synonym and language of the office that cannot be used; best is none."""
    return [*_codes(office), *_synonyms(office), *_languages(office)]


def new_word_problems(after: Office, before: Office | None) -> list[WordProblem]:
    """Return the problems the office did not have before.

    A code that was saved before a language got the same word cannot be changed any more, and must not keep the office
    from changing anything else.
    """
    known = {(one.kind, one.word) for one in word_problems(before)} if before else set()
    return [one for one in word_problems(after) if (one.kind, one.word) not in known]


def _codes(office: Office) -> Iterator[WordProblem]:
    for position, service in enumerate(office.services):
        if meaning := _taken().get(service.code):
            place = f"services[{position}].code"
            yield WordProblem(place, f"code_{meaning}", service.code, _told(service.code, meaning))


def _synonyms(office: Office) -> Iterator[WordProblem]:
    codes, places = office.service_of, dict[str, str]()
    for position, service in enumerate(office.services):
        for number, synonym in enumerate(service.synonyms):
            place, said = f"services[{position}].synonyms[{number}]", folded(synonym)
            first = places.setdefault(said, place)
            if first != place:
                yield WordProblem(place, "synonym_repeated", synonym, f'"{synonym}" is already {first}')
            elif said in codes:
                why = f'"{synonym}" is the code of a service; a code needs no synonym'
                yield WordProblem(place, "synonym_is_code", synonym, why)
            elif meaning := _taken_from_synonyms().get(said):
                yield WordProblem(place, f"synonym_{meaning}", synonym, _told(synonym, meaning))
            elif _taken().get(said.split()[0]) == "command":
                # "OBJ TERMIN …" asks for free times, whatever follows.
                yield WordProblem(place, "synonym_command", synonym, _told(synonym.split()[0], "command"))


def _languages(office: Office) -> Iterator[WordProblem]:
    given = [
        *((f"settings.languages[{number}]", code) for number, code in enumerate(office.settings.languages)),
        *(
            (f"services[{position}].bring.{code}", code)
            for position, service in enumerate(office.services)
            for code in service.bring
        ),
    ]
    known = [language.code for language in load()]
    for place, code in given:
        if code not in known:
            why = f"there is no language {code!r}; use one of {', '.join(known)}"
            yield WordProblem(place, "no_such_language", code, why)


def _told(word: str, meaning: Meaning) -> str:
    return f'"{word}" is {_SAID[meaning]}; choose another'


@cache
def _taken() -> Mapping[str, Meaning]:
    """Return what a word of any language means in a message, folded: no code may be one of these."""
    languages, small = [language.words for language in load()], small_words.load()
    return _by_word(
        ("command", (word for one in languages for words in one.commands.values() for word in words)),
        ("hole", (word for one in languages for words in one.holes.values() for word in words)),
        ("day", (word for one in languages for words in one.days.values() for word in words)),
        ("day", (word for one in small for word in (*one.weekdays, *one.relative_days))),
        ("time", (word for one in languages for words in (*one.before.values(), one.after_at) for word in words)),
    )


@cache
def _taken_from_synonyms() -> Mapping[str, Meaning]:
    """Return the same with months and times of day: a code stands where none of them can, a synonym may stand alone."""
    small = small_words.load()
    times = (word for one in small for word in (*one.months, *one.months_short, *one.day_parts, *one.time_words))
    return {**_by_word(("time", times)), **_taken()}


def _by_word(*listed: tuple[Meaning, Iterable[str]]) -> dict[str, Meaning]:
    """Return the meaning of each word; where it has two, the earlier one."""
    found: dict[str, Meaning] = {}
    for meaning, words in listed:
        for word in words:
            found.setdefault(word, meaning)
    return found
