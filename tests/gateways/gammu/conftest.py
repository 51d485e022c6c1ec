"""The tables of gammu-smsd, of both versions, and a gateway that uses them."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from prepazka.gateways.gammu import Gammu
from prepazka.gateways.gammu.database import Database, connect
from tests.gateways.gammu.rows import Clock, settings
from tests.gateways.smsd import database as made


@pytest.fixture(scope="module", params=[17, 18])
def address(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[str]:
    """The tables of version 17, which Debian has, and the additions of version 18."""
    with made(tmp_path_factory.mktemp("gammu")) as path:
        if request.param == 18:
            with closing(connect(settings(path))) as opened:
                for column in ("MessageID", "SequencePosition", "PartCount"):
                    opened.run(f'ALTER TABLE inbox ADD COLUMN "{column}" integer NOT NULL DEFAULT 1')
                opened.run('ALTER TABLE outbox ADD COLUMN "SendDays" integer NOT NULL DEFAULT 127')
                opened.run('UPDATE gammu SET "Version" = 18')
        yield path


@pytest.fixture
def tables(address: str) -> Iterator[Database]:
    with closing(connect(settings(address))) as opened:
        for table in ("inbox", "outbox", "outbox_multipart", "sentitems", "phones"):
            opened.run(f"DELETE FROM {table}")
        yield opened


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def gateway(tables: Database, address: str, clock: Clock) -> Iterator[Gammu]:
    with closing(Gammu("modem", settings(address), clock)) as opened:
        opened._inbox._clock = clock.timestamp
        yield opened
