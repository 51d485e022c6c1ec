"""How a provider's interface is described: one TOML file, ready for some providers, of one's own for others.

A field is named by its path in what was sent: `id`, or in JSON `accepted.0.message_id`. A condition (`Where`) names
fields and what they must hold, `*` for anything at all, `OK*` for what begins so. An answer that is not JSON is the
field `body`.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import tzinfo
from functools import lru_cache
from importlib import resources
from typing import Annotated, Any, Final, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

PLACEHOLDERS: Final = frozenset({
    "id", "sender", "sender_digits", "recipient", "recipient_digits", "text", "key", "username", "password",
})  # fmt: skip
"""What may stand in braces in a request: of the message (digits: without the plus), and ours."""
OURS: Final = frozenset({"key", "username", "password"})
"""What may stand in a header: what a citizen wrote never gets there."""
_BRACES = re.compile(r"\{(\w+)\}")

Where = Mapping[str, str]


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("no such time zone")
    return name


Zone = Annotated[str, AfterValidator(_known_zone)]


class _Described(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Timed(_Described):
    """A moment in a field: `iso`, `unix` (seconds), or a pattern such as %Y%m%d%H%M%S; without an offset, of a zone."""

    field: str
    format: str = "iso"
    zone: Zone = "Europe/Prague"

    @property
    def tz(self) -> tzinfo:
        """The zone."""
        return ZoneInfo(self.zone)


class Messages(_Described):
    """A message from a citizen. id: "" where the provider gives none; then equal content is one message.

    recipient: "" where the account has one number.
    """

    where: Where = {}
    id: str = ""
    sender: str
    recipient: str = ""
    text: str
    time: Timed | None = None


class Receipts(_Described):
    """What became of a message of ours: known by the provider's ref, or by our id where it gives that back."""

    where: Where = {}
    ref: str = ""
    id: str = ""
    status: str
    statuses: Mapping[str, Literal["sent", "delivered", "undelivered", "failed"]]
    time: Timed | None = None
    reason: str = ""

    @model_validator(mode="after")
    def _names_the_message(self) -> Self:
        if not (self.ref or self.id):
            raise ValueError("ref or id must name the field by which the message is known")
        return self


class Signature(_Described):
    """HMAC of `signed`, in which {body} and {timestamp} may stand; with a timestamp, five minutes are allowed."""

    header: str
    algorithm: Literal["sha1", "sha256", "sha512"] = "sha256"
    encoding: Literal["hex", "base64"] = "hex"
    prefix: str = ""
    signed: str = "{body}"
    timestamp_header: str = ""


class Calls(_Described):
    """How it calls us.

    proof: where its secret is: `path` (/gateways/NAME/SECRET), `query:NAME`, `header:NAME`, `field:NAME` (of what it
    sends), `basic` (a secret of the form name:password), `signature`, or `address` alone.
    each: where in JSON the list of events is, "" for the body itself. ignored: events that are neither receipts nor
    messages, tried last; what is none of the three is refused.
    answer: how we say that it was taken; with reply = "body" {text} in it is the reply, and `silence` stands for none.
    """

    proof: str = "path"
    signature: Signature | None = None
    charset: Literal["utf-8", "cp1250", "iso-8859-2"] = "utf-8"
    each: str = ""
    messages: Messages
    receipts: Receipts | None = None
    ignored: tuple[Where, ...] = ()
    reply: Literal["call", "body"] = "call"
    answer: str | dict[str, Any] = ""
    silence: str | dict[str, Any] = ""

    @model_validator(mode="after")
    def _proof_is_known(self) -> Self:
        way, _, name = self.proof.partition(":")
        if way not in {"path", "query", "header", "field", "basic", "signature", "address"}:
            raise ValueError("proof is path, query:NAME, header:NAME, field:NAME, basic, signature or address")
        if (way in {"query", "header", "field"}) != bool(name):
            raise ValueError("proof names a field as in query:NAME, and only then")
        if (way == "signature") != (self.signature is not None):
            raise ValueError("proof = signature and the table signature belong together")
        return self


class Failure(_Described):
    """An answer that says no: permanent (never with this message), throttled (slower), or retry (later)."""

    status: tuple[int, ...] = ()
    where: Where = {}
    means: Literal["permanent", "throttled", "retry"]


class Send(_Described):
    """How it is called to send a message. body: of `json`, or the fields of `form` or `query`.

    where: what the answer must hold, beside a status of 2xx, to be a success; ref: where in it the provider's name for
    the message is. idempotent: it sends one message however often it is given the same {id}.
    """

    url: str = Field(pattern="^https?://")
    method: Literal["GET", "POST", "PUT"] = "POST"
    format: Literal["json", "form", "query"] = "json"
    headers: Mapping[str, str] = {}
    basic: bool = False
    body: dict[str, Any] = {}
    where: Where = {}
    ref: str = ""
    reason: str = ""
    failures: tuple[Failure, ...] = ()
    idempotent: bool = False

    @model_validator(mode="after")
    def _placeholders_are_known(self) -> Self:
        for template, known in ((self.url, PLACEHOLDERS), (dict(self.headers), OURS), (self.body, PLACEHOLDERS)):
            for text in _texts(template):
                if unknown := set(_BRACES.findall(text)) - known:
                    raise ValueError(f"{{{unknown.pop()}}} is none of {', '.join(sorted(known))}")
        return self


class Profile(_Described):
    """A provider's interface. made_from: the documentation it was made from; tried: whether it was ever tried live."""

    title: str
    made_from: str = ""
    tried: bool = False
    calls: Calls
    send: Send | None = None

    @model_validator(mode="after")
    def _replies_somehow(self) -> Self:
        if self.send is None and self.calls.reply == "call":
            raise ValueError("without the table send, calls.reply must be body: replies must leave somehow")
        return self


def parsed(text: str) -> Profile:
    """The profile in a TOML text. Raises: ValueError saying what is wrong with it."""
    return Profile.model_validate(tomllib.loads(text))


@lru_cache
def ready() -> Mapping[str, Profile]:
    """The profiles that come with the program, by name."""
    files = (resources.files("prepazka.gateways.hosted") / "profiles").iterdir()
    found = sorted((file for file in files if file.name.endswith(".toml")), key=lambda file: file.name)
    return {file.name.removesuffix(".toml"): parsed(file.read_text("utf-8")) for file in found}


def filled(template: Any, values: Mapping[str, str]) -> Any:
    """A template, whatever its depth, with the words in braces replaced; nothing that is put in is looked at again."""
    match template:
        case str():
            return _BRACES.sub(lambda found: values.get(found[1], found[0]), template)
        case dict():
            return {key: filled(value, values) for key, value in template.items()}
        case list():
            return [filled(value, values) for value in template]
        case _:
            return template


def _texts(template: Any) -> Iterator[str]:
    match template:
        case str():
            yield template
        case dict():
            for value in template.values():
                yield from _texts(value)
        case list():
            for value in template:
                yield from _texts(value)
