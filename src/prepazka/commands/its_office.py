"""The office a command works on, found or made."""

import subprocess
import sys

from django.db import connection

from prepazka.commands import CommandFailed, UsageError, without_settings
from prepazka.commands.leftovers import note_demo
from prepazka.process import apps
from prepazka.store import offices, schema


def find_office(slug: str | None) -> int:
    """Return the id of the office with this slug, or of the only office.

    Raises: UsageError when there is no such office or more than one, CommandFailed when there is none at all.
    """
    slugs = offices.slugs()
    if not slugs:
        raise CommandFailed("there is no office yet; run: prepazka load-office FILE, or found one in the browser")
    if slug is None and len(slugs) > 1:
        raise UsageError(f"say which office with --office; they are: {', '.join(slugs)}")
    found = offices.find(slug or slugs[0])
    if found is None:
        raise UsageError(f"there is no office {slug}; they are: {', '.join(slugs)}")
    return found


def ensure_office(*, needed: bool = True) -> None:
    """Make sure that the database has an office; without settings, create and fill the demo office.

    needed: whether the command is of no use without one; an operator and a gateway may come before the first office.

    Raises: CommandFailed when the database of the settings has no office.
    """
    if without_settings() and (schema.is_older() or not offices.slugs()):
        if _make_demo_office():
            note_demo()
            print(f"prepazka: made {connection.settings_dict['NAME']} with the demo office", file=sys.stderr)
    elif not offices.slugs() and needed:
        raise CommandFailed("there is no office yet; run: prepazka load-office FILE, or found one in the browser")


def _make_demo_office() -> bool:
    """Make the tables and the demo office, as far as they are not there; return whether the office was not."""
    if not apps.with_accounts():  # which the demo has: another process makes them
        command = [sys.executable, "-m", "prepazka", "init"]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", check=False)  # noqa: S603 -- ourselves
        if done.returncode:
            raise CommandFailed  # it has printed why
        return done.stdout.startswith("created")
    from prepazka.commands.beginning import make_demo_office  # noqa: PLC0415 -- much, and needed once

    return make_demo_office()
