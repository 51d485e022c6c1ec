"""The parts of a description that say what is asked of a provider: sending, fetching, removing, signing in."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final, Literal, Self

from pydantic import Field, model_validator

from prepazka.gateways.hosted.described import Condition, Described, EventTables

OURS: Final = frozenset({"key", "username", "password", "account", "public_url", "token", "session"})
"""The placeholders of a header: the account's. A text from a citizen never gets into one."""
PLACEHOLDERS: Final = OURS | {
    "id", "sender", "sender_digits", "recipient", "recipient_digits", "text", "length", "now",
}  # fmt: skip
"""The placeholders of a request to send: the message's (digits: without the plus), and the account's."""
_BRACES = re.compile(r"\{(\w+)\}")


class Request(Described):
    """A request. url: may begin with {base}. body: of `json`, or the fields of `form` or `query`; xml: that of `xml`.

    where: the condition for a success, beside a status of 2xx; reason: the path of the provider's words for a refusal.
    """

    allowed: ClassVar[frozenset[str]] = OURS

    url: str = Field(pattern=r"^(https?://|\{base\})")
    method: Literal["GET", "POST", "PUT", "DELETE"] = "POST"
    format: Literal["json", "form", "query", "xml"] = "json"
    headers: Mapping[str, str] = Field(default_factory=dict)
    basic: bool = False
    body: dict[str, Any] = Field(default_factory=dict)
    xml: str = ""
    where: Condition = Field(default_factory=dict)
    reason: str = ""

    @model_validator(mode="after")
    def _placeholders_are_known(self) -> Self:
        everywhere = self.allowed | {"base"}
        for template, allowed in (
            (self.url, everywhere),
            (dict(self.headers), OURS),
            (self.body, everywhere),
            (self.xml, everywhere),
        ):
            for text in _texts(template):
                if unknown := set(_BRACES.findall(text)) - allowed:
                    raise ValueError(f"{{{unknown.pop()}}} is none of {', '.join(sorted(allowed))}")
        if bool(self.xml) != (self.format == "xml"):
            raise ValueError("format = xml and the text xml belong together")
        return self

    def uses(self, placeholder: str) -> bool:
        """Whether the request has this placeholder anywhere."""
        if self.basic and placeholder in {"username", "password"}:
            return True
        templates: list[Any] = [self.url, dict(self.headers), self.body, self.xml]
        return any(f"{{{placeholder}}}" in text for text in _texts(templates))


class Failure(Described):
    """An answer that refuses: permanent (never this message), throttled (slower), retry (later); or already (the
    provider has it from an earlier attempt, which is a success)."""

    status: tuple[int, ...] = ()
    where: Condition = Field(default_factory=dict)
    means: Literal["permanent", "throttled", "retry", "already"]


class Send(Request):
    """How to ask the provider to send a message.

    ref: the path of the provider's id for the message; `messages.*.id` for one of each part. idempotent: the provider
    sends one message even if it gets the same {id} twice.
    """

    allowed: ClassVar[frozenset[str]] = PLACEHOLDERS

    ref: str = ""
    failures: tuple[Failure, ...] = ()
    idempotent: bool = False


class Remove(Request):
    """How to delete a message at the provider, once it is stored here. item: the field of its id, the {item} here."""

    allowed: ClassVar[frozenset[str]] = OURS | {"item"}

    item: str


class Clear(Request):
    """How to delete all that a provider lists, where it deletes nothing alone. Its answer is the list that was deleted.

    at_least: how many stored items make it worth while. What is new in the answer came since the list was made, and
    only this process has it until it is stored.
    """

    at_least: int = Field(default=1, ge=1)


class Fetch(Request, EventTables):
    """How to ask for what is new: messages or receipts. each: the path of their list; `a|b` are two lists.

    The place in the provider's list is the {cursor}: `cursor` is its path in the answer, or `last` the field of an item
    whose greatest value it is; `start` is the first one. Without a place, what was stored is removed, each (`remove`)
    or all of it (`clear`). newest_first: the list begins with the newest.
    """

    allowed: ClassVar[frozenset[str]] = OURS | {"cursor"}

    method: Literal["GET", "POST", "PUT", "DELETE"] = "GET"
    format: Literal["json", "form", "query", "xml"] = "query"
    each: str = ""
    cursor: str = ""
    last: str = ""
    start: str = ""
    newest_first: bool = False
    remove: Remove | None = None
    clear: Clear | None = None

    @property
    def clearing(self) -> "Fetch | None":
        """The same list, asked for in such a way that it is deleted."""
        if self.clear is None:
            return None
        asked = ("url", "method", "format", "headers", "basic", "body", "xml")
        return self.model_copy(update={name: getattr(self.clear, name) for name in asked})

    @model_validator(mode="after")
    def _goes_on(self) -> Self:
        if self.cursor and self.last:
            raise ValueError("the place is in the answer (cursor) or in an item (last), not in both")
        if bool(self.cursor or self.last) != self.uses("cursor"):
            raise ValueError("cursor or last, and {cursor} in the request, belong together")
        if not (self.cursor or self.last or self.remove or self.clear):
            raise ValueError("without cursor or last there must be remove or clear, or all would come again and again")
        return self


class Login(Request):
    """How to get what other requests show: {token} and {session}, by their paths in the answer.

    seconds: how long they are good for; 0 for one request only. with_password: the steps of a device that wants a
    password, taken in place of the request where one is set. lost: answers to any request that say that we are not
    signed in (any more), beside the statuses 401 and 403; nothing was done then.
    """

    allowed: ClassVar[frozenset[str]] = OURS

    values: Mapping[Literal["token", "session"], str]
    seconds: int = Field(default=0, ge=0)
    with_password: Literal["", "hilink"] = ""
    lost: tuple[Condition, ...] = ()

    def uses(self, placeholder: str) -> bool:
        """Whether the request, or the steps in its place, need this."""
        return super().uses(placeholder) or (bool(self.with_password) and placeholder in {"username", "password"})


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
