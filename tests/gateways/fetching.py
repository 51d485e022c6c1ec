"""A provider that is asked for its messages, and a clock, as the tests of fetching use them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from prepazka.gateways.hosted import Hosted, HostedSettings
from prepazka.gateways.values import GatewayEvent, Inbound
from tests.gateways.peers import Behaviour, Request, Response

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)
ASKER = "+420604271828"
OFFICE = "+420739100200"
EVERY = timedelta(seconds=15)

BY_ANSWER = """
title = "Schránka"

[[fetch]]
url = "{base}/inbox"
headers = { "X-Key" = "{key}" }
body = { after = "{cursor}" }
each = "messages"
cursor = "next"
start = "0"

[fetch.messages]
id = "id"
sender = "from"
recipient = "to"
text = "text"
time = { field = "at" }

[send]
url = "{base}/send"
headers = { "X-Key" = "{key}" }
"""
REMOVING = BY_ANSWER.replace('body = { after = "{cursor}" }\n', "").replace(
    'cursor = "next"\nstart = "0"\n',
    'remove = { url = "{base}/inbox/{item}", method = "DELETE", format = "query", item = "id" }\n',
)


@dataclass
class Clock:
    """A clock that tests move."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, time: timedelta = EVERY) -> None:
        self.now += time


@dataclass
class Asking:
    """A gateway with the clock it looks at."""

    definition: str
    url: str
    settings: dict[str, Any] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        given = {"definition": self.definition, "url": self.url, "key": "our-key"} | self.settings
        self.gateway = Hosted("schranka", HostedSettings.model_validate(given), self.clock)

    def poll(self) -> Sequence[GatewayEvent]:
        try:
            return self.gateway.poll(0)
        except OSError:
            return ()

    def taken(self) -> list[str]:
        """Poll, and acknowledge what came as the office does; return the texts."""
        events = self.poll()
        if events or self.gateway.position is not None:
            self.gateway.ack(events)
        return texts(events)

    def health(self) -> tuple[str, str, str]:
        health = self.gateway.health(self.clock.now)
        return health.level, health.summary, health.fix


def texts(events: Iterable[GatewayEvent]) -> list[str]:
    return [event.text for event in events if isinstance(event, Inbound)]


def message(id_: object, text: str = "", **more: object) -> dict[str, object]:
    return {
        "id": id_,
        "from": ASKER,
        "to": OFFICE,
        "text": text or f"POMOC {id_}",
        "at": f"{NOW:%Y-%m-%dT%H:%M:%SZ}",
    } | more


def page(*messages: dict[str, object], next_: object = None) -> Response:
    return Response(200, json.dumps({"messages": messages, "next": next_}).encode())


def after(request: Request) -> str:
    return parse_qs(urlsplit(request.target).query)["after"][0]


def listing(*messages: dict[str, object]) -> Behaviour:
    """A provider that gives two messages a page behind the place it is asked for."""

    def answer(request: Request) -> Response:
        behind = [one for one in messages if int(str(one["id"])) > int(after(request))][:2]
        return page(*behind, next_=behind[-1]["id"] if behind else after(request))

    return answer
