"""The description of a provider's interface: a TOML file, built in for some providers, custom for others.

The path of a field is `id`, or in JSON `accepted.0.message_id`. A condition (`Condition`) maps paths to required
values: `*` for any value, `OK*` for a prefix. An answer that is not JSON has one field, `body`.
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
"""The placeholders of a request: the message's (digits: without the plus), and the account's."""
OURS: Final = frozenset({"key", "username", "password"})
"""The placeholders of a header: a text from a citizen never gets into one."""
_BRACES = re.compile(r"\{(\w+)\}")

Condition = Mapping[str, str]


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("no such time zone")
    return name


Zone = Annotated[str, AfterValidator(_known_zone)]


class _Described(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TimeField(_Described):
    """A field with a time: `iso`, `unix` (seconds), or a pattern such as %Y%m%d%H%M%S; without an offset, in `zone`."""

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

    where: Condition = {}
    id: str = ""
    sender: str
    recipient: str = ""
    text: str
    time: TimeField | None = None


class Receipts(_Described):
    """The state of a sent message, found by the provider's ref, or by our id where the provider returns it."""

    where: Condition = {}
    ref: str = ""
    id: str = ""
    status: str
    statuses: Mapping[str, Literal["sent", "delivered", "undelivered", "failed"]]
    time: TimeField | None = None
    reason: str = ""

    @model_validator(mode="after")
    def _names_the_message(self) -> Self:
        if not (self.ref or self.id):
            raise ValueError("ref or id must name the field by which the message is known")
        return self


class Signature(_Described):
    """HMAC of `signed`, which may contain {body} and {timestamp}; a timestamp is valid for five minutes."""

    header: str
    algorithm: Literal["sha1", "sha256", "sha512"] = "sha256"
    encoding: Literal["hex", "base64"] = "hex"
    prefix: str = ""
    signed: str = "{body}"
    timestamp_header: str = ""


class Calls(_Described):
    """How the provider calls us.

    proof: the place of the secret: `path` (/gateways/NAME/SECRET), `query:NAME`, `header:NAME`, `field:NAME` (in the
    body), `basic` (the secret is name:password), `signature`, or `address` alone. each: the path of the list of events
    in JSON, "" for the body itself. ignored: events that are neither receipts nor messages, tested last; an event that
    fits none of the three is refused. answer: our acknowledgement; with reply = "body", {text} in it is the reply, and
    `silence` is the answer without one.
    """

    proof: str = "path"
    signature: Signature | None = None
    charset: Literal["utf-8", "cp1250", "iso-8859-2"] = "utf-8"
    each: str = ""
    messages: Messages
    receipts: Receipts | None = None
    ignored: tuple[Condition, ...] = ()
    reply: Literal["call", "body"] = "call"
    answer: str | dict[str, Any] = ""
    silence: str | dict[str, Any] = ""

    @model_validator(mode="after")
    def _proof_is_known(self) -> Self:
        method, _, name = self.proof.partition(":")
        if method not in {"path", "query", "header", "field", "basic", "signature", "address"}:
            raise ValueError("proof is path, query:NAME, header:NAME, field:NAME, basic, signature or address")
        if (method in {"query", "header", "field"}) != bool(name):
            raise ValueError("proof names a field as in query:NAME, and only then")
        if (method == "signature") != (self.signature is not None):
            raise ValueError("proof = signature and the table signature belong together")
        return self


class Failure(_Described):
    """An answer that refuses: permanent (never this message), throttled (slower), or retry (later)."""

    status: tuple[int, ...] = ()
    where: Condition = {}
    means: Literal["permanent", "throttled", "retry"]


class Send(_Described):
    """How to call the provider to send a message. body: of `json`, or the fields of `form` or `query`.

    where: the condition for a success, beside a status of 2xx; ref: the path of the provider's id for the message.
    idempotent: the provider sends one message even if it gets the same {id} twice.
    """

    url: str = Field(pattern="^https?://")
    method: Literal["GET", "POST", "PUT"] = "POST"
    format: Literal["json", "form", "query"] = "json"
    headers: Mapping[str, str] = {}
    basic: bool = False
    body: dict[str, Any] = {}
    where: Condition = {}
    ref: str = ""
    reason: str = ""
    failures: tuple[Failure, ...] = ()
    idempotent: bool = False

    @model_validator(mode="after")
    def _placeholders_are_known(self) -> Self:
        for template, allowed in ((self.url, PLACEHOLDERS), (dict(self.headers), OURS), (self.body, PLACEHOLDERS)):
            for text in _texts(template):
                if unknown := set(_BRACES.findall(text)) - allowed:
                    raise ValueError(f"{{{unknown.pop()}}} is none of {', '.join(sorted(allowed))}")
        return self


class Profile(_Described):
    """A provider's interface. made_from: the documentation it was made from; tried: whether it was tested live."""

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


def parse_profile(text: str) -> Profile:
    """Parse a TOML text. Raises: ValueError saying what is wrong."""
    return Profile.model_validate(tomllib.loads(text))


@lru_cache
def builtin_profiles() -> Mapping[str, Profile]:
    """Return the profiles in this package, by name."""
    files = (resources.files("prepazka.gateways.hosted") / "profiles").iterdir()
    found = sorted((file for file in files if file.name.endswith(".toml")), key=lambda file: file.name)
    return {file.name.removesuffix(".toml"): parse_profile(file.read_text("utf-8")) for file in found}


def fill(template: Any, values: Mapping[str, str]) -> Any:
    """Return a template with its placeholders replaced, at any depth; the inserted values are not expanded again."""
    match template:
        case str():
            return _BRACES.sub(lambda found: values.get(found[1], found[0]), template)
        case dict():
            return {key: fill(value, values) for key, value in template.items()}
        case list():
            return [fill(value, values) for value in template]
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
