"""Where passkeys work: a browser gives them only to HTTPS or localhost, and only to a host with a name."""

from ipaddress import ip_address
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

_NEEDS_HTTPS = _(
    "Přístupový klíč tu použít nelze: prohlížeče ho dovolí jen na stránkách s HTTPS. Zbývá kód z aplikace v telefonu."
)
_NEEDS_NAME = _(
    "Přístupový klíč tu použít nelze: stránka je otevřená přes číselnou adresu, a klíč patří ke jménu. Na tomto "
    "počítači pomůže adresa se slovem localhost."
)


def obstacle(request: HttpRequest) -> object:
    """Return why passkeys cannot be used at this address, in words; "" where they can."""
    host = request.get_host().rpartition("]")[0].strip("[") or request.get_host().partition(":")[0]
    try:
        ip_address(host)
    except ValueError:
        local = host == "localhost" or host.endswith(".localhost")
        return "" if request.is_secure() or local else _NEEDS_HTTPS
    return _NEEDS_NAME


def describe(request: HttpRequest, *, has_key: bool) -> dict[str, Any]:
    """Return what a page needs to know; has_key: whether the user has a passkey."""
    why = obstacle(request)
    return {"has_key": has_key, "passkey_works": has_key and not why, "passkey_obstacle": why if has_key else ""}
