"""The kinds of gateways the office can open: a new one is a module and a line here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, SecretStr

from prepazka.gateways import android, gammu, hosted, kannel, kannel_http, smpp, smstools
from prepazka.gateways.values import Gateway


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of gateway.

    title: in Czech, as the administration shows it. settings: what must be known to open one; each field's `title`
    and `description` are Czech, as forms show them, and a secret one is a `pydantic.SecretStr`. open: makes one of its
    name and its settings, without asking the peer yet.
    """

    title: str
    settings: type[BaseModel]
    open: Callable[[str, Any], Gateway]


KINDS: Mapping[str, Kind] = {
    "gammu": Kind("SIM karta v modemu (gammu-smsd)", gammu.Settings, gammu.Gammu),
    "smstools": Kind("SIM karta v modemu (smstools3)", smstools.Settings, smstools.Smstools),
    "android": Kind("telefon s Androidem (aplikace SMS Gateway)", android.Settings, android.Android),
    "kannel": Kind("Kannel (modemy a operátoři)", kannel.Settings, kannel.Kannel),
    "kannel-http": Kind("Kannel přes HTTP (smsbox)", kannel_http.Settings, kannel_http.KannelHttp),
    "hosted": Kind("poskytovatel přes HTTP", hosted.Settings, hosted.Hosted),
    "smpp": Kind("SMPP 3.4 přímo k operátorovi", smpp.Settings, smpp.Smpp),
}
"""Kinds by name: the `kind` of a gateway in the database."""


def open_gateway(name: str, kind: str, settings: Mapping[str, Any]) -> Gateway:
    """Open a gateway of a kind.

    Raises: KeyError for an unknown kind; pydantic.ValidationError naming the settings that are missing or wrong.
    """
    known = KINDS[kind]
    return known.open(name, known.settings.model_validate(settings))


def kept(settings: BaseModel) -> dict[str, Any]:
    """Settings as they are kept: what was given, secrets in the clear."""
    given = settings.model_dump(mode="json", exclude_unset=True)
    secrets = {name: value.get_secret_value() for name, value in settings if isinstance(value, SecretStr)}
    return given | {name: value for name, value in secrets.items() if name in given}
