"""`gateway …`: the programs and devices that carry messages."""

import re
import sys
import tomllib
from argparse import Namespace
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext
from pydantic import BaseModel, SecretStr, ValidationError

from prepazka import clock
from prepazka.commands import CommandFailed, UsageError, machine_settings
from prepazka.commands.its_office import ensure_office
from prepazka.commands.other_nodes import refuse_wrong_key
from prepazka.commands.who import operator_name
from prepazka.core.credentials import Scope, scope_of
from prepazka.flows.inbound.strays import NotAssignable, assign
from prepazka.flows.outbound import gateway_health, gateway_settings
from prepazka.flows.outbound.gateway_settings import PlaceTaken
from prepazka.flows.phone_numbers import e164
from prepazka.gateways.kinds import KINDS
from prepazka.gateways.screens import SCREENS
from prepazka.officefile.plain_words import describe
from prepazka.store import gateway_hours, gateways, standby, strays, tokens, troubles
from prepazka.store.gateways import Configured

# The strays printed one by one, the newest first.
_SHOWN_STRAYS = 50


def token(arguments: Namespace) -> int:
    """Run `prepazka gateway token NAME`: print a new token, this once; or change what the present one may do."""
    name = _check_name(arguments.name)
    ensure_office(needed=False)
    scope = _scope(arguments, gateways.find(name))
    now, who = clock.now(), operator_name()
    try:
        if arguments.keep:
            tokens.change(name, scope, now, who)
        else:
            print(tokens.issue(name, scope, now, who))
    except gateways.GatewayError as error:
        raise UsageError(str(error)) from error
    kept = gateways.find(name)
    print(_describe_token(scope, kept.numbers if kept else ()), file=sys.stderr)
    return 0


def _scope(arguments: Namespace, before: Configured | None) -> Scope:
    """Return what the token may do: as the options say, else as the token before it, else the least."""
    old = before.token if before and before.token else Scope()
    numbers = {e164(number) for number in arguments.numbers} if arguments.numbers else old.numbers
    if arguments.all_numbers:
        numbers = None
    return scope_of(arguments.purposes or old.purposes, numbers)


def _describe_token(scope: Scope, bound: Sequence[str]) -> str:
    good = [number for number in bound if scope.covers(number)]
    return f"token: {', '.join(scope.purposes)}; for {', '.join(good) or 'no number: bind one to this gateway'}"


def keep(arguments: Namespace) -> int:
    """Run `prepazka gateway set NAME KIND [SETTING=VALUE …]`: settings that are not named stay as they were."""
    name = _check_name(arguments.name)
    if arguments.kind not in KINDS:
        raise UsageError(f"there is no kind {arguments.kind!r}; kinds are: {', '.join(KINDS)}")
    ensure_office(needed=False)
    refuse_wrong_key()
    before = gateways.find(name)
    settings = dict(before.settings) if before and before.kind == arguments.kind else {}
    if arguments.file:
        settings |= _read_settings(arguments.file)
    for text in arguments.settings:
        settings |= _parse_setting(text)
    try:
        checked = KINDS[arguments.kind].settings.model_validate(settings)
    except ValidationError as error:
        raise UsageError(*_describe_errors(arguments.kind, error)) from None
    try:
        new = gateway_settings.keep(name, arguments.kind, checked, clock.now(), operator_name())
    except PlaceTaken as error:
        raise CommandFailed(str(error)) from None
    print(f"{'made' if new else 'changed'} the gateway {name}")
    if not (before and before.numbers):
        bound = f'{{ number = "+420…", gateway = "{name}" }}'
        print(f"now bind a number to it in the office file: numbers = [{bound}]", file=sys.stderr)
    return 0


def remove(arguments: Namespace) -> int:
    """Run `prepazka gateway remove NAME`."""
    ensure_office(needed=False)
    try:
        gateways.remove(arguments.name, clock.now(), operator_name())
    except gateways.GatewayError as error:
        raise CommandFailed(str(error)) from error
    print(f"removed the gateway {arguments.name}")
    return 0


def stand_by(arguments: Namespace) -> int:
    """Run `prepazka gateway standby NAME [OTHER]`: let OTHER take over its replies, or nobody."""
    ensure_office(needed=False)
    if not 1 <= arguments.after <= 1440:
        raise UsageError("--after must be 1 to 1440 minutes")
    now, who = clock.now(), operator_name()
    try:
        if arguments.other:
            standby.declare(arguments.name, arguments.other, arguments.after, now, who)
            print(f"{arguments.other} takes over replies after {arguments.after} min of errors of {arguments.name}")
        else:
            standby.withdraw(arguments.name, now, who)
            print(f"no gateway stands by for {arguments.name}")
    except gateways.GatewayError as error:
        raise CommandFailed(str(error)) from error
    return 0


def show(_: Namespace) -> int:
    """Run `prepazka gateway list`: print every gateway with its numbers and its health."""
    for gateway, health in gateway_health.all_gateways(clock.now()):
        print(f"{gateway.name}  {gateway.kind}  {', '.join(gateway.numbers) or 'no number'}")
        if gateway.standby:
            print("  {} takes over its replies after {} min of errors".format(*gateway.standby))
        print(f"  {health.level}: {health.summary}{health.fix and f'; {health.fix}'}")
        if gateway.token:
            print(f"  {_describe_token(gateway.token, gateway.numbers)}")
    return 0


