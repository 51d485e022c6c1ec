"""Drafts: what the sender gave, and holes for what is missing. Nothing is put in a hole."""

from anyascii import anyascii
from rapidfuzz.distance import OSA

from prepazka.sms.understand.candidates import LONGEST_NAME
from prepazka.sms.understand.commands import COMMANDS
from prepazka.sms.understand.lexicon import TAKING_SERVICE, Lexicon
from prepazka.sms.understand.loud import names_no_day
from prepazka.sms.understand.name_shape import VIETNAMESE_MIDDLE, name_shape
from prepazka.sms.understand.parse import VOCABULARY
from prepazka.sms.understand.repair_other_words import (
    Run,
    droppable,
    is_bare_month,
    is_bound,
    is_listed,
    is_weekday,
    runs_of,
)
from prepazka.sms.understand.spelling import key
from prepazka.sms.understand.understanding import Draft, Hole
from prepazka.sms.understand.values_found import Values
from prepazka.sms.understand.written import Written
from prepazka.sms.vocabulary import CommandName

_NEW = frozenset(("NOVY", "NOVA", "NOVOU", "NOVEHO"))
"""Surnames too, but not before the thing that is wanted: "nový průkaz"."""
_LIKE_FIGURES = frozenset("LIO")
_SHORTEST_COMMAND = 3


def name_in(text: str, lexicon: Lexicon, *, listed_only: bool = False) -> str | None:
    """The name in a text with all repairs made: the one run of words with the shape of a name, if there is one.

    Where the text does not begin with a command, and in the place of the service, only a listed name counts.
    """
    written = Written(text)
    words = written.words
    commanded = bool(words) and words[0].key in VOCABULARY.commands
    head = 1 if commanded else 0
    before_things = lexicon.common.words("vague", "before_day", "after") - {"NA"}
    listed, others = [], []
    skipped = [*droppable(written, head, lexicon), *_service_words(written, lexicon)]
    for found in runs_of(written, head, skipped, lexicon):
        run = _without_bound(written, _without_service(written, found, lexicon), lexicon)
        spelled = _once(written, run)
        if all(len(word.key) == 1 or _LIKE_FIGURES.issuperset(word.key) for word in words[run.first : run.end]):
            continue  # "l.3." and "ll.ll.", with the letter for the figure
        if is_long(spelled) or name_shape(spelled, lexicon.names) != "plain":
            continue
        if run.end in skipped and _NEW.issuperset(word.key for word in words[run.first : run.end]):
            continue
        if _is_half(written, run, lexicon) or (not commanded and _ends_in_command(written, run)):
            return None
        if run.listed and (commanded or words[run.end - 1].key in lexicon.names.names.surnames):
            listed.append(spelled)
            if len(listed) > 1:
                return None  # whatever follows, it is not one name
        elif commanded and run.first > 1 and not listed_only and words[run.first - 1].key not in before_things:
            others.append(spelled)
    best = listed or others
    return best[0] if len(best) == 1 else None


def has_several_names(text: str, lexicon: Lexicon) -> bool:
    """Whether names of the lists stand in several places of a text. text: with all repairs made."""
    written = Written(text)
    return sum(run.listed for run in runs_of(written, 1, [*droppable(written, 1, lexicon)], lexicon)) > 1


# docs/spec/messages.md §3.5: "A name has at most 60 characters, as written and in plain letters; a longer one is not
# cut, its sender is told."
def has_long_name(text: str, lexicon: Lexicon) -> bool:
    """Whether there is one name in a text, with the shape of one but too long. text: with all repairs made."""
    written = Written(text)
    words = written.words
    runs = runs_of(written, 1, [*droppable(written, 1, lexicon), *_service_words(written, lexicon)], lexicon)
    spelled = [written.text[words[run.first].start : words[run.end - 1].end] for run in runs]
    return len(spelled) == 1 and is_long(spelled[0]) and name_shape(spelled[0], lexicon.names) != "no_name"


def is_long(name: str) -> bool:
    """Whether a name is too long to be kept and shown whole."""
    return len(name) > LONGEST_NAME or (not name.isascii() and len(anyascii(name)) > LONGEST_NAME)


def _without_service(written: Written, run: Run, lexicon: Lexicon) -> Run:
    """A run without the word in the place of the service, where that names none: "OBJ QCD Mach"."""
    words = written.words
    commanded = run.first > 0 and VOCABULARY.commands.get(words[run.first - 1].key) == "book"
    in_its_place = commanded and run.end > run.first + 1 and not lexicon.services.all(written)
    if not in_its_place or is_listed(words[run.first].key, lexicon):
        return run
    return run._replace(first=run.first + 1)


def _without_bound(written: Written, run: Run, lexicon: Lexicon) -> Run:
    """A run without a first word that belongs to the one before it: "před prací Kolář"."""
    words = written.words
    first = words[run.first]
    bound = run.first > 1 and words[run.first - 1].key in lexicon.common.function_words
    is_small = written.text[first.start].islower() and not is_listed(first.key, lexicon)
    named = run.end - run.first > 1 and written.is_capitalised(run.first + 1)
    return run._replace(first=run.first + 1) if bound and is_small and named and run.listed else run


