"""The settings of an Android phone."""

from typing import Self

from pydantic import ConfigDict, Field, SecretStr, field_validator, model_validator

from prepazka.gateways import places
from prepazka.gateways.places import Place
from prepazka.gateways.settings import GatewaySettings


class AndroidSettings(GatewaySettings):
    """The address, the credentials and the limits of a phone."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(
        title="Adresa rozhraní",
        description="Aplikace v místní síti: http://adresa-telefonu:8080. Přes veřejný server: "
        "https://api.sms-gate.app/3rdparty/v1; přes vlastní: https://adresa-serveru/3rdparty/v1.",
    )
    username: str = Field(default="", title="Uživatelské jméno", description="Z hlavní obrazovky aplikace.")
    password: SecretStr = Field(
        default=SecretStr(""), title="Heslo", description="Z hlavní obrazovky aplikace, k uživatelskému jménu."
    )
    token: SecretStr = Field(
        default=SecretStr(""),
        title="Přístupový token (JWT)",
        description="Místo jména a hesla; potřebuje práva messages:send, messages:read a inbox:refresh.",
    )
    signing_key: SecretStr = Field(
        title="Podpisový klíč volání",
        description="V aplikaci: Settings → Webhooks → Signing Key. Bez platného podpisu se žádná zpráva nepřijme.",
        min_length=8,
    )
    sim: int | None = Field(
        default=None, ge=1, le=3, title="Číslo SIM", description="1 až 3. Prázdné pole: vybere telefon."
    )
    device: str = Field(
        default="",
        title="Označení telefonu",
        description="Device ID z aplikace. Přes server je nutné; u telefonu v místní síti nechte prázdné.",
    )
    per_minute: int = Field(
        default=10,
        ge=1,
        le=600,
        title="Nejvýše zpráv za minutu",
        description="Kolik SMS (dílů) smí telefon za minutu odeslat, aby ho operátor nezablokoval.",
    )
    replay_hours: int = Field(
        default=12,
        ge=0,
        le=72,
        title="Zpětné vyžádání zpráv (hodin)",
        description="Za kolik posledních hodin si po výpadku vyžádat zprávy, které nedorazily; 0 nevyžaduje nic.",
    )

    @property
    def place(self) -> Place:
        """The phone; one with two SIMs may serve a gateway for each."""
        return Place("url", (places.address(self.url), self.device, str(self.sim) if self.sim else None))

    @field_validator("url")
    @classmethod
    def _address(cls, url: str) -> str:
        if not url.startswith(("http://", "https://")):
            raise ValueError("an address begins with http:// or https://")
        return url.rstrip("/")

    @model_validator(mode="after")
    def _knows_whom_to_ask(self) -> Self:
        if "/3rdparty/" in self.url and self.replay_hours and not self.device:
            raise ValueError("through a server, fill in device, or set replay_hours to 0")
        return self
