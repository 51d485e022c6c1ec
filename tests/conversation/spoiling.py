"""How a message is spoiled: functions that make a flawed draft of a draft, or None where it cannot have the flaw."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from tests.conversation.flaw_words import (
    AND,
    MONTHS,
    NAMED,
    PERSONS,
)
from tests.conversation.office import LANGUAGES, Office, fold, synonyms
from tests.conversation.wishes import Draft, clock

Make = Callable[[Draft, Office, int], Draft | None]


def in_slot(slot: str, *ways: Callable[[str], str]) -> Make:
    """Another spelling of what stands in a slot."""

    def make(draft: Draft, office: Office, n: int) -> Draft | None:
        text = draft.part(slot)
        return None if text is None else draft.put(slot, ways[n % len(ways)](text))

    return make


def day_as(*ways: Callable[[date], str]) -> Make:
    def make(draft: Draft, office: Office, n: int) -> Draft | None:
        return draft.put("day", ways[n % len(ways)](draft.wish.day)) if draft.part("day") else None

    return make


def beside_a_time(*ways: Callable[[date], str]) -> Make:
    """Of a booking alone, and where the time is written as on the page: there both parts of the date are plain."""
    dressed = day_as(*ways)

    def make(draft: Draft, office: Office, n: int) -> Draft | None:
        if draft.wish.kind != "book" or draft.part("at") != clock(draft.wish.at):
            return None
        return dressed(draft, office, n)

    return make


def at_as(*ways: Callable[[int, int], str | None]) -> Make:
    def make(draft: Draft, office: Office, n: int) -> Draft | None:
        text = ways[n % len(ways)](draft.wish.at.hour, draft.wish.at.minute)
        return draft.put("at", text) if text and draft.part("at") else None

    return make


def spoken(words: Mapping[str, Sequence[str]], place: Callable[[Draft, str], Draft | None]) -> Make:
    """Words of the draft's language, put somewhere; languages without such words here do not have the flaw."""

    def make(draft: Draft, office: Office, n: int) -> Draft | None:
        listed = words.get(draft.speech.code, ())
        return place(draft, listed[n % len(listed)]) if listed else None

    return make


def put_before(draft: Draft, words: str) -> Draft:
    return replace(draft, before=words + draft.before)


def put_after(draft: Draft, words: str) -> Draft:
    return replace(draft, after=draft.after + words)


def any_of(place: Callable[[Draft, str], Draft | None]) -> Callable[[Draft, str], Draft | None]:
    """What the sender means by it is open: one of the things taught must be the wish."""

    def put(draft: Draft, words: str) -> Draft | None:
        made = place(draft, words)
        return replace(made, any_of=True) if made else None

    return put


def booking_only(place: Callable[[Draft, str], Draft | None]) -> Callable[[Draft, str], Draft | None]:
    return lambda draft, words: place(draft, words) if draft.wish.kind in {"book", "soonest"} else None


def after_service(draft: Draft, words: str) -> Draft | None:
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


def mistyped_command(draft: Draft, office: Office, n: int) -> Draft | None:
    command = draft.part("command")
    if not command:
        return None
    wrong = typo(command, n)
    known = {fold(w) for speech in LANGUAGES.values() for words in speech.commands.values() for w in words}
    return None if fold(wrong) in known else draft.put("command", wrong)


def mistyped_code(draft: Draft, office: Office, n: int) -> Draft | None:
    code = draft.part("service")
    wrong = typo(code, n) if code else ""
    if not code or wrong in office.service_of:
        return None
    return replace(draft.put("service", wrong), any_of=True)


def without(*slots: str) -> Make:
    """Without these slots; not where words were added, which would then be read in their place."""

    def make(draft: Draft, office: Office, n: int) -> Draft | None:
        return draft.without(slots) if all(draft.part(slot) for slot in slots) and not draft.after else None

    return make


def only_the_command(draft: Draft, office: Office, n: int) -> Draft | None:
    """The first word alone."""
    rest = [slot for slot, _ in draft.parts if slot != "command"]
    return without(*rest)(draft, office, n) if draft.part("command") and rest else None


def missing_day(draft: Draft, office: Office, n: int) -> Draft | None:
    """Free times without a day are those of the next one: nothing is missing."""
    return None if draft.wish.kind == "free" else without("day")(draft, office, n)


# --- joined, split, dressed ----------------------------------------------------------------------


def joined_by(joiner: str) -> Make:
    def make(draft: Draft, office: Office, n: int) -> Draft | None:
        name = draft.wish.name
        if joiner.strip() and (joiner in name or " " in name or "'" in name):
            return None
        return replace(draft, joiner=joiner)

    return make


def grown(link: str, kinds: Sequence[str]) -> Make:
    """The command grown into what follows it."""

    def make(draft: Draft, office: Office, n: int) -> Draft | None:
        if draft.wish.kind not in kinds or len(draft.parts) < 2 or draft.parts[0][0] != "command":
            return None
        (_, command), (slot, second), *rest = draft.parts
        return replace(draft, parts=((slot, command + link + second), *rest))

    return make