def show_delivery(arguments: Namespace) -> int:
    """Run `prepazka gateway delivery [NAME]`: count the messages of all offices that did not arrive."""
    if not 1 <= arguments.days <= 30:
        raise UsageError("--days must be 1 to 30: nothing older is known of messages")
    since = clock.now() - timedelta(days=arguments.days)
    groups, unmatched = list(troubles.groups(None, since)), gateway_hours.unmatched(since)
    # One that was removed may have had messages.
    known = {"", *unmatched, *(group.gateway for group in groups)}
    if arguments.name not in known and gateways.find(arguments.name) is None:
        raise UsageError(f"there is no gateway {arguments.name}; see: prepazka gateway list")
    for group in groups:
        if arguments.name in {"", group.gateway}:
            cause = f", {group.cause}" if group.cause else ""
            print(f"{group.gateway}: {group.count} {group.state}{cause}, the last {group.last_at:%Y-%m-%d %H:%M} UTC")
    for name, count in unmatched.items():
        if arguments.name in {"", name}:
            print(f"{name}: {count} receipts of no message; compare its message_ids, and who else uses the account")
    return 0


def list_strays(arguments: Namespace) -> int:
    """Run `prepazka gateway strays`: print them, or assign those to one number to its office."""
    if arguments.assign:
        ensure_office()
        try:
            count = assign(arguments.assign, clock.now(), operator_name())
        except NotAssignable as error:
            raise UsageError(str(error)) from error
        print(f"assigned {count} messages; `prepazka serve` handles them")
        return 0
    for group in strays.groups():
        to = group.recipient or "a number it did not name"
        fix = f"prepazka gateway strays --assign {group.number}" if group.number else "bind that number to this gateway"
        print(f"{group.gateway} → {to}: {group.count}, the last {group.last_at:%Y-%m-%d %H:%M} UTC; {fix}")
    for stray in strays.latest(_SHOWN_STRAYS):
        print(f"  {stray.received_at:%Y-%m-%d %H:%M} UTC  …{stray.sender[-3:]}  {_printable(stray.text)}")
    return 0


def _printable(text: str) -> str:
    """Return a text for a terminal: what a citizen wrote must not steer it."""
    return "".join(character if character.isprintable() else "·" for character in text)


def kinds(_: Namespace) -> int:
    """Run `prepazka gateway kinds`: print every kind with its settings, in English as all commands."""
    with translation.override("en"):
        for name, kind in KINDS.items():
            print(f"{name}: {gettext(kind.title)}")
            for setting, field in kind.settings.model_fields.items():
                default = "" if field.is_required() else _format_default(field.get_default(call_default_factory=True))
                print(f"  {setting}{default}: {gettext(field.description or field.title or setting)}")
    return 0


def _format_default(default: object) -> str:
    nothing = default is None or default == "" or isinstance(default, SecretStr | BaseModel)
    return " (may be left out)" if nothing else f" ({default})"


def _check_name(name: str) -> str:
    if not re.fullmatch("[a-z0-9][a-z0-9-]{0,39}", name):
        raise UsageError(f"{name!r} must be small letters, digits and hyphens, at most 40")
    if name in SCREENS:
        raise UsageError(f"{name!r} is the program's own gateway; choose another name")
    return name


def _parse_setting(text: str) -> dict[str, str]:
    """Parse SETTING=VALUE; a VALUE that begins with @ names a file that holds the value."""
    setting, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"{text!r} is no setting; write it like name=value, or name=@file")
    if not value.startswith("@"):
        return {setting: value}
    return {setting: _read(f"{setting}: ", value[1:]).strip()}


def _read_settings(name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(_read("", name))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{name}: this is not TOML: {error}") from error


def _read(place: str, name: str) -> str:
    """Return the text of a file. Raises: UsageError; place: which setting names it, "" for none."""
    try:
        return Path(name).read_text("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{place}{name}: {error.strerror}{machine_settings.file_fix(error, name)}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{place}{name}: the file is no text in UTF-8; save it as UTF-8") from error


def _describe_errors(kind: str, error: ValidationError) -> list[str]:
    """Return one line for each error: the setting, the problem, and the settings there are."""
    known = ", ".join(KINDS[kind].settings.model_fields)
    lines = []
    for details in error.errors(include_url=False, include_input=False):
        setting = ".".join(map(str, details["loc"])) or "settings"
        match details["type"]:
            case "missing":
                lines.append(f"{setting}: is missing")
            case "extra_forbidden":
                lines.append(f"{setting}: {kind} has no such setting; it has: {known}")
            case _:
                lines.append(f"{setting}: {_describe_value(kind, details)}")
    return lines


def _describe_value(kind: str, details: Any) -> str:
    """Return what is wrong with a value; of one that must look in a certain way, what the setting is."""
    field = KINDS[kind].settings.model_fields.get(str(details["loc"][0])) if details["loc"] else None
    if details["type"] == "string_pattern_mismatch" and field:
        return f"cannot be that; it is: {field.description or field.title}"
    return describe(details)
