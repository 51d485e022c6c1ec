"""The health of a gammu-smsd, from the rows it writes into `phones` and the messages left in `outbox`."""

import os
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from stat import S_IRWXO

import psycopg

from prepazka.gateways.gammu.database import Database, WrongSchema, connect, to_time
from prepazka.gateways.gammu.outbox import queue_length
from prepazka.gateways.gammu.settings import GammuSettings
from prepazka.gateways.health_texts import health_of
from prepazka.gateways.values import Health

SILENCE = timedelta(minutes=2)
"""smsd updates its row at least so often (`StatusFrequency`), unless it waits for a modem that does not answer."""

PATIENCE = timedelta(minutes=10)
"""A message that waits longer for the modem is a warning."""

# smsd writes `TimeOut` so long before it falls due, in its own zone.
_AHEAD = timedelta(seconds=10)


def daemon_health(settings: GammuSettings, now: datetime) -> Health:
    """Return the health of one modem's daemon, within about a second."""
    try:
        database = connect(settings, patience=1)
    except WrongSchema as error:
        return health_of("gammu_wrong_schema", reason=error)
    except (sqlite3.Error, psycopg.Error) as error:
        reason = str(error).strip().split("\n")[0]
        return health_of("gammu_no_database", reason=reason)
    try:
        health = _table_health(database, settings, now)
        return _file_health(settings) or health if health.level == "ok" else health
    except (sqlite3.Error, psycopg.Error, ValueError) as error:
        return health_of("gammu_unreadable", reason=type(error).__name__)
    finally:
        database.close()


def _file_health(settings: GammuSettings) -> Health | None:
    """Return an error when the file may not be written, a warning when everybody may read it; None for any other.

    Only its permissions are asked: smsd 1.42 may crash where somebody locks the file at the moment it writes.
    """
    path = Path(settings.database)
    if settings.database.startswith("/") and not os.access(path, os.W_OK):
        return health_of("gammu_unreadable", reason="this user may not write it")
    if not settings.database.startswith("/") or not path.stat().st_mode & S_IRWXO:
        return None
    return health_of("gammu_open", path=path)


def _table_health(database: Database, settings: GammuSettings, now: datetime) -> Health:
    updated, due = database.trigger_time('"UpdatedInDB"'), database.trigger_time('"TimeOut"')
    found = database.rows(
        f'SELECT {updated}, {due}, "Send", "Receive", "Signal", "NetName" FROM phones WHERE "ID" = ?'
        " ORDER BY 1 DESC LIMIT 1",
        [settings.phone],
    )
    if not found:
        return health_of("gammu_never", phone=settings.phone)
    updated, due, sending, receiving, signal, network = found[0]
    updated_at = to_time(updated, database.trigger_zone)
    if now - updated_at > SILENCE:
        return health_of("gammu_silent", duration=_duration(now - updated_at))
    if "no" in {str(sending).lower(), str(receiving).lower()} or False in {sending, receiving}:
        return health_of("gammu_switched_off")
    clock_error = to_time(due, database.message_zone) - updated_at - _AHEAD
    if abs(clock_error) > PATIENCE:
        return health_of("gammu_clock", duration=_duration(abs(clock_error)), zone=settings.timezone)
    if signal == 0:
        # A daemon whose modem was pulled out goes on updating its row, and never opens the device again.
        return health_of("gammu_no_signal")
    count, since = queue_length(database, settings.phone)
    if since and now - since > PATIENCE:
        return health_of("gammu_waiting", count=count, duration=_duration(now - since))
    if 0 < signal < 15:
        return health_of("gammu_weak", signal=signal)
    strength = f"{signal} %" if signal >= 0 else "unknown"
    return health_of(
        "gammu_ok", phone=settings.phone, network=network or "network unknown", signal=strength, count=count
    )


def _duration(time: timedelta) -> str:
    minutes = round(time.total_seconds() / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"
