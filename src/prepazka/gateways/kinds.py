"""The kinds of gateways. A new kind is a module and one line in `KINDS`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

from prepazka.gateways.values import Gateway

if TYPE_CHECKING:
    from prepazka.gateways.settings import GatewaySettings


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of gateway. Its module is imported at first use, because an office needs one or two kinds.

    title: in Czech, for the administration. gateway: its class as MODULE:CLASS; the class of its settings has the same
    name with "Settings" appended, in the same module. quiet: whether its peer calls us, or is asked now and then, so
    that `poll` never has to wait for it; any other keeps up a session, or watches a modem, in a thread of its own.
    asked: whether that thread is to ask once a second, because nothing wakes it when something comes.
    """

    title: str
    gateway: str
    quiet: bool = False
    asked: bool = False

    @property
    def settings(self) -> "type[GatewaySettings]":
        """The model of its settings.

        Each field has a Czech `title` and `description`, which forms show; a secret is a `pydantic.SecretStr`.
        """
        found: type[GatewaySettings] = resolve_name(f"{__package__}.{self.gateway}Settings")
        return found

    @property
    def open(self) -> Callable[[str, Any], Gateway]:
        """The function that makes a gateway of a name and settings, without contacting the peer."""
        made: Callable[[str, Any], Gateway] = resolve_name(f"{__package__}.{self.gateway}")
        return made


KINDS: Mapping[str, Kind] = {
    "gammu": Kind("SIM karta v modemu (gammu-smsd)", "gammu:Gammu"),
    "smstools": Kind("SIM karta v modemu (smstools3)", "smstools:Smstools", asked=True),
    "modemmanager": Kind("SIM karta v modemu (ModemManager)", "modemmanager:ModemManager"),
    "android": Kind("telefon s Androidem (aplikace SMS Gateway)", "android:Android", quiet=True),
    "kannel": Kind("Kannel (modemy a operátoři)", "kannel:Kannel"),
    "kannel-http": Kind("Kannel přes HTTP (smsbox)", "kannel_http:KannelHttp", quiet=True),
    "hosted": Kind("poskytovatel přes HTTP", "hosted:Hosted", quiet=True),
    "smpp": Kind("SMPP 3.4 přímo k operátorovi", "smpp:Smpp"),
}
"""Kinds by name: the `kind` of a gateway in the database."""


def open_gateway(name: str, kind: str, settings: Mapping[str, Any]) -> Gateway:
    """Open a gateway of a kind.

    Raises: KeyError for an unknown kind; pydantic.ValidationError naming missing or wrong settings.
    """
    found = KINDS[kind]
    return found.open(name, found.settings.model_validate(settings))


def serialize_settings(settings: "GatewaySettings") -> dict[str, Any]:
    """Return the settings for storage: the fields that were set, with secrets in clear text."""
    from pydantic import SecretStr  # noqa: PLC0415 -- the path of every message loads this module, and needs no settings

    fields = settings.model_dump(mode="json", exclude_unset=True)
    secrets = {name: value.get_secret_value() for name, value in settings if isinstance(value, SecretStr)}
    return fields | {name: value for name, value in secrets.items() if name in fields}
