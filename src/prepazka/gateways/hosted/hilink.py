"""Signs in to a Huawei device with HiLink that wants a password, and keeps its session and its tokens.

A device says in `state-login` which of three ways it wants: the password as a proof in two steps (a variant of SCRAM in
which keys and messages of each HMAC have changed places), hashed with the token, or in base64. Each answer brings the
token, or the tokens, of the next requests. docs/spec/delivery.md §9 has the rules.
"""

import base64
import hashlib
import hmac
import secrets
from typing import Any, Final
from xml.sax.saxutils import escape

from prepazka.gateways.hosted.fields import NoDocument, read_document, text_at
from prepazka.gateways.http import Client, HttpResponse, NoAnswer, NotReached

# The rounds a device may ask for: they are ours to work through.
_MOST_ROUNDS: Final = 100_000
_TOKEN_HEADERS: Final = ("__requestverificationtokenone", "__requestverificationtokentwo")
_TOKENS_HEADER: Final = "__requestverificationtoken"
_HASHED: Final = "4"
_UNKNOWN: Final = "100002"
# Characters of a token; before it, `webserver/token` has what is for the encryption we do not use.
_TOKEN: Final = 32
_WRONG: Final = {
    "108001": "the user name is wrong",
    "108002": "the password is wrong",
    "108003": "somebody else is signed in to the device",
    "108006": "the user name or the password is wrong",
    "108007": "too many wrong passwords; the device waits before it takes another",
}


class NotLetIn(Exception):
    """The device did not let us in; the argument says why, in a few words for the operator. code: the device's."""

    def __init__(self, reason: str, code: str = "") -> None:
        super().__init__(reason)
        self.code = code


class HiLink:
    """A session with a device. Each method raises: NotReached, NoAnswer; and NotLetIn where the device refuses."""

    def __init__(self, client: Client, base: str, username: str, password: str) -> None:
        self._client = client
        self._base = base
        self._username = username or "admin"
        self._password = password
        self._session = ""
        self._tokens: list[str] = []

    def shown(self) -> tuple[bool, dict[str, str]]:
        """Return whether the session is that of before, and what the next request shows, signed in where we are not."""
        kept = bool(self._session)
        if not kept:
            self._sign_in()
        if not self._tokens:
            self._tokens = [self._fresh_token()]
        return kept, {"session": self._session, "token": self._tokens.pop(0)}

    def note(self, response: HttpResponse) -> None:
        """Keep the tokens, and the session where it changed, that came with an answer."""
        given = [response.headers[name] for name in _TOKEN_HEADERS if response.headers.get(name)]
        listed = given or [one for one in response.headers.get(_TOKENS_HEADER, "").split("#") if one]
        self._tokens = listed or self._tokens
        cookie = response.headers.get("set-cookie", "").partition(";")[0]
        if cookie.startswith("SessionID="):
            self._session = cookie

    def forget(self) -> None:
        """Begin anew with the next request: the device does not know the session any more."""
        self._session, self._tokens = "", []

    def _sign_in(self) -> None:
        try:
            self._begin()
            state = self._ask("user/state-login")
            if text_at(state, "response.extern_password_type") == "1":
                self._prove()
            else:
                self._show_password(text_at(state, "response.password_type") or "")
        except (NotLetIn, NotReached, NoAnswer):
            self.forget()
            raise

    def _begin(self) -> None:
        """Begin a session in which nobody is signed in."""
        self.forget()
        try:
            begun = self._ask("webserver/SesTokInfo")
        except NotLetIn as error:
            if error.code != _UNKNOWN:
                raise
            self._tokens = [self._fresh_token()]  # its session is a cookie of that answer
        else:
            self._session = text_at(begun, "response.SesInfo") or ""
            self._tokens = [text_at(begun, "response.TokInfo") or ""]

    def _fresh_token(self) -> str:
        token = text_at(self._ask("webserver/token"), "response.token") or ""
        return token[_TOKEN:] or token

    def _show_password(self, kind: str) -> None:
        token = self._tokens.pop(0)
        shown = _hashed(self._username, self._password, token) if kind == _HASHED else _base64(self._password)
        fields = {"Username": self._username, "Password": shown, "password_type": kind}
        self._ask("user/login", fields, token)

    def _prove(self) -> None:
        """Prove that we know the password; a device that proves it too must know it."""
        first = secrets.token_hex(32)
        answer = self._ask(
            "user/challenge_login", {"username": self._username, "firstnonce": first, "mode": "1"}, self._tokens.pop(0)
        )
        nonce = text_at(answer, "response.servernonce") or ""
        try:
            salt = bytes.fromhex(text_at(answer, "response.salt") or "")
            rounds = int(text_at(answer, "response.iterations") or "")
        except ValueError:
            raise NotLetIn("the device asks for a proof nobody knows") from None
        if not nonce or not 0 < rounds <= _MOST_ROUNDS or not self._tokens:
            raise NotLetIn("the device asks for a proof nobody knows")
        salted = hashlib.pbkdf2_hmac("sha256", self._password.encode(), salt, rounds)
        message = f"{first},{nonce},{nonce}".encode()
        fields = {"clientproof": _client_proof(salted, message).hex(), "finalnonce": nonce}
        said = self._ask("user/authentication_login", fields, self._tokens.pop(0))
        theirs = text_at(said, "response.serversignature")
        if theirs and theirs.lower() != _server_proof(salted, message).hex():
            raise NotLetIn("what answers there does not know the password itself: is it the device?")

    def _ask(self, name: str, fields: dict[str, str] | None = None, token: str = "") -> Any:
        """Ask the device, with POST where there are fields; return what it says."""
        headers = {"Cookie": self._session} if self._session else {}
        body = None
        if fields is not None:
            headers |= {"__RequestVerificationToken": token, "Content-Type": "text/xml; charset=utf-8"}
            inner = "".join(f"<{field}>{escape(value)}</{field}>" for field, value in fields.items())
            body = f'<?xml version="1.0" encoding="UTF-8"?><request>{inner}</request>'.encode()
        response = self._client.request("POST" if body else "GET", f"{self._base}/api/{name}", headers, body)
        try:
            document = read_document(response)
        except NoDocument as error:
            raise NotLetIn(f"signing in: the answer ({response.status}) is unknown: {error}") from None
        if code := text_at(document, "error.code"):
            why = _WRONG.get(code, "")
            raise NotLetIn(f"signing in was refused ({code[:6]}): {why}".rstrip(": "), code)
        self.note(response)
        return document


def _hashed(username: str, password: str, token: str) -> str:
    """Return the password as the older devices want it: hashed, and hashed again with name and token."""
    once = _base64(hashlib.sha256(password.encode()).hexdigest())
    return _base64(hashlib.sha256(f"{username}{once}{token}".encode()).hexdigest())


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")


def _client_proof(salted: bytes, message: bytes) -> bytes:
    key = _hmac(b"Client Key", salted)
    signature = _hmac(message, hashlib.sha256(key).digest())
    return bytes(one ^ other for one, other in zip(key, signature, strict=True))


def _server_proof(salted: bytes, message: bytes) -> bytes:
    return _hmac(message, _hmac(b"Server Key", salted))


def _hmac(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha256).digest()
