"""Flaws: what people do to a message, each a small function from a draft to the flawed one, or to None where it
cannot happen. `n` chooses among the ways to do it.

The grade says what may come of it (spec/conversation.md §2): `done` of certain repairs, `read_back` of doubtful ones,
`may` where the page leaves it open, `ask` where something is missing or the message is no command.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tests.conversation.office import LANGUAGES, Office, fold, synonyms
from tests.conversation.wishes import Draft, Grade, clock

Make = Callable[[Draft, Office, int], Draft | None]


@dataclass(frozen=True)
class Flaw:
    """One row of the table."""

    name: str
    grade: Grade
    make: Make

    def apply(self, draft: Draft, office: Office, n: int) -> Draft | None:
        """The draft with the flaw; None where it cannot have it."""
        made = self.make(draft, office, n)
        if made is None or made.text == draft.text:
            return None
        # What changes nothing is answered whatever was repaired.
        grade: Grade = "may" if draft.wish.kind == "free" and self.grade == "read_back" else self.grade
        return made.graded(self.name, grade)


def _slot(slot: str, *ways: Callable[[str], str]) -> Make:
    """Another spelling of what stands in a slot."""

    def make(draft: Draft, office: Office, n: int) -> Draft | None:
        text = draft.part(slot)
        return None if text is None else draft.put(slot, ways[n % len(ways)](text))

    return make


def _day(*ways: Callable[[date], str]) -> Make:
    def make(draft: Draft, office: Office, n: int) -> Draft | None:
        return draft.put("day", ways[n % len(ways)](draft.wish.day)) if draft.part("day") else None

    return make


def _beside_a_time(*ways: Callable[[date], str]) -> Make:
    """Of a booking alone, and where the time is written as on the page: there both parts of the date are plain."""
    dressed = _day(*ways)

    def make(draft: Draft, office: Office, n: int) -> Draft | None:
        if draft.wish.kind != "book" or draft.part("at") != clock(draft.wish.at):
            return None
        return dressed(draft, office, n)

    return make


def _at(*ways: Callable[[int, int], str | None]) -> Make:
    def make(draft: Draft, office: Office, n: int) -> Draft | None:
        text = ways[n % len(ways)](draft.wish.at.hour, draft.wish.at.minute)
        return draft.put("at", text) if text and draft.part("at") else None

    return make


def _in(words: Mapping[str, Sequence[str]], place: Callable[[Draft, str], Draft | None]) -> Make:
    """Words of the draft's language, put somewhere; languages without such words here do not have the flaw."""

    def make(draft: Draft, office: Office, n: int) -> Draft | None:
        listed = words.get(draft.speech.code, ())
        return place(draft, listed[n % len(listed)]) if listed else None

    return make


def _before(draft: Draft, words: str) -> Draft:
    return replace(draft, before=words + draft.before)


def _after(draft: Draft, words: str) -> Draft:
    return replace(draft, after=draft.after + words)


def _any_of(place: Callable[[Draft, str], Draft | None]) -> Callable[[Draft, str], Draft | None]:
    """What the sender means by it is open: one of the things taught must be the wish."""

    def put(draft: Draft, words: str) -> Draft | None:
        made = place(draft, words)
        return replace(made, any_of=True) if made else None

    return put


def _booking_only(place: Callable[[Draft, str], Draft | None]) -> Callable[[Draft, str], Draft | None]:
    return lambda draft, words: place(draft, words) if draft.wish.kind in {"book", "soonest"} else None


def _after_service(draft: Draft, words: str) -> Draft | None:
    if draft.wish.kind != "book":
        return None
    return draft.put("service", f"{draft.part('service')} {words}") if draft.part("service") else None


# --- typing errors -------------------------------------------------------------------------------


def typo(word: str, n: int) -> str:
    """A word with one letter swapped, left out, doubled or exchanged for its neighbour on the keyboard."""
    place = n // 4 % max(len(word) - 1, 1)
    match n % 4:
        case 0 if len(word) > 1:
            return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        case 1 if len(word) > 3:
            return word[:place] + word[place + 1 :]
        case 2:
            return word[: place + 1] + word[place] + word[place + 1 :]
        case _:
            return (
                word[:place]
                + {"O": "P", "B": "N", "Z": "T", "C": "X", "R": "E"}.get(word[place], "Q")
                + word[place + 1 :]
            )


