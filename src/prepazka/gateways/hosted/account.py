"""Makes the requests of a profile with an account's names and secrets, signed in where the provider wants it."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote, urlencode
from xml.sax.saxutils import escape

from prepazka.gateways.hosted.fields import NoDocument, matches, read_document, text_at
from prepazka.gateways.hosted.hilink import HiLink, NotLetIn
from prepazka.gateways.hosted.requests import Login, Request, fill
from prepazka.gateways.hosted.settings import HostedSettings
from prepazka.gateways.http import Client, HttpResponse, NoAnswer, NotReached, basic_auth

_CONTENT_TYPES = {
    "json": "application/json",
    "form": "application/x-www-form-urlencoded; charset=utf-8",
    "xml": "text/xml; charset=utf-8",
}
# A password that was refused is not shown again for so long: devices lock out whoever tries too often.
REFUSED_FOR: Final = timedelta(minutes=5)


class SignInRefused(Exception):
    """The provider did not sign us in, so nothing else was asked; the argument says why."""


class Account:
    """An account at a provider. It signs in when it must, and keeps the token as long as it is good."""

    def __init__(self, settings: HostedSettings, client: Client, clock: Callable[[], datetime]) -> None:
        self.settings = settings
        self._login: Login | None = settings.described.login
        self._client = client
        self._clock = clock
        self._tokens: dict[str, str] = {}
        self._good_until: datetime | None = None
        self._device = self._with_password()
        self._refused: tuple[datetime, str] | None = None

    def _with_password(self) -> HiLink | None:
        """Return the device that is signed in to by steps of its own, where a password is set for it."""
        password = self.settings.password.get_secret_value()
        if self._login is None or not self._login.with_password or not password:
            return None
        return HiLink(self._client, self.settings.base, self.settings.username, password)

    def ask(self, request: Request, values: Mapping[str, str]) -> HttpResponse:
        """Make a request; with a fresh token once more when the provider refused the one it was shown.

        Raises: NotReached, NoAnswer, and SignInRefused; after the last nothing was asked.
        """
        kept = self._sign_in()
        response = self._request(request, values)
        if kept and self._is_lost(response):
            self._forget()
            self._sign_in()
            response = self._request(request, values)
        return response

    def _request(self, request: Request, values: Mapping[str, str]) -> HttpResponse:
        response = self._client.request(**self.filled(request, values))
        if self._device:
            self._device.note(response)
        return response

    def _is_lost(self, response: HttpResponse) -> bool:
        """Whether an answer says that we are not signed in any more."""
        if response.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            return True
        if self._login is None or not self._login.lost:
            return False
        try:
            document = read_document(response)
        except NoDocument:
            return False
        return any(matches(document, condition) for condition in self._login.lost)

    def _forget(self) -> None:
        self._good_until = None
        if self._device:
            self._device.forget()

    def _sign_in(self) -> bool:
        """Get the tokens that requests show; return whether those of before are still kept."""
        login, now = self._login, self._clock()
        if login is None:
            return False
        if self._device:
            return self._sign_in_to(self._device, now)
        if self._good_until and now < self._good_until:
            return True
        try:
            response = self._client.request(**self.filled(login, {}))
        except NoAnswer as error:  # whatever was to be asked was not
            raise NotReached(f"signing in: {error}") from None
        try:
            document = read_document(response)
        except NoDocument as error:
            raise SignInRefused(f"signing in: the answer ({response.status}) is unknown: {error}") from None
        tokens: dict[str, str] = {name: text_at(document, path) or "" for name, path in login.values.items()}
        if not HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES or not all(tokens.values()):
            raise SignInRefused(f"signing in was refused ({response.status})")
        self._tokens = tokens
        self._good_until = now + timedelta(seconds=login.seconds) if login.seconds else None
        return False

    def _sign_in_to(self, device: HiLink, now: datetime) -> bool:
        if self._refused and now - self._refused[0] < REFUSED_FOR:
            raise SignInRefused(self._refused[1])
        try:
            kept, self._tokens = device.shown()
        except NotLetIn as error:
            self._refused = now, str(error)
            raise SignInRefused(str(error)) from None
        except NoAnswer as error:  # whatever was to be asked was not
            raise NotReached(f"signing in: {error}") from None
        self._refused = None
        return kept

    def filled(self, request: Request, values: Mapping[str, str]) -> dict[str, Any]:
        """Return a request with its placeholders filled, as `Client.request` takes it. Raises: NotReached."""
        settings = self.settings
        password = settings.password.get_secret_value()
        values = {
            **values,
            "key": settings.key.get_secret_value(),
            "username": settings.username,
            "password": password,
            "account": settings.account,
            "public_url": settings.public_url,
            **self._tokens,
        }
        headers = {name: str(value) for name, value in fill(dict(request.headers), values).items()}
        if request.basic:
            headers["Authorization"] = basic_auth(settings.username, password)
        quoted = {name: quote(value, safe="") for name, value in values.items()}
        url = fill(request.url, quoted | {"base": settings.base})
        if not url.startswith(("http://", "https://")):
            raise NotReached("the setting url does not say where it is")
        fields = fill(request.body, values)
        body = None
        match request.format:
            case "json" if fields or request.method != "GET":
                body = json.dumps(fields, ensure_ascii=False).encode()
            case "form":
                body = urlencode(_flat(fields)).encode()
            case "xml":
                body = fill(request.xml, {name: escape(value) for name, value in values.items()}).encode()
            case "query" if fields:
                url += f"{'&' if '?' in url else '?'}{urlencode(_flat(fields))}"
        if body is not None:
            headers.setdefault("Content-Type", _CONTENT_TYPES[request.format])
        return {"method": request.method, "url": url, "headers": headers, "body": body}


def _flat(fields: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in fields.items()}