def _once(written: Written, run: Run) -> str:
    """The words of a run, those of a name that is written twice only once ("Svoboda Svoboda")."""
    words = written.words[run.first : run.end]
    half = len(words) // 2
    repeated = len(words) == 2 * half and [w.key for w in words[:half]] == [w.key for w in words[half:]]
    return written.text[words[0].start : words[half - 1 if repeated else -1].end]


def _service_words(written: Written, lexicon: Lexicon) -> range:
    """The words that name the service, the first where several do: a later one may be somebody's name ("Jan Pas")."""
    found = lexicon.services.all(written)
    return range(found[0].first, found[0].end) if found else range(0)


def _is_half(written: Written, run: Run, lexicon: Lexicon) -> bool:
    """Whether a run may be half a name: it is a part of a hyphened word, has a sign for a letter ("Ku?era"), is beside
    a day or a month by which people are called ("Smithson June", "Jan Sobota"), or is a Vietnamese name without its
    last word ("Nguyen Thi Na").
    """
    words, named = written.words, lexicon.names.names
    if written.is_part(run.first, run.end) or written.is_broken(run.first, run.end):
        return True
    if words[run.first].key in named.vietnamese_surnames and words[run.end - 1].key in VIETNAMESE_MIDDLE:
        return True
    only_given = all(word.key in lexicon.names.names.given for word in words[run.first : run.end])
    beside = [i for i in (run.first - 1, run.end) if 0 < i < len(words) and not is_bound(words, i, lexicon)]
    return any(
        (is_bare_month(words, i, lexicon) and (only_given or is_listed(words[i].key, lexicon)))
        or (only_given and is_weekday(words[i].key, lexicon))
        for i in beside
    )


def _ends_in_command(written: Written, run: Run) -> bool:
    """Whether the last of several words is one letter away from a command: "Malý BOK OVR"."""
    last = written.words[run.end - 1].key
    return run.end - run.first > 1 and any(
        OSA.distance(last, word, score_cutoff=1) <= 1 for word in VOCABULARY.commands if len(word) >= _SHORTEST_COMMAND
    )


def service_in(text: str, lexicon: Lexicon) -> str | None:
    """The one service a text names; the one behind the command where it names several ("Pop OBJ PTP")."""
    written = Written(text)
    found = lexicon.services.all(written)
    words = written.words
    behind = [one for one in found if one.first and VOCABULARY.commands.get(words[one.first - 1].key) in TAKING_SERVICE]
    if len(behind) == 1 and all(written.is_capitalised(one.first) for one in found if one not in behind):
        return behind[0].value
    if found and (found[0].first <= 1 or len({one.value for one in found}) == 1):
        return found[0].value
    return None


def command_in(text: str) -> CommandName | None:
    """The command a text with all repairs made begins with; the word for booking may stand before another."""
    commands = [VOCABULARY.commands.get(word.key) for word in Written(text).words[:2]]
    if commands[:1] == ["book"] and commands[1:] and commands[1] not in {None, "accept", "services"}:
        return commands[1]
    return commands[0] if commands else None


def _may_be_surname(day_word: str, text: str, lexicon: Lexicon) -> bool:
    """Whether a word read as the day stands where the name would, and is written as one: "OBJ RTP 14:30 Pátek"."""
    at_end = bool(day_word) and text.rstrip(" .!").endswith(day_word)
    return at_end and day_word[0].isupper() and not day_word.isupper() and is_listed(key(day_word), lexicon)


def draft(  # noqa: PLR0913 - two of them say how the text is to be taken
    text: str, command: CommandName, found: Values, lexicon: Lexicon, *, dated: bool = False, noisy: bool = False
) -> Draft:
    """The draft of a command. text: with all repairs made.

    dated: the sender meant a day, even where none is read. noisy: the text says more than that, so that a word is a
    name only if it is a listed one.
    """
    service = service_in(text, lexicon) or Hole.SERVICE
    match command:
        case "book":
            name = name_in(text, lexicon, listed_only=noisy) or Hole.NAME
            dated = (
                dated or found.unread or found.day is not None or found.at is not None or names_no_day(text, lexicon)
            )
            dated = dated or (service, name) == (Hole.SERVICE, Hole.NAME)  # nothing is known: the form with all holes
            day = Hole.DAY if name is Hole.NAME and _may_be_surname(found.day_word, text, lexicon) else found.day
            return Draft(
                command,
                service,
                found.persons,
                day=(day or Hole.DAY) if dated else None,
                at=(found.at or Hole.AT) if dated else None,
                name=name,
            )
        case "free":
            return Draft(command, service, day=found.day or (Hole.DAY if found.unread or dated else None), at=found.at)
        case _:
            takes = COMMANDS[command]
            return Draft(
                command,
                service if takes.takes_service else None,
                code=(found.code or Hole.CODE) if "code" in takes.slots else None,
                day=(found.day or Hole.DAY) if "day" in takes.slots else None,
                at=(found.at or Hole.AT) if "at" in takes.slots else None,
            )
