"""The settings of one modem of ModemManager."""

from pydantic import ConfigDict, Field

from prepazka.gateways import places
from prepazka.gateways.places import Place
from prepazka.gateways.settings import GatewaySettings


class ModemManagerSettings(GatewaySettings):
    """A modem on this machine."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    modem: str = Field(
        default="any",
        pattern=r"^[A-Za-z0-9/_.-]{1,100}$",
        title="Modem",
        description="Který modem ModemManageru: any, je-li jediný; jinak jeho číslo z mmcli -L nebo stálé označení "
        "ID_MM_PHYSDEV_UID, které se odpojením modemu nezmění.",
    )
    program: str = Field(
        default="mmcli",
        pattern=r"^[A-Za-z0-9/_.-]{1,200}$",
        title="Program mmcli",
        description="Jeho cesta, není-li mezi programy systému.",
    )
    poll_seconds: float = Field(
        default=3,
        ge=0.5,
        le=60,
        title="Dotaz každých (s)",
        description="Jak často se ptát modemu na nové zprávy.",
    )
    receipts: bool = Field(
        default=True,
        title="Doručenky",
        description="Chtít zprávu o doručení; vypněte ji jen u modemu, který ji neumí a zprávy s ní odmítá.",
    )
    per_minute: int = Field(
        default=8,
        ge=1,
        le=120,
        title="SMS za minutu",
        description="Kolik SMS za minutu smí ze SIM karty nejvýš odejít.",
    )

    @property
    def place(self) -> Place:
        """The modem; `any` is whichever there is."""
        return Place("modem", (places.program(self.program), None if self.modem == "any" else self.modem))
