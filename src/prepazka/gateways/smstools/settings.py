"""The settings of one smsd of smstools3."""

from zoneinfo import ZoneInfo

from pydantic import ConfigDict, Field, field_validator

from prepazka.gateways import places
from prepazka.gateways.places import Place
from prepazka.gateways.settings import GatewaySettings


class SmstoolsSettings(GatewaySettings):
    """The spool of one smsd with one modem."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    spool: str = Field(
        "/var/spool/sms",
        title="Adresář smstools",
        description="Adresář, v němž jsou adresáře incoming, outgoing, checked, sent, failed a report.",
        pattern=r"^/.+$",
    )
    timezone: str = Field(
        "Europe/Prague",
        title="Časové pásmo operátora",
        description="Pásmo časů, jimiž operátor zprávy označuje; smstools je předává bez pásma.",
    )
    per_minute: int = Field(
        8, ge=1, le=120, title="SMS za minutu", description="Kolik SMS za minutu smí ze SIM karty nejvýš odejít."
    )

    @property
    def place(self) -> Place:
        """The spool: smsd and this program move its files."""
        return Place("spool", (places.file(self.spool),))

    @field_validator("timezone")
    @classmethod
    def _known(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError):
            raise ValueError("is no time zone, such as Europe/Prague or UTC") from None
        return zone
