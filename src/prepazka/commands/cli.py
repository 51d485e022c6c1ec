"""The command line of `prepazka`: the arguments of each command; the commands themselves are in `prepazka.commands`.

Exit codes: 0 done, 2 wrong use (or a wrong file), 1 a failure. Every error is one line on stderr.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

from prepazka.commands import write_what_is_known


class Parser(argparse.ArgumentParser):
    """An argument parser that reports wrong use in one line."""

    def error(self, message: str) -> NoReturn:
        """Exit with code 2."""
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


class _PrintVersion(argparse.Action):
    """Prints the version; it is looked for only then, which takes a while."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> NoReturn:
        from importlib.metadata import version  # noqa: PLC0415 -- as said

        print(f"prepazka {version('prepazka')}")
        parser.exit()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    parsed = parser().parse_args(arguments)
    write_what_is_known()
    try:
        # A late import: --help and usage errors answer at once.
        return int(import_module("prepazka.commands.run").run(parsed))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of our output has closed it; the rest of the buffer must not fail again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands and options; `run` of a command names the function that runs it."""
    root = Parser(
        prog="prepazka",
        description="An office's appointments by SMS. Without settings, everything works on a demo office in ./var.",
        epilog="DATABASE_URL and PREPAZKA_* in the environment set everything that is not an office's configuration; "
        "README.md lists them.",
    )
    root.add_argument("--version", action=_PrintVersion, nargs=0, help="print the version of the program")
    commands = root.add_subparsers(metavar="COMMAND", required=True)

    def command(name: str, run: str, description: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=description, description=f"{description[0].upper()}{description[1:]}.")
        added.set_defaults(command=name, run=run)
        return added

    _serving(command("serve", "serve:serve", "the whole office in one process: pages, API, and the work behind them"))
    _messages(
        command("sms", "messages:sms", "one message through the real path; prints the reply"),
        command("replay", "replaying:replay", "many messages, JSON lines in and out, in order, through the real path"),
    )
    _configuration(
        command("init", "beginning:init", "create the database, with the demo office or the office of a file"),
        command("migrate", "beginning:migrate", "bring the database's tables up to this version"),
        command("load-office", "offices:load", "make an office exactly what its file says"),
        command("dump-office", "showing:dump", "print an office's whole configuration as a file"),
    )
    _setting_up(command("setup", "setup:setup", "make the installed program a service of this machine (root, Debian)"))
    command("offices", "showing:list_", "all offices, one line each")
    example = command("example-office", "showing:example", "print a commented office file to begin with")
    example.add_argument("--language", choices=["cs", "en"], default="cs", help="of its comments and texts (cs)")
    _moving(
        command("remove-office", "removing:remove", "write all of an office to a file, then delete the office"),
        command("export-office", "moving:export", "write all of an office to a file and close it here, to move it"),
        command("import-office", "moving:take_in", "take in an office that another installation has exported"),
    )
    importing = command("import-bookings", "importing:run", "bring in the bookings of another system from a CSV file")
    importing.add_argument("file", metavar="FILE", help="columns code, service, date, time, name, phone; - is stdin")
    importing.add_argument("--office", metavar="SLUG", help="which office (needed if there are several)")
    importing.add_argument("--dry-run", action="store_true", help="only say what would happen")
    importing.add_argument("--notify", action="store_true", help="confirm each new booking by SMS")
    _gateways(command("gateway", "", "the programs and devices messages come and leave by"))
    _users(
        command("user", "", "the accounts of those who work at the offices").add_subparsers(
            metavar="WHAT", required=True
        )
    )
    _records(
        command("backup", "backup:backup", "the whole database into one file, while the office works"),
        command("restore", "backup:restore", "make the database what a backup file holds"),
        command("restored", "restored:restored", "after PostgreSQL's own recovery: send nothing twice, erase again"),
        command("person", "persons:person", "print what is held of a telephone number, or erase it"),
        command(
            "erase", "persons:erase", "erase personal data whose time is over, and report it; `serve` does so hourly"
        ),
    )
    check = command("check", "check:check", "is everything configured and reachable: ok, warning or error, and the fix")
    check.add_argument("-q", "--quiet", action="store_true", help="only what is not ok")
    check.add_argument("--texts", action="store_true", help="send back every message that the offices' replies teach")
    check.add_argument("--without-gateways", action="store_true", help="leave out whether the gateways can be reached")
    check.add_argument("--start", action="store_true", help="only what `serve` needs to start, not the offices")
    check.add_argument("--prepare", action="store_true", help=argparse.SUPPRESS)  # by `serve`: commands/starting.py
    check.add_argument("--host", default="127.0.0.1", help="the address `serve` listens on (%(default)s)")
    check.add_argument("--office", metavar="SLUG", help="of the offices only this one")
    check.add_argument("--json", action="store_true", help="each finding as a JSON line {level, what, fix}")
    check.add_argument("--monitoring", action="store_true", help="exit code 0 ok, 1 warning, 2 error; the worst first")
    kiosk = command("kiosk", "kiosks:pair", "pair a kiosk: print the address to open on it, this once")
    kiosk.add_argument("name", metavar="NAME", help="the kiosk; the device paired under this name before is shut out")
    kiosk.add_argument("--office", metavar="SLUG", help="which office (needed if there are several)")
    kiosk.add_argument("--printer", metavar="HOST[:PORT]", default="", help="its ESC/POS printer (port 9100)")
    bench = command("bench", "bench:bench", "how fast this is, beside what the database itself can do on this disk")
    size = bench.add_mutually_exclusive_group()
    size.add_argument("--full", action="store_true", help="all sizes of the performance page (long)")
    size.add_argument("--small", action="store_true", help="a trial of seconds: it runs; its figures mean nothing")
    bench.add_argument(
        "--only",
        choices=[
            "messages",
            "freetimes",
            "http",
            "node",
            "pages",
            "queue",
            "reports",
            "streams",
            "smpp",
            "kannel",
            "gateways",
            "country",
        ],
        help="one part of it",
    )
    bench.add_argument("--seconds", type=float, metavar="N", help="of the part country: how long all comes at once")
    bench.add_argument("--share", type=float, metavar="N", help="of it: the share of the country's rates (1: its peak)")
    return root


def _users(users: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    def command(name: str, run: str, description: str) -> argparse.ArgumentParser:
        added = users.add_parser(name, help=description)
        added.set_defaults(run=run)
        if name != "list":
            added.add_argument("name", metavar="NAME", help="what the user signs in with")
        return added

    add = command("add", "users:add", "give a user a role in an office; a new user gets a password, printed this once")
    add.add_argument("--office", metavar="SLUG", help="which office (needed if there are several)")
    add.add_argument(
        "--role", choices=["clerk", "manager", "administrator", "officer"], help="what the user may do there"
    )
    add.add_argument("--operator", action="store_true", help="everything, in every office")
    command("password", "users:password", "give a user a new password; all places where the old one was used sign out")
    command("reset-factor", "users:reset_factor", "forget a user's lost second factor, and end all sign-ins")
    command(
        "link", "users:link", "print the page where a user ties the account to the organisation's sign-in, this once"
    )
    withdraw = users.add_parser("withdraw-published", help="make the demo's published passwords invalid")
    withdraw.set_defaults(run="demo_users:withdraw_published")
    listed = command("list", "users:list_", "all users with their roles")
    listed.add_argument(
        "--published",
        dest="run",
        action="store_const",
        const="demo_users:list_published",
        help="only who still has the demo's published password",
    )
    first = users.add_parser("first-link", help="print the page where the first operator is made, good for one hour")
    first.set_defaults(run="users:first_link")
    remove = command("remove", "users:remove", "close a user's account; the name stays in the audit trail")
    remove.add_argument("--office", metavar="SLUG", help="take away only the role in this office")


def _serving(serve: argparse.ArgumentParser) -> None:
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    serve.add_argument(
        "--port", type=_port, default=8000, help="port to listen on; 0 for any that is free (%(default)s)"
    )
    serve.add_argument("--workers", type=_workers, default=1, help="processes that answer; more with PostgreSQL (1)")


def _setting_up(setup: argparse.ArgumentParser) -> None:
    setup.add_argument("--host", metavar="NAME", help="under which name people reach the pages")
    setup.add_argument(
        "--database",
        metavar="URL",
        help="the database (sqlite:////var/lib/prepazka/urad.sqlite3)",
    )
    setup.add_argument("--proxy", choices=["nginx", "caddy", "none"], default="nginx", help="what ends HTTPS (nginx)")
    setup.add_argument("--dry-run", action="store_true", help="only print all that would be done")
    setup.add_argument("--root", type=_named, metavar="DIR", help="write into the directory of an image; run nothing")
    setup.add_argument("--remove", action="store_true", help="take the service away; data, key and settings stay")


def _moving(*commands: argparse.ArgumentParser) -> None:
    removing, exporting, taking_in = commands
    removing.add_argument("slug", metavar="SLUG", help="the office")
    removing.add_argument("file", metavar="FILE", help="the archive to make (zip: office.toml, and a file a table)")
    exporting.add_argument("slug", metavar="SLUG", help="the office")
    exporting.add_argument("file", metavar="FILE", nargs="?", help="the archive to make, for import-office")
    how = exporting.add_mutually_exclusive_group()
    how.add_argument("--copy", action="store_true", help="for a trial: the office stays open here")
    how.add_argument("--reopen", action="store_true", help="open an office again that was not imported anywhere")
    taking_in.add_argument("file", metavar="FILE", help="the archive of export-office or remove-office")


def _messages(sms: argparse.ArgumentParser, replay: argparse.ArgumentParser) -> None:
    sms.add_argument("--from", dest="sender", required=True, metavar="NUMBER", help="who sends it")
    sms.add_argument(
        "--to", dest="recipient", metavar="NUMBER", help="the office's number (needed if there are several)"
    )
    sms.add_argument("--at", metavar="TIME", help="the clock for this message: 2026-08-03T09:00, the office's time")
    sms.add_argument("--json", action="store_true", help="print the line `replay` would")
    sms.add_argument("text", metavar="TEXT", help='the message, such as "OBJ ZOP 10.8. 14:00 NOVAK"')
    replay.add_argument("file", metavar="FILE", help="JSON lines {id?, from, to?, text, at?}; - is stdin")


def _configuration(*commands: argparse.ArgumentParser) -> None:
    init, _, load, dump = commands
    what = init.add_mutually_exclusive_group()
    what.add_argument("--office", metavar="FILE", help="the office to create, instead of the demo office")
    what.add_argument("--demo", action="store_true", help="the demo office, its users with fresh passwords")
    load.add_argument("file", metavar="FILE", help="the office file (TOML); - is stdin")
    dump.add_argument("--office", metavar="SLUG", help="which office (needed if there are several)")


def _gateways(gateway: argparse.ArgumentParser) -> None:
    what = gateway.add_subparsers(metavar="WHAT", required=True)

    def about(name: str, run: str, description: str) -> argparse.ArgumentParser:
        described = f"{description[0].upper()}{description[1:]}."
        added: argparse.ArgumentParser = what.add_parser(name, help=description, description=described)
        added.set_defaults(run=run)
        return added

    about("list", "gateways:show", "every gateway with its numbers, and how it is")
    about("kinds", "gateways:kinds", "the kinds of gateways, and the settings of each")
    keep = about("set", "gateways:keep", "make a gateway, or change settings of one")
    keep.add_argument("name", metavar="NAME", help="the gateway")
    keep.add_argument("kind", metavar="KIND", help="one of `prepazka gateway kinds`")
    keep.add_argument("settings", metavar="SETTING=VALUE", nargs="*", help="SETTING=@FILE takes the value from a file")
    keep.add_argument("--file", metavar="FILE", help="settings as a TOML file")
    about("remove", "gateways:remove", "forget a gateway").add_argument("name", metavar="NAME", help="the gateway")
    token = about("token", "gateways:token", "give a gateway that calls the API a new token, and print it this once")
    _token(token)
    _trial(about("try", "trying:attempt", "send one SMS by a gateway, wait for its receipt, and say what that teaches"))
    standby = about("standby", "gateways:stand_by", "let another gateway take over its replies while it is ill")
    standby.add_argument("name", metavar="NAME", help="the gateway whose numbers they are")
    standby.add_argument("other", metavar="OTHER", nargs="?", default="", help="the one that takes over; none: nobody")
    standby.add_argument("--after", type=int, default=10, metavar="MINUTES", help="of errors, 1 to 1440 (10)")
    strays = about("strays", "gateways:list_strays", "messages to numbers that are not bound to their gateway")
    strays.add_argument("--assign", metavar="NUMBER", help="hand those to this number to its office, bound by now")
    delivery = about("delivery", "gateways:show_delivery", "messages that did not arrive, by gateway and cause")
    delivery.add_argument("name", metavar="NAME", nargs="?", default="", help="only of this gateway")
    delivery.add_argument("--days", type=int, default=7, metavar="DAYS", help="how far back, 1 to 30 (7)")
    _gammu_config(about("gammu-config", "gammu:config", "print a right configuration for gammu-smsd and its modem"))


def _trial(trial: argparse.ArgumentParser) -> None:
    trial.add_argument("name", metavar="NAME", help="the gateway; no process may serve it meanwhile")
    trial.add_argument("--to", required=True, metavar="NUMBER", help="your own mobile phone")
    trial.add_argument(
        "--from", dest="sender", metavar="NUMBER", help="whose number to send from (the first one bound to it)"
    )
    trial.add_argument("--wait", type=float, default=60, metavar="SECONDS", help="for the receipt (60)")
    trial.add_argument("--answer", action="store_true", help="also wait until the phone sends the text back")
    trial.add_argument("--set", dest="keep", action="store_true", help="keep what was learnt in the gateway's settings")


def _token(token: argparse.ArgumentParser) -> None:
    token.add_argument("name", metavar="NAME", help="the gateway; made if there is none of this name")
    token.add_argument(
        "--purpose",
        dest="purposes",
        action="append",
        choices=["messages", "replies", "bookings"],
        help="what it may do; may be repeated (as the token before, else only messages: hand them in)",
    )
    numbers = token.add_mutually_exclusive_group()
    numbers.add_argument(
        "--number",
        dest="numbers",
        action="append",
        metavar="NUMBER",
        help="a number it is good for; may be repeated; one without a gateway is bound to this one",
    )
    numbers.add_argument("--all-numbers", action="store_true", help="good for all numbers bound to the gateway")
    token.add_argument("--keep", action="store_true", help="change what the present token may do, and make no new one")


def _gammu_config(config: argparse.ArgumentParser) -> None:
    config.add_argument("--device", required=True, metavar="PATH", help="the modem, such as /dev/serial/by-id/usb-…")
    config.add_argument(
        "--database",
        default="/var/lib/prepazka/gammu.sqlite3",
        metavar="PATH|URL",
        help="gammu-smsd's own: a file, or postgresql://user:password@host/name (%(default)s)",
    )
    config.add_argument("--phone", default="modem", metavar="NAME", help="what the modem is called (%(default)s)")
    config.add_argument("--user", default="prepazka", help="whom gammu-smsd runs as: the office's user (%(default)s)")
    config.add_argument(
        "--only", choices=["smsdrc", "sql", "systemd", "watchdog", "timer"], help="one of the files, as it is"
    )


def _records(*commands: argparse.ArgumentParser) -> None:
    backup, restore, restored, person, _ = commands
    backup.add_argument(
        "file", type=_named, metavar="FILE", help="the file to make; in a directory, one named by the time"
    )
    backup.add_argument("--made", action="store_true", help="only note that another program has made one there")
    restore.add_argument("file", metavar="FILE", help="a file made by `prepazka backup`")
    restore.add_argument("--erasures", metavar="FILE", help="the list of erasures, if it is not where the settings say")
    restore.add_argument("--rehearsal", action="store_true", help="into a database of its own, which can reach nobody")
    restored.add_argument(
        "--erasures", metavar="FILE", help="the list of erasures, if it is not where the settings say"
    )
    person.add_argument("number", metavar="NUMBER", help="such as +420777123456")
    whose = person.add_mutually_exclusive_group()
    whose.add_argument("--office", metavar="SLUG", help="what this office holds (needed if there are several)")
    whose.add_argument("--all", action="store_true", help="what all offices hold, and messages to none of them")
    person.add_argument("--erase", action="store_true", help="erase number, names and texts instead of printing them")
    person.add_argument("--cancel", action="store_true", help="with --erase: cancel bookings to come first")


def _named(text: str) -> str:
    """Return the name of a place. "" is that of a variable which is not set, and would mean this directory, or /."""
    if not text.strip():
        raise argparse.ArgumentTypeError("names no place: it is empty")
    return text


def _port(text: str) -> int:
    if not text.isdecimal() or not int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: a number from 0 to 65535")
    return int(text)


def _workers(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 64:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes from 1 to 64")
    return int(text)
