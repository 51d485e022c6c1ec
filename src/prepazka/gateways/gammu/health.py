"""How a gammu-smsd is, by what it writes of itself into `phones` and leaves in `outbox`."""

import sqlite3
from datetime import datetime, timedelta

import psycopg

from prepazka.gateways.gammu.database import Database, WrongSchema, connect, moment
from prepazka.gateways.gammu.outbox import waiting
from prepazka.gateways.gammu.settings import GammuSettings
from prepazka.gateways.values import Health

SILENCE = timedelta(minutes=2)
"""smsd writes of itself at least so often (`StatusFrequency`), unless it waits for a modem that does not answer."""

PATIENCE = timedelta(minutes=10)
"""What waits longer to be sent waits too long."""

_RESTART = "systemctl restart gammu-smsd; if that does not help, plug the modem in again and look at its log"

# smsd writes `TimeOut` so long before it falls due, and in its own zone.
_AHEAD = timedelta(seconds=10)


def health(settings: GammuSettings, now: datetime) -> Health:
    """How the daemon of one modem is; in about a second."""
    try:
        database = connect(settings, patience=1)
    except WrongSchema as error:
        return Health("error", f"database of gammu-smsd: {error}", "upgrade gammu-smsd and its tables together")
    except (sqlite3.Error, psycopg.Error) as error:
        reason = str(error).strip().split("\n")[0]
        return Health("error", f"database of gammu-smsd: {reason}", "make it as `prepazka gateway gammu-config` says")
    try:
        return _look(database, settings, now)
    except (sqlite3.Error, psycopg.Error, ValueError) as error:
        return Health("error", f"database of gammu-smsd: {type(error).__name__}", "look at it; is it on a full disk?")
    finally:
        database.close()


def _look(database: Database, settings: GammuSettings, now: datetime) -> Health:
    updated, due = database.written_at('"UpdatedInDB"'), database.written_at('"TimeOut"')
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
    updated, due, sends, receives, signal, network = found[0]
    updated_at = moment(updated, database.written)
    if now - updated_at > SILENCE:
        return Health("error", f"gammu-smsd is dead or deaf: silent for {_span(now - updated_at)}", _RESTART)
    if "no" in {str(sends).lower(), str(receives).lower()} or False in {sends, receives}:
        return Health("error", "gammu-smsd does not send and receive", "set neither Send nor Receive to no")
    apart = moment(due, database.said) - updated_at - _AHEAD
    if abs(apart) > PATIENCE:
        return Health(
            "warning",
            f"the clock of gammu-smsd is {_span(abs(apart))} from the time zone {settings.timezone}",
            "start it with TZ=UTC as gammu-config says, or correct the gateway's time zone",
        )
    if signal == 0:
        # A daemon whose modem was pulled out goes on to write of itself, and never opens the device again.
        return Health("error", "the modem has no signal, or gammu-smsd does not hear it", _RESTART)
    count, since = waiting(database, settings.phone)
    if since and now - since > PATIENCE:
        return Health("warning", f"{count} messages wait for the modem, the first for {_span(now - since)}", _RESTART)
    if 0 < signal < 15:
        return Health("warning", f"signal {signal} %", "move the modem or its aerial to a better place")
    known = f"{network or 'network unknown'}, signal {f'{signal} %' if signal >= 0 else 'unknown'}"
    return Health("ok", f"gammu-smsd {settings.phone}: {known}, {count} waiting")


def _span(time: timedelta) -> str:
    minutes = round(time.total_seconds() / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"
