"""`gateway …`: the programs and devices that carry messages."""

import re
import sys
import tomllib
from argparse import Namespace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr, ValidationError

from prepazka import clock
from prepazka.commands import CommandFailed, UsageError
from prepazka.commands.offices import ensure_office, operator_name
from prepazka.flows.outbound import gateway_health
from prepazka.gateways.kinds import KINDS, serialize_settings
from prepazka.store import gateways


def token(arguments: Namespace) -> int:
    """Run `prepazka gateway token NAME`: print the token, this once; the database keeps only its SHA-256."""
    name = _check_name(arguments.name)
    ensure_office(needed=False)
    print(gateways.give_token(name, clock.now(), operator_name()))
    return 0


def keep(arguments: Namespace) -> int:
    """Run `prepazka gateway set NAME KIND [SETTING=VALUE …]`: settings that are not named stay as they were."""
    name = _check_name(arguments.name)
    if arguments.kind not in KINDS:
        raise UsageError(f"there is no kind {arguments.kind!r}; kinds are: {', '.join(KINDS)}")
    ensure_office(needed=False)
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
    new = gateways.keep(name, arguments.kind, serialize_settings(checked), clock.now(), operator_name())
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


def show(_: Namespace) -> int:
    """Run `prepazka gateway list`: print every gateway with its numbers and its health."""
    ensure_office(needed=False)
    for gateway, health in gateway_health.all_gateways(clock.now()):
        print(f"{gateway.name}  {gateway.kind}  {', '.join(gateway.numbers) or 'no number'}")
        print(f"  {health.level}: {health.summary}{health.fix and f'; {health.fix}'}")
    return 0


def kinds(_: Namespace) -> int:
    """Run `prepazka gateway kinds`: print every kind with its settings."""
    for name, kind in KINDS.items():
        print(f"{name}: {kind.title}")
        for setting, field in kind.settings.model_fields.items():
            default = "" if field.is_required() else _format_default(field.get_default(call_default_factory=True))
            print(f"  {setting}{default}: {field.description or field.title}")
    return 0


def _format_default(default: object) -> str:
    nothing = default is None or default == "" or isinstance(default, SecretStr | BaseModel)
    return " (may be left out)" if nothing else f" ({default})"


def _check_name(name: str) -> str:
    if not re.fullmatch("[a-z0-9][a-z0-9-]{0,39}", name):
        raise UsageError(f"{name!r} must be small letters, digits and hyphens, at most 40")
    return name


def _parse_setting(text: str) -> dict[str, str]:
    """Parse SETTING=VALUE; a VALUE that begins with @ names a file that holds the value."""
    setting, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"{text!r} is no setting; write it like name=value, or name=@file")
    if not value.startswith("@"):
        return {setting: value}
    try:
        return {setting: Path(value[1:]).read_text("utf-8").strip()}
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{setting}: {value[1:]} cannot be read: {error}") from error


def _read_settings(name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(Path(name).read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{name}: {error}") from error


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
                lines.append(f"{setting}: a {kind} gateway has no such setting; it has: {known}")
            case _:
                lines.append(f"{setting}: {details['msg'].removeprefix('Value error, ')}")
    return lines