def moved_command(draft: Draft, office: Office, n: int) -> Draft | None:
    if draft.wish.kind != "book" or len(draft.parts) < 4 or draft.parts[0][0] != "command":
        return None
    parts = list(draft.parts)
    taken = parts.pop(-1) if n % 2 else None
    return replace(draft, parts=(taken, *parts) if taken else (*parts[2:-1], *parts[:2], parts[-1]))


_HOMOGLYPHS = str.maketrans("OBCEHKMPTXA", "ОВСЕНКМРТХА")


def homoglyphs(slot: str) -> Make:
    return in_slot(slot, lambda text: text.translate(_HOMOGLYPHS))


def quoted(draft: Draft, office: Office, n: int) -> Draft | None:
    parts = tuple((slot, text if slot == "command" else f'"{text}"') for slot, text in draft.parts)
    return replace(draft, parts=parts)


def recased(draft: Draft, office: Office, n: int) -> Draft | None:
    recase = (str.lower, str.upper, lambda text: fold(text).capitalize())[n % 3]
    return replace(draft, parts=tuple((slot, recase(text)) for slot, text in draft.parts))


def synonym(draft: Draft, office: Office, n: int) -> Draft | None:
    words = synonyms(office.service_of[draft.wish.service])
    return draft.put("service", words[n % len(words)]) if words and draft.part("service") else None


def month_in_words(draft: Draft, office: Office, n: int) -> Draft | None:
    months = MONTHS.get(draft.speech.code)
    if not months or not draft.part("day"):
        return None
    day, month = draft.wish.day, months[draft.wish.day.month - 1]
    ways = [f"{day.day}. {month}", f"{day.day}.{month}", f"{day.day}. {month} {day.year}"]
    return draft.put("day", ways[n % len(ways)])


def hour_in_words(draft: Draft, office: Office, n: int) -> Draft | None:
    hour, minute = draft.wish.at.hour, draft.wish.at.minute
    named = NAMED.get(draft.speech.code)
    if not named or not draft.part("at") or minute not in {0, 30} or not 7 <= hour <= 16:
        return None
    if draft.speech.code == "cs":
        halves = {7: "osmé", 8: "deváté", 9: "desáté", 10: "jedenácté", 13: "druhé", 14: "třetí", 15: "čtvrté"}
        if minute:
            return draft.put("at", f"půl {halves[hour]}") if hour in halves else None
        return draft.put("at", f"ve {named[hour - 7]}" if hour in {12, 13, 14} else f"v {named[hour - 7]}")
    return None if minute else draft.put("at", f"{named[hour - 7]} o'clock")


def half_day(draft: Draft, office: Office, n: int) -> Draft | None:
    hour, minute = draft.wish.at.hour, draft.wish.at.minute
    if not draft.part("at") or minute or draft.speech.code not in AND:
        return None
    late, shown = hour >= 13, hour - 12 if hour >= 13 else hour
    if hour == 12 and draft.speech.code == "cs":
        return None
    english = f"{shown} {'pm' if hour >= 12 else 'am'}"
    czech = f"{shown} odpoledne" if late else f"{shown} ráno" if hour < 10 else f"{shown} dopoledne"
    return draft.put("at", czech if draft.speech.code == "cs" and n % 2 else english)


def command_words(words: Mapping[str, Mapping[str, Sequence[str]]]) -> Make:
    def make(draft: Draft, office: Office, n: int) -> Draft | None:
        kind = "book" if draft.wish.kind == "soonest" else draft.wish.kind
        listed = words.get(draft.speech.code, {}).get(kind, ())
        return draft.put("command", listed[n % len(listed)]) if listed else None

    return make


def named_twice(draft: Draft, office: Office, n: int) -> Draft | None:
    if draft.speech.code != "cs" or not draft.part("name") or draft.after:
        return None
    ways = [f" S pozdravem {draft.wish.name}", " tel. 777888999", f", {draft.wish.name}"]
    return put_after(draft, ways[n % len(ways)])


def two_wishes(draft: Draft, office: Office, n: int) -> Draft | None:
    others = [service.code for service in office.services if service.code != draft.wish.service]
    link = AND.get(draft.speech.code)
    if not (draft.part("name") and draft.part("service")) or not others or not link or draft.wish.persons > 1:
        return None
    other = others[n % len(others)]
    ways = [f" {link} {other}", f", {other} {draft.wish.name}", f" {link} {draft.speech.command('book')} {other}"]
    return replace(put_after(draft, ways[n % len(ways)]), any_of=True)


def persons_in_words(draft: Draft, office: Office, n: int) -> Draft | None:
    listed = PERSONS.get(draft.speech.code)
    if draft.wish.persons != 2 or not listed:
        return None
    spoken = draft.without(["persons"])
    return replace(put_after(spoken, listed[n % len(listed)]), given=draft.given | {"persons"})


def put_soon(draft: Draft, words: str) -> Draft | None:
    return put_after(draft, words) if draft.wish.kind == "soonest" else None
