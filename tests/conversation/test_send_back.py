"""What a reply teaches does, sent back, what the sender wished: wishes of all kinds, flawed in all ways, everywhere."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.conversation.flaws import TABLE, flawed
from tests.conversation.office import LANGUAGES, Conversation, Kept, Pure, Speech, Starter, fold, keep
from tests.conversation.offices import DEMO, OFFICES
from tests.conversation.sendback import Complaint, complaints, prepare
from tests.conversation.taught import taught
from tests.conversation.wishes import Wish, perfect, wishes

SHORT, LONG = 120, 5_000
"""Wishes for each office and language: in `make test`, and with --long, 20,000 for a language in its four offices."""
SHOWN = 2

FLAWS = st.lists(st.tuples(st.integers(0, len(TABLE) - 1), st.integers(0, 60)), min_size=1, max_size=2)


@pytest.fixture
def how_many(request: pytest.FixtureRequest) -> int:
    return LONG if request.config.getoption("--long", default=False) else SHORT


def gather(number: int) -> settings:
    """Settings that go through all examples: what is wrong is counted and told at the end, not shrunk one by one."""
    return settings(
        max_examples=number,
        phases=[Phase.explicit, Phase.generate],
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


def tell(found: Sequence[Complaint], sent: int) -> None:
    """Fail when there are complaints: the commonest first, each with the shortest messages that show it."""
    if not found:
        return
    lines = [f"{len(found)} complaints of {sent} wishes"]
    for what, count in Counter(one.what for one in found).most_common():
        shown = sorted({one.shown for one in found if one.what == what}, key=len)[:SHOWN]
        lines += [f"{count:5} {what}", *(f"        {one}" for one in shown)]
    pytest.fail("\n".join(lines), pytrace=False)


def judged(start: Starter, wish: Wish, speech: Speech, chosen: Sequence[tuple[int, int]]) -> list[Complaint]:
    """The complaints about one flawed wish in a conversation of its own."""
    conversation = start(OFFICES_BY_SERVICE[wish.service], wish.now)
    code = prepare(conversation, wish)
    return complaints(conversation, flawed(perfect(wish, speech, code), conversation.office, chosen))


OFFICES_BY_SERVICE = {service.code: office for office in OFFICES.values() for service in office.services}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("office", OFFICES)
def test_a_perfect_message_does_what_it_says(office: str, language: str, how_many: int) -> None:
    found: list[Complaint] = []

    @gather(how_many // 2)
    @given(wishes(OFFICES[office]))
    def every(wish: Wish) -> None:
        found.extend(judged(Pure, wish, LANGUAGES[language], ()))

    every()
    tell(found, how_many // 2)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("office", OFFICES)
def test_what_is_taught_is_the_wish(office: str, language: str, how_many: int) -> None:
    found: list[Complaint] = []

    @gather(how_many)
    @given(wishes(OFFICES[office]), FLAWS)
    def every(wish: Wish, chosen: list[tuple[int, int]]) -> None:
        found.extend(judged(Pure, wish, LANGUAGES[language], chosen))

    every()
    tell(found, how_many)


@pytest.mark.parametrize("flaw", range(len(TABLE)), ids=[flaw.name for flaw in TABLE])
def test_what_is_taught_after_a_flaw_is_the_wish(flaw: int, how_many: int) -> None:
    """Each flaw alone, in every language, at the demo office: which of them is handled is seen by name."""
    found: list[Complaint] = []
    sent = 0

    @gather(how_many // 3)
    @given(wishes(DEMO, odd=False), st.sampled_from(sorted(LANGUAGES)), st.integers(0, 60))
    def every(wish: Wish, language: str, n: int) -> None:
        nonlocal sent
        if flawed(perfect(wish, LANGUAGES[language], "123456"), DEMO, [(flaw, n)]).flaws:
            sent += 1
            found.extend(judged(Pure, wish, LANGUAGES[language], [(flaw, n)]))

    every()
    tell(found, sent)


# --- a place that cannot be had ------------------------------------------------------------------


def fill(conversation: Conversation, wish: Wish) -> None:
    """Take all places of the wished start for others."""
    for number in range(9):
        other = perfect(wish, LANGUAGES["cs"]).text
        if conversation.say(other, sender=f"+42060200000{number}").outcome != "booked":
            return


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("office", OFFICES)
def test_a_full_start_is_answered_with_others_for_the_same_wish(office: str, language: str, how_many: int) -> None:
    """Whatever is taught then books the same service for the same name and persons, at the start it names."""
    found: list[str] = []

    @gather(how_many // 4)
    @given(wishes(OFFICES[office], ["book"], odd=False))
    def every(wish: Wish) -> None:
        conversation = Pure(OFFICES[office], wish.now)
        fill(conversation, wish)
        said = conversation.say(perfect(wish, LANGUAGES[language]).text)
        if said.outcome == "booked":
            return  # more lanes than others were sent
        for lesson in taught(said.reply or "", [wish.name]):
            if lesson.command not in {"book", "accept"}:
                continue
            with conversation.aside():
                back = conversation.say(lesson.text, timedelta(minutes=1))
            right = [
                one for one in back.made
                if (one.service, fold(one.name), one.persons) == (wish.service, fold(wish.name), wish.persons)
                and (lesson.command == "accept" or f"{one.day.day}.{one.day.month}. {one.at:%-H:%M}" in lesson.text)
            ]  # fmt: skip
            if not right:
                found.append(f"{said.text!r} -> {said.reply!r}; sent back {lesson.text!r} -> {back.outcome}")

    every()
    assert found == []


BEYOND = {
    "a day that is closed": (timedelta(days=5), "9:00"),
    "a day that is over": (timedelta(days=-3), "9:00"),
    "a day too far": (timedelta(days=200), "9:00"),
    "a time outside the hours": (timedelta(days=7), "5:00"),
    "a time off the grid": (timedelta(days=8), "9:07"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("office", OFFICES)
@pytest.mark.parametrize("beyond", BEYOND)
def test_an_impossible_start_is_never_another_booking(beyond: str, office: str, language: str) -> None:
    """What is taught then is understood, and books nothing under another name or of another service."""
    ahead, at = BEYOND[beyond]
    now = datetime(2026, 8, 3, 6, 3, tzinfo=OFFICES[office].zone)
    day = now + ahead
    service = OFFICES[office].services[-1].code
    conversation = Pure(OFFICES[office], now)
    word = LANGUAGES[language].command("book")
    said = conversation.say(f"{word} {service} {day.day}.{day.month}.{day.year} {at} Svobodová")
    assert said.made == ()
    for lesson in taught(said.reply or "", ["Svobodová"]):
        with conversation.aside():
            back = conversation.say(lesson.text, timedelta(minutes=1))
        assert back.outcome not in {"not_understood", "unknown_service", "bad_date", "bad_time"}, (said, lesson)
        assert all((one.service, one.name) == (service, "Svobodová") for one in back.made), (said, lesson)


# --- the real way --------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_real_way_teaches_the_same(language: str, how_many: int) -> None:
    found: list[Complaint] = []
    office = keep(DEMO, datetime(2026, 7, 1, tzinfo=DEMO.zone))

    @gather(how_many // 3)
    @given(wishes(DEMO), FLAWS)
    def every(wish: Wish, chosen: list[tuple[int, int]]) -> None:
        conversation = Kept(office, wish.now)
        with conversation.aside():
            code = prepare(conversation, wish)
            found.extend(complaints(conversation, flawed(perfect(wish, LANGUAGES[language], code), DEMO, chosen)))

    every()
    tell(found, how_many // 3)
