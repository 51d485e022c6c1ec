"""The parts of a description that say how a provider writes messages, receipts and times.

The path of a field is `id`, or in JSON `accepted.0.message_id`; in XML it begins with the name of the root. `a|b` takes
the first of two fields that is there. A condition (`Condition`) maps paths to required values: `*` for any value, `OK*`
for a prefix, `!10` for any other, `0?` for this one or none. An answer that is neither JSON nor XML has one field,
`body`.
"""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

Condition = Mapping[str, str]


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("no such time zone")
    return name


Zone = Annotated[str, AfterValidator(_known_zone)]


class Described(BaseModel):
    """A table of a description."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TimeField(Described):
    """A field with a time: `iso`, `unix` (seconds), or a pattern such as %Y%m%d%H%M%S; without an offset, in `zone`."""

    field: str
    format: str = "iso"
    zone: Zone = "Europe/Prague"

    @property
    def tz(self) -> tzinfo:
        """The zone."""
        return ZoneInfo(self.zone)


class PartFields(Described):
    """The fields of one part of a longer message, where the provider does not join parts."""

    reference: str
    total: str
    number: str


class Messages(Described):
    """A message from a citizen. id: "" where the provider gives none; then equal content is one message.

    reused: the ids are places that are used again, as on a SIM, so the content belongs to the id. recipient: "" where
    the account has one number.
    """

    where: Condition = Field(default_factory=dict)
    id: str = ""
    reused: bool = False
    sender: str
    recipient: str = ""
    text: str
    time: TimeField | None = None
    part: PartFields | None = None


class Receipts(Described):
    """The state of a sent message, found by the provider's ref, or by our id where the provider returns it.

    statuses: by the provider's word; `*` is any other word. A word that is not listed says nothing final.
    """

    where: Condition = Field(default_factory=dict)
    ref: str = ""
    id: str = ""
    status: str
    statuses: Mapping[str, Literal["sent", "delivered", "undelivered", "failed", ""]]
    time: TimeField | None = None
    reason: str = ""

    @model_validator(mode="after")
    def _names_the_message(self) -> Self:
        if not (self.ref or self.id):
            raise ValueError("ref or id must name the field by which the message is known")
        return self


class EventTables(Described):
    """What comes from a provider, called or fetched. ignored: neither receipts nor messages, tested last."""

    messages: Messages | None = None
    receipts: Receipts | None = None
    ignored: tuple[Condition, ...] = ()

    @model_validator(mode="after")
    def _describes_something(self) -> Self:
        if self.messages is None and self.receipts is None:
            raise ValueError("messages or receipts must say what comes")
        return self
