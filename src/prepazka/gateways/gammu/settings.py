"""The settings of one modem of a gammu-smsd."""

import re
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator


class GammuSettings(BaseModel):
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
            raise ValueError("není časové pásmo, jako Europe/Prague nebo UTC") from None
        return zone
