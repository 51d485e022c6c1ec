"""`init`, `migrate`, `load-office`, `dump-office`: the database and the offices in it."""

import getpass
import sys
from argparse import Namespace
from pathlib import Path

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from prepazka import clock, officefile
from prepazka.commands import DEMO_PASSWORD, DEMO_USERS, Failed, Misused, without_settings
from prepazka.core.office.diff import changes
from prepazka.core.office.office import Office
from prepazka.sms.own_words import new_word_problems
from prepazka.sms.reply.fit import text_problems
from prepazka.store import accounts, offices
from prepazka.store.models import User


def init(arguments: Namespace) -> int:
    """`prepazka init`: doing it again changes nothing."""
    office = read(arguments.office) if arguments.office else None
    if office:
        _check_words(arguments.office, office)
    _migrate()
    if office:
        if offices.find(office.slug) is not None:
            raise Misused(
                f"there is an office {office.slug} already; to change it: prepazka load-office {arguments.office}"
            )
        print(f"created the office {_keep(office)}")
    elif slugs := offices.slugs():
        print(f"the database is ready; its offices: {', '.join(slugs)}")
    else:
        print(f"created the demo office {_keep(officefile.demo())}")
    _demo_users()
    return 0


def migrate(_: Namespace) -> int:
    """`prepazka migrate`."""
    done = _migrate()
    print(f"migrated: {', '.join(done)}" if done else "the tables are up to date")
    return 0


def load(arguments: Namespace) -> int:
    """`prepazka load-office`."""
    office = read(arguments.file)
    known = offices.find(office.slug)
    before = None if known is None else offices.load(known)
    _check_words(arguments.file, office, before)
    if before and not changes(before, office):
        print(f"nothing to change in the office {office.slug}")
    else:
        print(f"{'created' if known is None else 'changed'} the office {_keep(office)}")
    return 0


def dump(arguments: Namespace) -> int:
    """`prepazka dump-office`."""
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # a TOML file is UTF-8 whatever the terminal
    sys.stdout.write(officefile.dump(offices.load(only(arguments.office))))
    return 0


def only(slug: str | None) -> int:
    """The id of the office of this slug, or of the only one.

    Raises: Misused when it is not clear which.
    """
    slugs = offices.slugs()
    if not slugs:
        raise Failed("there is no office yet; run: prepazka init")
    if slug is None and len(slugs) > 1:
        raise Misused(f"say which office with --office; they are: {', '.join(slugs)}")
    found = offices.find(slug or slugs[0])
    if found is None:
        raise Misused(f"there is no office {slug}; they are: {', '.join(slugs)}")
    return found


def ready() -> None:
    """See to it that there is an office to work on: without settings, the demo office is made here and now.

    Raises: Failed when there is none in the database the settings name.
    """
    if without_settings() and (_pending() or not offices.slugs()):
        _migrate()
        if not offices.slugs():
            _keep(officefile.demo())
            _demo_users()
            print(f"prepazka: made {connection.settings_dict['NAME']} with the demo office", file=sys.stderr)
    elif not offices.slugs():
        raise Failed("there is no office yet; run: prepazka init")


def read(name: str) -> Office:
    """The office of a file, `-` is stdin.

    Raises: Misused naming the file, the places in it and the mends.
    """
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        office = officefile.parse(data.decode())
    except UnicodeDecodeError as error:
        raise Misused(f"{name}: this is not UTF-8 text: {error.reason} at byte {error.start}") from error
    except OSError as error:
        raise Misused(f"{name}: {error.strerror}") from error
    except officefile.OfficeFileError as error:
        raise Misused(*(f"{name}: {problem}" for problem in error.problems)) from error
    if wrong := text_problems(office):
        places = [f"texts.{misfit.language}{misfit.name and '.'}{misfit.name}" for misfit in wrong]
        raise Misused(*(f"{name}: {place}: {misfit.why}" for place, misfit in zip(places, wrong, strict=True)))
    return office


def _check_words(name: str, office: Office, before: Office | None = None) -> None:
    """Raises: Misused when a word of the office means something else in messages, unless it did so before."""
    if wrong := new_word_problems(office, before):
        raise Misused(*(f"{name}: {problem}" for problem in wrong))


def _keep(office: Office) -> str:
    try:
        offices.keep(office, clock.now(), operator())
    except offices.OfficeError as error:
        raise Misused(str(error)) from error
    return office.slug


def operator() -> str:
    """Who gives this command, for the audit trail."""
    try:
        return f"{getpass.getuser()} (command line)"
    except (KeyError, OSError):  # a container's user may have no name
        return "command line"


def _demo_users() -> None:
    """Those who work at the demo office, only where nobody named a database: everybody may know their password."""
    office_id = offices.find(officefile.demo().slug)
    if not without_settings() or office_id is None or User.objects.exists():
        return
    now = clock.now()
    # Quickly made, as there is nothing to protect.
    hasher = PBKDF2PasswordHasher()
    encoded = hasher.encode(DEMO_PASSWORD, hasher.salt(), iterations=1000)
    for name, role in DEMO_USERS.items():
        user = accounts.open_account(name, encoded, now, operator(), given=False)
        accounts.appoint(user, office_id, role, now, operator())


def _pending() -> list[str]:
    """Migrations that are not applied yet."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def _migrate() -> list[str]:
    if connection.vendor == "sqlite":
        Path(str(connection.settings_dict["NAME"])).parent.mkdir(parents=True, exist_ok=True)
    pending = _pending()
    if pending:
        call_command("migrate", verbosity=0, interactive=False)
    return pending
