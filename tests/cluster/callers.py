"""Gateways that hand in messages by HTTP while the cluster is broken: each repeats a message until it is taken."""

import json
import re
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import count, pairwise
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

NUMBER = "+420739547765"
LINES = 4
"""Gateways that call at once."""
# Seconds a gateway waits for an answer, and before it sends again; a refusal says when itself.
_PATIENCE = 8.0
_BEFORE_REPEAT = 0.2
_MOST_BEFORE_REPEAT = 1.0
_PAUSE = 0.1
# The callers' phones: so many for each of 3,000 callers are numbers of mobile phones, which get replies.
_FIRST_PHONE, _PHONES = 777_000_000, 1_000
# The days booked for, so that the office does not fill up.
_DAYS = [f"{day}.8." for day in (5, 6, 10, 12, 13, 17, 19, 20, 24, 26, 27, 31)]
_CODE = re.compile(r"Kod [\w ]+: (\d+)\.")
_DAY = re.compile(r" (\d+\.\d+\.) \d+:\d\d, ")


@dataclass(frozen=True, slots=True)
class Told:
    """What a caller was told of one message. tries: how often it was sent until then."""

    id: str
    sender: str
    outcome: str
    reply: str
    at: float
    tries: int


@dataclass
class Caller:
    """One gateway's line: one message at a time, each by a phone of its own that books; most cancel again.

    In the end all but one do, so that many drills do not fill the office up.
    """

    name: int
    address: str
    token: str
    told: list[Told] = field(default_factory=list)
    cut: int = 0
    """Requests whose answer never came: the connection was refused or ended, or nothing was said in time."""
    refused: int = 0
    """Requests answered by 503, or by the proxy's 502 or 504 in the name of a node that died, with Retry-After."""
    wrong: list[str] = field(default_factory=list)
    """Answers that nobody should get."""

    def call(self, stopped: threading.Event) -> None:
        """Send messages until told to stop; the last one is repeated until it is taken."""
        kept = []
        for number in count():
            id_, sender = f"{self.name}-{number}", f"+420{_FIRST_PHONE + self.name * _PHONES + number}"
            booked = self._send(id_, sender, f"OBJ ZOP {_DAYS[number % len(_DAYS)]} Novak", stopped)
            if cancels := _cancelling(booked):
                if number % 8:
                    self._send(f"{id_}-storno", sender, cancels, stopped)
                else:
                    kept.append((f"{id_}-storno", sender, cancels))
            if stopped.wait(_PAUSE):
                break
        for id_, sender, cancels in kept[1:]:
            self._send(id_, sender, cancels, stopped)

    def _send(self, id_: str, sender: str, text: str, stopped: threading.Event) -> str:
        """Repeat a message until it is taken; return its reply. Raises: TimeoutError when it never is."""
        body = json.dumps({"id": id_, "from": sender, "to": NUMBER, "text": text}).encode()
        ends: float | None = None
        for tries in count(1):
            if stopped.is_set():
                ends = ends or time.monotonic() + 60
                if time.monotonic() > ends:
                    raise TimeoutError(f"message {id_} is not taken")
            if (line := self._try(body)) is not None:
                first = line.get("earlier") or line
                reply = str(first["reply"])
                self.told.append(Told(id_, sender, str(first["outcome"]), reply, time.monotonic(), tries))
                return reply
            time.sleep(_BEFORE_REPEAT)
        raise AssertionError

    def _try(self, body: bytes) -> dict[str, Any] | None:
        """Hand a message in once; return what is answered, None when it is to be sent again."""
        request = Request(f"{self.address}/api/v1/messages", body, method="POST")
        request.add_header("Content-Type", "application/json")
        request.add_header("Authorization", f"Bearer {self.token}")
        try:
            with urlopen(request, timeout=_PATIENCE) as response:
                answer: dict[str, Any] = json.loads(response.read())
                # What is stored and not yet answered, the first time or as a repeat, is asked for again.
                waits = (answer["earlier"] if answer["outcome"] == "duplicate" else answer)["outcome"] is None
                return None if waits else answer
        except HTTPError as error:
            wait = error.headers.get("Retry-After", "")
            if error.code in {502, 503, 504} and wait.isdecimal():
                self.refused += 1
                # As a gateway, but without waiting as long: the drill measures the cluster, not this figure.
                time.sleep(min(float(wait), _MOST_BEFORE_REPEAT) - _BEFORE_REPEAT)
            else:
                self.wrong.append(f"{error.code} {error.read()[:300].decode('utf-8', 'replace')}")
        except (HTTPException, OSError, ValueError):
            self.cut += 1
        return None


def _cancelling(reply: str) -> str:
    code, day = _CODE.search(reply), _DAY.search(reply)
    return f"STORNO {code[1]} {day[1]}" if code and day else ""


class Callers:
    """Several callers at once, in threads, as a context: they send as long as the block lasts."""

    def __init__(self, address: str, token: str, first: int = 0) -> None:
        self.all = [Caller(first + place, address, token) for place in range(LINES)]
        self._stopped = threading.Event()
        self._failed: list[BaseException] = []
        self._threads = [threading.Thread(target=self._run, args=[caller]) for caller in self.all]

    def _run(self, caller: Caller) -> None:
        try:
            caller.call(self._stopped)
        except BaseException as error:  # told to whoever waits for the thread
            self._failed.append(error)

    def __enter__(self) -> "Callers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()
        if self._failed:
            raise self._failed[0]

    @property
    def told(self) -> list[Told]:
        """What all of them were told, in order of time."""
        return sorted((one for caller in self.all for one in caller.told), key=lambda one: one.at)

    def count_since(self, moment: float) -> int:
        """Return how many messages were taken since a moment of time.monotonic."""
        return sum(one.at > moment for one in self.told)

    def all_were_told_since(self, moment: float) -> bool:
        """Whether each of them was told something since a moment."""
        return all(caller.told and caller.told[-1].at > moment for caller in self.all)

    def longest_silence(self, since: float) -> float:
        """Return the longest time in seconds without any message taken, from a moment on."""
        moments = [since, *(one.at for one in self.told if one.at > since)]
        return max((after - before for before, after in pairwise(moments)), default=0.0)
