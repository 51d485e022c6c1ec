"""The description of a provider's interface: a TOML file, built in for some providers, custom for others."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import resources
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from prepazka.gateways.hosted.described import Described, EventTables
from prepazka.gateways.hosted.requests import Fetch, Login, Request, Send


class Signature(Described):
    """HMAC of `signed`, which may contain {body}, {timestamp}, {url} and {fields}; a timestamp is valid five minutes.

    The signature is in a header or in a field. {url} is the setting `public_url`. {fields} are the fields of the call
    in the order of their names without the signature itself: `joined` as name and value, one after another, or `query`
    as &name=value with & and = in values replaced by an underscore.
    """

    header: str = ""
    field: str = ""
    algorithm: Literal["sha1", "sha256", "sha512"] = "sha256"
    encoding: Literal["hex", "base64"] = "hex"
    prefix: str = ""
    signed: str = "{body}"
    fields: Literal["joined", "query"] = "joined"
    timestamp_header: str = ""
    timestamp_field: str = ""

    @model_validator(mode="after")
    def _is_somewhere(self) -> Self:
        if bool(self.header) == bool(self.field):
            raise ValueError("the signature is in a header or in a field")
        return self


class Calls(EventTables):
    """How the provider calls us.

    proof: the place of the secret: `path` (/gateways/NAME/SECRET), `query:NAME`, `header:NAME`, `field:NAME` (in the
    body), `basic` (the secret is name:password), `signature`, or `address` alone. each: the path of the list of events
    in JSON, "" for the body itself; an event that fits no table is refused. answer: our acknowledgement, of type
    `answer_type`; with reply = "body", {text} in it is the reply, and `silence` is the answer without one.
    """

    proof: str = "path"
    signature: Signature | None = None
    charset: Literal["utf-8", "cp1250", "iso-8859-2"] = "utf-8"
    each: str = ""
    reply: Literal["call", "body"] = "call"
    answer: str | dict[str, Any] = ""
    answer_type: str = "text/plain; charset=utf-8"
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


class Profile(Described):
    """A provider's interface. made_from: the documentation it was made from; tried: whether it was tested live.

    base: what {base} in the addresses of requests is, where the setting `url` names no other. calls, fetch: how events
    come, by calls or fetched or both; `receives` says whether messages of citizens come at all.
    """

    title: str
    made_from: str = ""
    tried: bool = False
    base: str = Field(default="", pattern="^(https?://.*)?$")
    calls: Calls | None = None
    fetch: tuple[Fetch, ...] = ()
    login: Login | None = None
    send: Send | None = None

    @model_validator(mode="after")
    def _is_of_use(self) -> Self:
        if self.send is None and (self.calls is None or self.calls.reply == "call"):
            raise ValueError("without the table send, calls.reply must be body: replies must leave somehow")
        if self.login is None and any(one.uses(name) for one in self.requests for name in ("token", "session")):
            raise ValueError("{token} and {session} come from the table login")
        return self

    @property
    def requests(self) -> tuple[Request, ...]:
        """All requests of the description."""
        return tuple(self._requests())

    def _requests(self) -> Iterator[Request]:
        if self.send:
            yield self.send
        if self.login:
            yield self.login
        for fetch in self.fetch:
            yield fetch
            if fetch.remove:
                yield fetch.remove
            if fetch.clear:
                yield fetch.clear

    @property
    def receives(self) -> bool:
        """Whether messages of citizens come from this provider."""
        called = self.calls is not None and self.calls.messages is not None
        return called or any(fetch.messages for fetch in self.fetch)

    @property
    def has_receipts(self) -> bool:
        """Whether the provider reports the state of sent messages."""
        called = self.calls is not None and self.calls.receipts is not None
        return called or any(fetch.receipts for fetch in self.fetch)

    def uses(self, placeholder: str) -> bool:
        """Whether any request has this placeholder."""
        return any(request.uses(placeholder) for request in self.requests)


def parse_profile(text: str) -> Profile:
    """Parse a TOML text. Raises: ValueError saying what is wrong."""
    return Profile.model_validate(tomllib.loads(text))


@lru_cache
def builtin_profiles() -> Mapping[str, Profile]:
    """Return the profiles in this package, by name."""
    files = (resources.files("prepazka.gateways.hosted") / "profiles").iterdir()
    found = sorted((file for file in files if file.name.endswith(".toml")), key=lambda file: file.name)
    return {file.name.removesuffix(".toml"): parse_profile(file.read_text("utf-8")) for file in found}
