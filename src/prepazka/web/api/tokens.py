"""Authenticates a gateway by its token, and holds it to the token's purposes and numbers."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest
from ninja.security import HttpBearer

from prepazka.core.credentials import Purpose
from prepazka.core.office.office import Office
from prepazka.store.tokens import Token
from prepazka.web import tokens
from prepazka.web.problems import Problem


class GatewayToken(HttpBearer):
    """The token of a gateway, given for a purpose. Whoever sends another one learns nothing else."""

    def __init__(self, purpose: Purpose, find: Callable[[str], Token | None] = tokens.find) -> None:
        super().__init__()
        self._purpose = purpose
        self._find = find

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        """Return the token, or None where there is no such one. Raises: Problem when it is not for this purpose."""
        found = self._find(token)
        if found and not found.scope.allows(self._purpose):
            detail = (
                f"This token was not given the purpose {self._purpose!r}. "
                f"The operator of this service can add it: prepazka gateway token NAME --keep --purpose …"
            )
            raise Problem(HTTPStatus.FORBIDDEN, detail)
        return found


def caller(request: HttpRequest) -> Token:
    """Return the token of a request that was let in."""
    found: Token = request.auth  # type: ignore[attr-defined]  # set by the library from GatewayToken
    return found


def covers_office(token: Token, office: Office) -> bool:
    """Whether a token is good for one of the office's numbers."""
    return any(gateway == token.gateway and token.scope.covers(number) for number, gateway in office.gateways.items())