def _mistyped_command(draft: Draft, office: Office, n: int) -> Draft | None:
    wrong = typo(draft.part("command") or "", n)
    known = {fold(w) for speech in LANGUAGES.values() for words in speech.commands.values() for w in words}
    return None if fold(wrong) in known else draft.put("command", wrong)


def _mistyped_code(draft: Draft, office: Office, n: int) -> Draft | None:
    code = draft.part("service")
    wrong = typo(code, n) if code else ""
    if not code or wrong in office.service_of:
        return None
    return replace(draft.put("service", wrong), any_of=True)


def _missing(*slots: str) -> Make:
    def make(draft: Draft, office: Office, n: int) -> Draft | None:
        return draft.without(slots) if all(draft.part(slot) for slot in slots) else None

    return make


def _missing_day(draft: Draft, office: Office, n: int) -> Draft | None:
    """Free times without a day are those of the next one: nothing is missing."""
    return None if draft.wish.kind == "free" else _missing("day")(draft, office, n)


def _without_name_asked(draft: Draft, office: Office, n: int) -> Draft | None:
    return draft.without(["name"]) if draft.part("name") and draft.wish.kind in {"book", "soonest"} else None


# --- joined, split, dressed ----------------------------------------------------------------------


def _joined(joiner: str) -> Make:
    def make(draft: Draft, office: Office, n: int) -> Draft | None:
        name = draft.wish.name
        if joiner.strip() and (joiner in name or " " in name or "'" in name):
            return None
        return replace(draft, joiner=joiner)

    return make


def _grown(link: str, kinds: Sequence[str]) -> Make:
    """The command grown into what follows it."""

    def make(draft: Draft, office: Office, n: int) -> Draft | None:
        if draft.wish.kind not in kinds or len(draft.parts) < 2:
            return None
        (_, command), (slot, second), *rest = draft.parts
        return replace(draft, parts=((slot, command + link + second), *rest))

    return make


def _moved_command(draft: Draft, office: Office, n: int) -> Draft | None:
    if draft.wish.kind != "book" or len(draft.parts) < 4:
        return None
    parts = list(draft.parts)
    taken = parts.pop(-1) if n % 2 else None
    return replace(draft, parts=(taken, *parts) if taken else (*parts[2:-1], *parts[:2], parts[-1]))


_HOMOGLYPHS = str.maketrans("OBCEHKMPTXA", "ОВСЕНКМРТХА")


def _homoglyphs(slot: str) -> Make:
    return _slot(slot, lambda text: text.translate(_HOMOGLYPHS))


def _quoted(draft: Draft, office: Office, n: int) -> Draft | None:
    parts = tuple((slot, text if slot == "command" else f'"{text}"') for slot, text in draft.parts)
    return replace(draft, parts=parts)


def _recased(draft: Draft, office: Office, n: int) -> Draft | None:
    recase = (str.lower, str.upper, lambda text: fold(text).capitalize())[n % 3]
    return replace(draft, parts=tuple((slot, recase(text)) for slot, text in draft.parts))


def _synonym(draft: Draft, office: Office, n: int) -> Draft | None:
    words = synonyms(office.service_of[draft.wish.service])
    return draft.put("service", words[n % len(words)]) if words and draft.part("service") else None


# --- words by language ---------------------------------------------------------------------------


def _listed(words: str) -> Sequence[str]:
    return words.split()


