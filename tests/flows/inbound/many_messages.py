"""Many plausible messages, the same every time: all forms, errors, repeats, cancellations, hostile texts."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from prepazka.core.booking.codes import draw
from prepazka.gateways.values import Inbound

NUMBER = "+420739547765"
MONDAY = datetime(2026, 8, 3, 5, tzinfo=UTC)
NAMES = ["NOVAK", "Dvořáková", "Svoboda Jan", "O'Brien", "Nováková-Malá", "POP", "Žižka", "Černý"]
SERVICES = ["ZOP", "POP", "ZCD", "PCD", "PTP", "RTP", "zop", "ptp"]
DRAWS = 2


class Draws:
    """A source of codes that does not depend on the batches: the n-th message always draws the same two."""

    def __init__(self) -> None:
        self._random = random.Random(1)

    def randbelow(self, below: int) -> int:
        return self._random.randrange(below)


def codes(count: int) -> list[str]:
    """Return the first code each message draws."""
    draws = Draws()
    drawn = [draw(draws.randbelow) for _ in range(count * DRAWS)]
    return drawn[::DRAWS]


def mixed(count: int, seed: int = 7) -> Iterator[Inbound]:
    """Return messages of some days in order of time; most cancellations name codes that `Draws` has given by then."""
    rng = random.Random(seed)
    drawn = codes(count)
    booked: list[tuple[int, str, str]] = []
    at = MONDAY
    for place in range(count):
        at += timedelta(seconds=rng.randrange(1, 50))
        sender = f"+4206020{rng.randrange(count // 8 + 1):05d}"
        day = at + timedelta(days=rng.choice([0, 1, 1, 1, 2, 2, 9, 30]))
        date, time = (
            f"{day.day}.{day.month}.",
            f"{rng.choice([7, 8, 9, 9, 9, 10, 11, 13, 17])}:{rng.choice(['00', '15', '30', '45', '10'])}",
        )
        service, name = rng.choice(SERVICES), rng.choice(NAMES)
        text = rng.choice(
            [
                f"OBJ {service} {date} {time} {name}",
                f"OBJ {service} {date} {time} {name}",
                f"obj {service} {name}",
                f"Obj {service} {time} {date} {name}",
                f"OBJ TERMIN {service} {date}",
                f"terminy {service}",
                f"OBJ {service} {date} {name}",
                f"OBJ {service} 31.2. {time} {name}",
                f"OBJ XYZ {date} {time} {name}",
                "HELP",
                "POMOC ZKR",
                "MOJE",
                "ANO",
                "STORNO 123456 " + date,
                f"HLIDEJ {service} {date}",
                "😀 ' OR 1=1; -- \0 $(reboot)",
            ]
        )
        if booked and rng.random() < 0.15:
            which, sender, day_of = rng.choice(booked)
            text = rng.choice([f"STORNO {drawn[which]} {day_of}", f"PRESUN {drawn[which]} {date} {time}"])
        if text.startswith("OBJ") and time in text and name in text:
            booked.append((place, sender, date))
        if rng.random() < 0.01:
            sender = rng.choice(["INFO", "90210", NUMBER])
        yield Inbound("script", f"s{place}", sender, NUMBER, text, at)
