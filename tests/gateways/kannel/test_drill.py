"""200 messages arrive while the office and the real bearerbox are killed again and again with SIGKILL."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from prepazka.store import models
from tests.gateways.day import OFFICE
from tests.gateways.kannel.bearerbox import Bearerbox, bearerbox
from tests.gateways.kannel.office import Office
from tests.gateways.through import bound
from tests.waiting import until

SEED = 1


def text(number: int) -> str:
    """Every other phone books a place of its own."""
    if number % 2:
        return ("POMOC", "ZKR", "TERMINY ZOP 10.8.", "MOJE")[number // 2 % 4]
    place = number // 2
    day = date(2026, 8, 17) + timedelta(days=place // 5 % 5 + 7 * (place // 25))
    time = ("8:00", "9:15", "10:30", "13:00", "13:45")[place % 5]
    return f"OBJ {('PTP', 'ZOP', 'POP', 'RTP', 'ZCD')[place % 5]} {day.day}.{day.month}. {time} NOVAK"


def stored() -> int:
    return models.Inbound.objects.count()


def settled(messages: int) -> bool:
    """Return whether every message has its reply, and Kannel has acknowledged each.

    Some receipts never arrive: the fake centre's answer is lost when bearerbox is killed just then.
    """
    states = list(models.Outbound.objects.filter(kind="reply").values_list("state", flat=True))
    return len(states) == messages and set(states) <= {"handed", "sent", "delivered"}


def test_nothing_is_lost_and_everything_answered_once(
    office_id: int, start: Callable[..., ForkServerProcess], tmp_path: Path, whole: bool
) -> None:
    """Invariant: each message bearerbox has stored is in the inbox once and has one reply, which reaches its phone."""
    messages, each = (200, 20) if whole else (60, 10)
    senders = [f"+420731{number:06}" for number in range(messages)]
    chance = random.Random(SEED)
    kills = 0
    with bearerbox(tmp_path) as (daemon, phones):
        settings = daemon.settings(status_password="").model_dump(mode="json", exclude={"status_password"})
        bound("kannel", "kannel", settings)
        serving = Office(start, settings)
        serving.start()
        for first in range(0, messages, each):
            before = daemon.received()
            for number in range(first, first + each):
                phones.text(senders[number], OFFICE, text(number))
            until(lambda: daemon.received() == before + each, "bearerbox has stored what the phones sent")  # noqa: B023
            enough = min(messages, first + chance.randint(1, each))
            until(lambda: stored() >= enough, f"{enough} are in the inbox")  # noqa: B023
            ways: list[list[Office | Bearerbox]] = [[serving], [daemon], [serving, daemon], [daemon, serving]]
            victims = chance.choice(ways)
            for victim in victims:
                victim.kill()
            for victim in reversed(victims):
                victim.start()
            if daemon in victims:
                phones.connect()
                kills += 1
        until(
            lambda: settled(messages) and len(phones.got()) == messages,
            "every message is answered, each phone has got it",
        )
        serving.kill()
        got = phones.got()

    inbox = models.Inbound.objects.all()
    assert sorted(inbox.values_list("sender", flat=True)) == senders, "none is lost, none is there twice"
    assert set(inbox.values_list("state", flat=True)) == {"answered"}
    replies = models.Outbound.objects.filter(kind="reply")
    assert sorted(replies.values_list("in_reply_to__sender", flat=True)) == senders, "one reply each"
    assert models.Booking.objects.filter(state="booked").count() == messages // 2
    assert {phone: set(texts) for phone, texts in got.items()} == {
        phone: {reply} for phone, reply in replies.values_list("recipient", "text")
    }
    # Bearerbox sends again what it was sending when it was killed.
    assert max(map(len, got.values())) <= 1 + kills