_MONTHS = {
    "cs": [
        "ledna",
        "února",
        "března",
        "dubna",
        "května",
        "června",
        "července",
        "srpna",
        "září",
        "října",
        "listopadu",
        "prosince",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_ROMAN = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"]
_NAMED = {
    "cs": [
        "sedm",
        "osm",
        "devět",
        "deset",
        "jedenáct",
        "dvanáct",
        "třináct",
        "čtrnáct",
        "patnáct",
        "šestnáct",
        "sedmnáct",
    ],
    "en": _listed("seven eight nine ten eleven twelve one two three four five"),
}
_COURTESY_BEFORE = {
    "cs": ["Dobrý den, ", "Dobry den ", "Prosím ", "Zdravím, ", "Dobré ráno. "],
    "en": ["Hello, ", "Good morning ", "Please "],
}
_COURTESY_AFTER = {
    "cs": [" děkuji", ", děkuji předem", " dík", " Hezký den", " Mějte se hezky", " Odesláno z iPhonu"],
    "en": [" thanks", ", thank you", " Kind regards", " thx"],
}
_TALK_BEFORE = {
    "cs": ["Vážený úřade, ", "Re: ", "Fwd: ", "Dobré odpoledne, prosím o objednání ", "Oprava: ", "Tak ještě jednou "],
    "en": ["Hi ", "Re: ", "I would like to ", "Correction: ", "can I please "],
}
_INFLECTED = {
    "cs": {
        "book": ["objednat", "Objednávám", "objednávka", "rezervace", "Chci se objednat na"],
        "cancel": ["zrušit", "ruším"],
    },
}
_OTHER_WORDS = {
    "cs": {
        "book": ["chtěla bych", "objednání", "zapsat"],
        "cancel": ["Prosím zrušte", "odhlašuji", "nemůžu přijít"],
        "free": ["volné termíny", "termín volný"],
        "move": ["přesunout", "přesouvám"],
        "watch": ["hlídat"],
    },
    "en": {"book": ["booking", "I want to book"], "cancel": ["cancelling", "please cancel"], "free": ["free times"]},
}
_QUESTIONS = {
    "cs": [" je volno?", " ?", " může být?", " nebo máte zavřeno?", " jde to?", " kolik to stojí?"],
    "en": [" is it free?", " ?", " is that ok?", " are you open?"],
}
_REFUSALS = {
    "cs": [" nechci", " zrušit", " už neplatí", " nepřijdu", " ne díky"],
    "en": [" cancel this", " no longer needed", " do not want"],
}
_CONDITIONS = {
    "cs": [" jestli není volno tak zítra", " nebo kdykoli jindy", " pokud to jde", " když ne tak později"],
    "en": [" if not then tomorrow", " or any other time", " if possible"],
}
_UNKNOWN = {
    "cs": ["viz", "k vám", "č.j. 12/2026", "přednostně", "x7k", "s dítětem", "a manželka"],
    "en": ["with", "x7k", "urgent", "and wife"],
}
_SOON = {"cs": [" co nejdřív", " hned", " nejbližší termín"], "en": [" asap", " as soon as possible"]}
_NO_DAY = {
    "cs": [" příští týden", " koncem měsíce", " až budu mít fotku", " o víkendu", " večer", " do pátku", " po obědě"],
    "en": [" next week", " in the evening", " some time soon", " by Friday"],
}
_PERSONS = {"cs": [" dvě osoby", " dvakrát", " x2", " pro 2 lidi"], "en": [" two persons", " x2", " for two people"]}
_AND = {"cs": "a", "en": "and"}


def _month_in_words(draft: Draft, office: Office, n: int) -> Draft | None:
    months = _MONTHS.get(draft.speech.code)
    if not months or not draft.part("day"):
        return None
    day, month = draft.wish.day, months[draft.wish.day.month - 1]
    ways = [f"{day.day}. {month}", f"{day.day}.{month}", f"{day.day}. {month} {day.year}"]
    return draft.put("day", ways[n % len(ways)])


def _hour_in_words(draft: Draft, office: Office, n: int) -> Draft | None:
    hour, minute = draft.wish.at.hour, draft.wish.at.minute
    named = _NAMED.get(draft.speech.code)
    if not named or not draft.part("at") or minute not in {0, 30} or not 7 <= hour <= 16:
        return None
    if draft.speech.code == "cs":
        halves = {7: "osmé", 8: "deváté", 9: "desáté", 10: "jedenácté", 13: "druhé", 14: "třetí", 15: "čtvrté"}
        if minute:
            return draft.put("at", f"půl {halves[hour]}") if hour in halves else None
        return draft.put("at", f"ve {named[hour - 7]}" if hour in {12, 13, 14} else f"v {named[hour - 7]}")
    return None if minute else draft.put("at", f"{named[hour - 7]} o'clock")


def _half_day(draft: Draft, office: Office, n: int) -> Draft | None:
    hour, minute = draft.wish.at.hour, draft.wish.at.minute
    if not draft.part("at") or minute or draft.speech.code not in _AND:
        return None
    late, shown = hour >= 13, hour - 12 if hour >= 13 else hour
    if hour == 12 and draft.speech.code == "cs":
        return None
    english = f"{shown} {'pm' if hour >= 12 else 'am'}"
    czech = f"{shown} odpoledne" if late else f"{shown} ráno" if hour < 10 else f"{shown} dopoledne"
    return draft.put("at", czech if draft.speech.code == "cs" and n % 2 else english)


def _command_words(words: Mapping[str, Mapping[str, Sequence[str]]]) -> Make:
    def make(draft: Draft, office: Office, n: int) -> Draft | None:
        kind = "book" if draft.wish.kind == "soonest" else draft.wish.kind
        listed = words.get(draft.speech.code, {}).get(kind, ())
        return draft.put("command", listed[n % len(listed)]) if listed else None

    return make


def _named_twice(draft: Draft, office: Office, n: int) -> Draft | None:
    if draft.speech.code != "cs" or not draft.part("name"):
        return None
    ways = [f" S pozdravem {draft.wish.name}", " tel. 777888999", f", {draft.wish.name}"]
    return _after(draft, ways[n % len(ways)])


def _two_wishes(draft: Draft, office: Office, n: int) -> Draft | None:
    others = [service.code for service in office.services if service.code != draft.wish.service]
    link = _AND.get(draft.speech.code)
    if draft.wish.kind not in {"book", "soonest"} or not others or not link or draft.wish.persons > 1:
        return None
    other = others[n % len(others)]
    ways = [f" {link} {other}", f", {other} {draft.wish.name}", f" {link} {draft.speech.command('book')} {other}"]
    return replace(_after(draft, ways[n % len(ways)]), any_of=True)


def _persons_in_words(draft: Draft, office: Office, n: int) -> Draft | None:
    listed = _PERSONS.get(draft.speech.code)
    if draft.wish.persons != 2 or not listed:
        return None
    spoken = draft.without(["persons"])
    return replace(_after(spoken, listed[n % len(listed)]), given=draft.given)


def _soon(draft: Draft, words: str) -> Draft | None:
    return _after(draft, words) if draft.wish.kind == "soonest" else None


TABLE: Sequence[Flaw] = (
    # what the strict parser takes
    Flaw("letter case", "done", _recased),
    Flaw("quotes", "done", _quoted),
    Flaw("line breaks", "done", _joined("\n")),
    Flaw("doubled spaces", "done", _joined("  ")),
    Flaw("year written", "done", _day(lambda d: f"{d.day}.{d.month}.{d.year}", lambda d: f"{d:%Y-%m-%d}")),
    Flaw("date dressed", "done", _day(lambda d: f"{d.day}/{d.month}", lambda d: f"{d:%d%m}", lambda d: f"{d:%d.%m}")),
    Flaw("letter O", "may", _slot("day", lambda text: text.replace("0", "O").replace("1", "l"))),
    Flaw("time dressed", "done", _at(
        lambda h, m: f"{h}.{m:02}", lambda h, m: f"{h:02}{m:02}", lambda h, m: f"{h},{m:02}",
    )),
    # certain repairs
    Flaw("greeting", "done", _in(_COURTESY_BEFORE, _before)),
    Flaw("thanks", "done", _in(_COURTESY_AFTER, _after)),
    Flaw("month in words", "done", _month_in_words),
    Flaw("separators in the date", "done", _beside_a_time(
        lambda d: f"{d.day}-{d.month}", lambda d: f"{d.day},{d.month}", lambda d: f"{d.day} {d.month}",
        lambda d: f"{d.day} .{d.month}.",
    )),
    Flaw("inflected command", "done", _command_words(_INFLECTED)),
    Flaw("command grown together", "done", _grown("", ("book", "soonest", "cancel"))),
    Flaw("synonym", "done", _synonym),
    # left open by the page
    Flaw("two dots in the date", "may", _day(lambda d: f"{d.day}..{d.month}.")),
    Flaw("other command words", "may", _command_words(_OTHER_WORDS)),
    Flaw("command joined by a dash", "may", _grown("-", ("book", "soonest", "cancel", "free", "move", "watch"))),
    Flaw("slashes", "may", _joined("/")),
    Flaw("dashes", "may", _joined("-")),
    Flaw("commas", "may", _joined(", ")),
    Flaw("talk before", "may", _in(_TALK_BEFORE, _before)),
    Flaw("command not first", "may", _moved_command),
    Flaw("homoglyphs in the command", "may", _homoglyphs("command")),
    Flaw("homoglyphs in the code", "may", _homoglyphs("service")),
    Flaw("Roman month", "may", _day(lambda d: f"{d.day}.{_ROMAN[d.month - 1]}.", lambda d: f"{d:%Y/%m/%d}")),
    Flaw("time taken apart", "may", _at(
        lambda h, m: f"{h} : {m:02}", lambda h, m: f"{h} h {m:02}", lambda h, m: f"v{h}:{m:02}",
        lambda h, m: f"{h} {m:02}", lambda h, m: f"{h}{m:02}" if h < 10 else None,
    )),
    Flaw("soon", "may", _in(_SOON, _soon)),
    Flaw("persons in words", "may", _persons_in_words),
    # doubtful repairs
    Flaw("mistyped command", "read_back", _mistyped_command),
    Flaw("mistyped service", "read_back", _mistyped_code),
    Flaw("hour in words", "read_back", _hour_in_words),
    Flaw("am or pm", "read_back", _half_day),
    Flaw("unknown word", "read_back", _in(_UNKNOWN, _after_service)),
    # something is missing
    Flaw("no name", "ask", _without_name_asked),
    Flaw("no time", "ask", _missing("at")),
    Flaw("no day", "ask", _missing_day),
    Flaw("no code", "ask", _missing("code")),
    Flaw("no service", "ask", _missing("service")),
    Flaw("no command", "may", _missing("command")),
    Flaw("nothing but the command", "ask", lambda draft, office, n: draft.without(
        slot for slot, _ in draft.parts if slot != "command"
    )),
    # never a booking
    Flaw("question", "ask", _in(_QUESTIONS, _booking_only(_any_of(_after)))),
    Flaw("refusal", "ask", _in(_REFUSALS, _booking_only(_any_of(_after)))),
    Flaw("condition", "ask", _in(_CONDITIONS, _booking_only(_any_of(_after)))),
    Flaw("no day meant", "ask", _in(_NO_DAY, _soon)),
    Flaw("named twice", "may", _named_twice),
    Flaw("two wishes", "read_back", _two_wishes),
)  # fmt: skip

_STRICT = frozenset(flaw.name for flaw in TABLE[:8])


def flawed(draft: Draft, office: Office, chosen: Sequence[tuple[int, int]]) -> Draft:
    """The draft with the flaws of these places in the table, each in its n-th way; two never in the same slot.

    Two certain repairs may together have a second reading, so only what the strict parser takes must still be done.
    """
    touched: set[str] = set()
    for place, n in chosen:
        made = TABLE[place].apply(draft, office, n)
        if made is None:
            continue
        changed = {slot for slot, text in draft.parts if made.part(slot) != text}
        if changed & touched:
            continue
        touched |= changed
        draft = made
    if len(draft.flaws) > 1 and not _STRICT.issuperset(draft.flaws):
        return replace(draft, grade=max(draft.grade, "may", key=("done", "may", "read_back", "ask").index))
    return draft
