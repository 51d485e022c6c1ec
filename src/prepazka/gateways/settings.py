"""What the settings of all kinds of gateways have in common."""

from pydantic import BaseModel, ConfigDict

from prepazka.gateways.places import Place


class GatewaySettings(BaseModel):
    """The settings of one gateway of a kind."""

    model_config = ConfigDict(extra="forbid")

    @property
    def place(self) -> Place | None:
        """Where it takes its messages from; None where its peer calls each gateway by its name."""
        return None
