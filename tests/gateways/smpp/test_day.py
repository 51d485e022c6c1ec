"""The day of 500 messages through an SMSC, while connections are cut and the office is killed with SIGKILL."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from prepazka.gateways import parts
from prepazka.store import models
from tests.gateways.day import OFFICE, books, play
from tests.gateways.drill import compared
from tests.gateways.smpp import office
from tests.gateways.smpp.smsc import Smsc
from tests.gateways.through import bound, through, until
from tests.waiting import pause


class Phones:
    """The operator's phones; messages use all the encodings of networks in turn."""

    def __init__(self, smsc: Smsc) -> None:
        self._smsc = smsc
        self._put = 0
        self._seen = 0
        self._begun: dict[tuple[str, str], dict[int, str]] = {}
        self._received: list[tuple[str, str]] = []
        self.copies = 0

    def put(self, phone: str, text: str) -> None:
        self._put += 1
        common = {"from": phone, "to": OFFICE}
        split = parts.split(text, self._put & 0xFF)
        coding = 8 if split.coding == "ucs2" else 0
        if len(split.parts) == 1:
            self._smsc.deliver({**common, "text": text, "coding": coding})
        elif self._put % 3 == 0:
            self._smsc.deliver({**common, "text": text, "coding": coding, "payload": True})
        elif self._put % 3 == 1:
            sar = {"sar_msg_ref_num": 1000 + self._put, "sar_total_segments": len(split.parts)}
            self._smsc.deliver(*(
                {**common, "text": part.text, "coding": coding, "tlvs": {**sar, "sar_segment_seqnum": number}}
                for number, part in enumerate(split.parts, 1)
            ))  # fmt: skip
        else:
            self._smsc.deliver(*(
                {**common, "text": part.text, "coding": coding, "udh": part.header.hex()} for part in split.parts
            ))  # fmt: skip

    def received(self) -> Sequence[tuple[str, str]]:
        """Return the texts that reached phones; of copies, which a kill during sending may make, only the first."""
        new = self._smsc.submits(self._seen)
        self._seen += len(new)
        for submit in new:
            if text := self._whole(submit):
                arrived = (f"+{submit['to']}", text)
                # A phone waits for each answer, so a copy directly follows its original.
                last = next((one for one in reversed(self._received) if one[0] == arrived[0]), None)
                if last == arrived and self._is_copy(arrived):
                    self.copies += 1
                else:
                    self._received.append(arrived)
        return self._received

    def _is_copy(self, arrived: tuple[str, str]) -> bool:
        """Return whether the office has no more replies with this text to this phone than have arrived."""
        replies = models.Outbound.objects.filter(recipient=arrived[0], text=arrived[1]).count()
        return self._received.count(arrived) >= replies

    def _whole(self, submit: dict[str, Any]) -> str | None:
        """Return the text of a submit that completes a message."""
        if not submit["header"]:
            return str(submit["text"])
        octets = bytes.fromhex(submit["header"])
        begun = self._begun.setdefault((submit["to"], submit["header"][:6]), {})
        begun[octets[4]] = submit["text"]
        if len(begun) < octets[3]:
            return None
        del self._begun[submit["to"], submit["header"][:6]]
        return "".join(begun[number] for number in sorted(begun))

    @property
    def sent(self) -> int:
        """The number of submits the SMSC has accepted."""
        self.received()
        return self._seen


class Trouble:
    """The office's process, and the faults that happen to it and its connection."""

    def __init__(self, smsc: Smsc, phones: Phones, begin: Callable[[], ForkServerProcess], every: int) -> None:
        """every: each time so many more SMS with answers have gone out, something goes wrong."""
        self._smsc = smsc
        self._phones = phones
        self._begin = begin
        self._every = every
        self._chance = random.Random(1)
        self._next = 5
        self._process = begin()
        self.counts: Counter[str] = Counter()

    def work(self) -> None:
        """Let the office work; cause a fault when it is time."""
        assert self._process.is_alive(), "the office has ended by itself"
        pause()
        if self._phones.sent < self._next or in_doubt():
            return
        self._next = self._phones.sent + self._every
        kind = self._chance.choice(["killed", "cut", "left", "killed and cut", "cut and killed"])
        self.counts[kind] += 1
        for what in kind.split(" and "):
            match what:
                case "cut":
                    self._smsc.cut()
                case "left":
                    self._smsc.unbind()
                case _:
                    self._process.kill()
                    self._process.join()
                    self._process = self._begin()


def in_doubt() -> bool:
    """Return whether a lost answer has not been sent again; lost twice, it would be given up."""
    return models.Outbound.objects.filter(state__in=["queued", "sending", "unknown"], lost__gt=0).exists()


def nothing_waits() -> bool:
    """Return whether the SMSC has every answer, and the office has recorded that."""
    return not models.Outbound.objects.filter(state__in=["queued", "sending", "unknown"]).exists()


def test_the_day_is_as_undisturbed(
    start: Callable[..., ForkServerProcess], smsc: Smsc, tmp_path: Path, phones: int, whole: bool
) -> None:
    """Invariant: after any cuts and kills, each message is in the inbox once and has one reply, which arrives."""
    turns, at_the_end = compared(phones)
    settings = {
        "host": "127.0.0.1", "port": smsc.port, "system_id": "urad", "password": "secret",
        "retry_first": 0.05, "retry_most": 0.2, "resent_within": 1, "journal": str(tmp_path / "journal.sqlite3"),
    }  # fmt: skip
    bound("operator", "smpp", settings)
    smsc.habits(receipts="parameters")
    network = Phones(smsc)
    trouble = Trouble(
        smsc,
        network,
        lambda: start(office.serve, "operator", settings, tmp_path / "clock"),
        every=50 if whole else 12,
    )
    exchange = through(network, trouble.work, settled=lambda: until(nothing_waits, doing=trouble.work))
    assert play(exchange, phones) == turns
    assert books() == at_the_end
    assert models.Inbound.objects.count() == models.Outbound.objects.filter(kind="reply").count() == len(turns)
    assert sum(trouble.counts.values()) >= (8 if whole else 4)
    # Messages being sent at a kill or a cut may be sent twice: at most a batch each time.
    assert network.copies <= 50 * sum(trouble.counts.values())
