"""The settings of a box of bearerbox."""

from pydantic import ConfigDict, Field, SecretStr

from prepazka.gateways import places
from prepazka.gateways.places import Place
from prepazka.gateways.settings import GatewaySettings


class KannelSettings(GatewaySettings):
    """The address of a bearerbox, the name of this box, and access to the status page."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field(
        default="127.0.0.1",
        title="Adresa",
        description="Počítač, kde běží bearerbox. Spojení není šifrované ani chráněné heslem, proto jen "
        "stejný počítač nebo tunel.",
        min_length=1,
    )
    port: int = Field(13001, title="Port pro boxy", description="V kannel.conf hodnota smsbox-port.", ge=1, le=65535)
    box: str = Field(
        default="prepazka",
        title="Název boxu",
        description="Stejné jako smsbox-id ve skupině smsbox-route; dvě brány nesmějí mít stejné.",
        pattern=r"^[A-Za-z0-9_.-]{1,40}$",
    )
    smsc: str = Field(
        default="",
        title="Odesílat přes",
        description="Hodnota smsc-id modemu nebo operátora. Prázdné pole: vybere Kannel.",
        pattern=r"^[A-Za-z0-9_.-]{0,40}$",
    )
    status_port: int = Field(
        default=13000, title="Port stavové stránky", description="V kannel.conf hodnota admin-port.", ge=1, le=65535
    )
    status_password: SecretStr = Field(
        default=SecretStr(""),
        title="Heslo stavové stránky",
        description="V kannel.conf hodnota status-password. Bez něj kontrola nevidí, zda je připojen modem.",
    )

    @property
    def place(self) -> Place:
        """The box: bearerbox gives each message to one connection of that name."""
        return Place("box", (places.host(self.host), str(self.port), self.box))
