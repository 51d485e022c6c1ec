"""The health of a gammu-smsd, from the rows it writes into `phones` and the messages left in `outbox`."""

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from stat import S_IRWXO

import psycopg

from prepazka.gateways.gammu.database import Database, WrongSchema, connect, to_time
from prepazka.gateways.gammu.outbox import queue_length
from prepazka.gateways.gammu.settings import GammuSettings
from prepazka.gateways.values import Health

SILENCE = timedelta(minutes=2)
"""smsd updates its row at least so often (`StatusFrequency`), unless it waits for a modem that does not answer."""

PATIENCE = timedelta(minutes=10)
"""A message that waits longer for the modem is a warning."""

_RESTART = "systemctl restart gammu-smsd; if that does not help, plug the modem in again and look at its log"

# smsd writes `TimeOut` so long before it falls due, in its own zone.
_AHEAD = timedelta(seconds=10)


def daemon_health(settings: GammuSettings, now: datetime) -> Health:
    """Return the health of one modem's daemon, within about a second."""
    try:
        database = connect(settings, patience=1)
    except WrongSchema as error:
        return Health("error", f"database of gammu-smsd: {error}", "upgrade gammu-smsd and its tables together")
    except (sqlite3.Error, psycopg.Error) as error:
        reason = str(error).strip().split("\n")[0]
        return Health("error", f"database of gammu-smsd: {reason}", "make it as `prepazka gateway gammu-config` says")
    try:
        health = _table_health(database, settings, now)
        return _file_health(settings) or health if health.level == "ok" else health
    except (sqlite3.Error, psycopg.Error, ValueError) as error:
        return Health("error", f"database of gammu-smsd: {type(error).__name__}", "look at it; is it on a full disk?")
    finally:
        database.close()


def _file_health(settings: GammuSettings) -> Health | None:
    """Return a warning when everybody may read the messages in the file; None for one open to its group at most."""
    path = Path(settings.database)
    if not settings.database.startswith("/") or not path.stat().st_mode & S_IRWXO:
        return None
    return Health("warning", "everybody may read the database of gammu-smsd", f"chmod 660 {path}")


def _table_health(database: Database, settings: GammuSettings, now: datetime) -> Health:
    updated, due = database.trigger_time('"UpdatedInDB"'), database.trigger_time('"TimeOut"')
    found = database.rows(
        f'SELECT {updated}, {due}, "Send", "Receive", "Signal", "NetName" FROM phones WHERE "ID" = ?'
        " ORDER BY 1 DESC LIMIT 1",
        [settings.phone],
    )
    if not found:
        return Health(
            "error",
            f"no gammu-smsd has ever come up as {settings.phone}",
            f"start it with Service = sql and PhoneID = {settings.phone} on this database",
        )
    updated, due, sending, receiving, signal, network = found[0]
    updated_at = to_time(updated, database.trigger_zone)
    if now - updated_at > SILENCE:
        return Health("error", f"gammu-smsd is dead or deaf: silent for {_duration(now - updated_at)}", _RESTART)
    if "no" in {str(sending).lower(), str(receiving).lower()} or False in {sending, receiving}:
        return Health("error", "gammu-smsd does not send and receive", "set neither Send nor Receive to no")
    clock_error = to_time(due, database.message_zone) - updated_at - _AHEAD
    if abs(clock_error) > PATIENCE:
        return Health(
            "warning",
            f"the clock of gammu-smsd is {_duration(abs(clock_error))} from the time zone {settings.timezone}",
            "start it with TZ=UTC as gammu-config says, or correct the gateway's time zone",
        )
    if signal == 0:
        # A daemon whose modem was pulled out goes on updating its row, and never opens the device again.
        return Health("error", "the modem has no signal, or gammu-smsd does not hear it", _RESTART)
    count, since = queue_length(database, settings.phone)
    if since and now - since > PATIENCE:
        return Health(
            "warning", f"{count} messages wait for the modem, the first for {_duration(now - since)}", _RESTART
        )
    if 0 < signal < 15:
        return Health("warning", f"signal {signal} %", "move the modem or its aerial to a better place")
    network_and_signal = f"{network or 'network unknown'}, signal {f'{signal} %' if signal >= 0 else 'unknown'}"
    return Health("ok", f"gammu-smsd {settings.phone}: {network_and_signal}, {count} waiting")


def _duration(time: timedelta) -> str:
    minutes = round(time.total_seconds() / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"
