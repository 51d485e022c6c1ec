"""The settings of one modem of a gammu-smsd."""

import re
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, Field, SecretStr, field_validator, model_validator

from prepazka.gateways import places
from prepazka.gateways.places import Place
from prepazka.gateways.settings import GatewaySettings


def _database(address: str) -> tuple[str, ...]:
    """Return what tells databases apart: not who asks, nor how the address is written."""
    import psycopg.conninfo  # noqa: PLC0415 -- the path of every message loads this module, and needs no driver

    if address.startswith("/"):
        return (places.file(address),)
    try:
        given = psycopg.conninfo.conninfo_to_dict(address)
    except psycopg.Error:
        return (address,)
    where = str(given.get("host") or "")
    name = str(given.get("dbname") or given.get("user") or "")
    return (places.host("" if where.startswith("/") else where), str(given.get("port") or 5432), name)


class GammuSettings(GatewaySettings):
    """One modem of a gammu-smsd with the SQL service; each of several modems on one database is a gateway."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    database: str = Field(
        title="Databáze gammu-smsd",
        description="Soubor SQLite (celá cesta), nebo adresa postgresql://uživatel@počítač/databáze.",
        pattern=r"^(/.+|postgres(ql)?://.+)$",
    )
    password: SecretStr = Field(
        SecretStr(""), title="Heslo k databázi", description="Jen pro PostgreSQL, není-li přihlášení zařízeno jinak."
    )
    phone: str = Field(
        title="Modem (PhoneID)",
        description="Název modemu, jak stojí v konfiguraci gammu-smsd u PhoneID.",
        pattern=r"^[A-Za-z0-9._-]{1,40}$",
    )
    timezone: str = Field(
        "UTC",
        title="Časové pásmo gammu-smsd",
        description="Jen pro SQLite: pásmo počítače, na němž gammu-smsd běží; UTC, jak radí gammu-config.",
    )
    per_minute: int = Field(
        8, ge=1, le=120, title="SMS za minutu", description="Kolik SMS za minutu smí ze SIM karty nejvýš odejít."
    )
    settle: int = Field(
        120,
        ge=1,
        le=3600,
        title="Čekání na zbytek zprávy (s)",
        description="Jak dlouho po uvolnění neúplné zprávy ještě čekat na její další části.",
    )

    @property
    def place(self) -> Place:
        """The rows of a modem; several modems may write to one database."""
        return Place("phone", (*_database(self.database), self.phone))

    @model_validator(mode="before")
    @classmethod
    def _no_password_in_the_address(cls, values: Any) -> Any:
        """Move a password out of the address, which pages and errors show, to where secrets are."""
        if not isinstance(values, dict):
            return values
        address = re.fullmatch(r"(postgres(?:ql)?://[^/@:]*):([^/@]*)(@.*)", str(values.get("database", "")))
        if not address:
            return values
        return values | {
            "database": f"{address[1]}{address[3]}",
            "password": values.get("password") or unquote(address[2]),
        }

    @field_validator("timezone")
    @classmethod
    def _known(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError):
            raise ValueError("is no time zone, such as Europe/Prague or UTC") from None
        return zone
