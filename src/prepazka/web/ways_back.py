"""Where an error page stands and what leads back from it: for an official, a citizen, or a device in the hall."""

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext_lazy as _

from prepazka.core.office.office import Office
from prepazka.core.office.roles import Role
from prepazka.store import accounts, offices
from prepazka.store.database_errors import DATABASE_AWAY
from prepazka.store.office_rows import UnreadableOffice
from prepazka.store.offices import MovedOffice
from prepazka.web.access import Official, first_duty
from prepazka.web.first_steps import refuse_unfinished


class Way(NamedTuple):
    """A link: where to, and what it says."""

    address: str
    words: object


FIRST_PAGE: Mapping[Role, str] = {
    "clerk": "desk",
    "manager": "admin-hall",
    "administrator": "admin",
    "officer": "admin-register",
}
"""Where each role works."""

# What no office can be called is not looked for: an address may hold characters that no database takes.
_SLUG = re.compile(r"[a-z0-9-]{1,40}", re.ASCII)
_DEVICES = ("kiosk", "screen")
"""Parts of an office's addresses where nobody sits who would go back: their pages begin anew by themselves."""

_TO_DESK = _("Zpět na přepážku")
_TO_ADMINISTRATION = _("Zpět do správy úřadu")
_TO_REGISTER = _("Zpět do registru nahlížení")
_TO_OFFICE = _("Na stránku úřadu")
_TO_ACCOUNT = _("Zpět na váš účet")
_TO_SIGN_IN = _("Přihlásit se")
_TO_BEGINNING = _("Začít znovu")
_TO_FIRST = _("Přejít na úvodní stránku")

_WORDS: Mapping[Role, object] = {
    "clerk": _TO_DESK,
    "manager": _TO_ADMINISTRATION,
    "administrator": _TO_ADMINISTRATION,
    "officer": _TO_REGISTER,
}


# docs/spec/administration.md §1: "An error page keeps the menu of whoever looks"
def find(request: HttpRequest) -> dict[str, Any]:
    """Return what an error page needs to stand in the looks of who sees it. It asks the database, if that answers."""
    with suppress(*DATABASE_AWAY):
        return _find(request)
    return by_address(request)


def _find(request: HttpRequest) -> dict[str, Any]:
    slug, part = _split(request)
    office = _office(slug)
    user: Any = getattr(request, "user", AnonymousUser())
    if office is None:
        return _outside(request, signed_in=user.is_authenticated, account=slug == "account")
    if part in _DEVICES:
        return _device(office.slug, part, office.name)
    if user.is_authenticated:
        role = accounts.role_in(user, office.id)
        if role is None or first_duty(request):
            return _outside(request, signed_in=True)
        request.official = Official(user, office, role)  # type: ignore[attr-defined]  # as `staff` does; the menu reads it
        return {"looks": "web/staff.html", "office": office, "back": _of_role(office, role, part)}
    try:
        refuse_unfinished(request, office)
    except Http404:
        return _outside(request)
    back = _sign_in() if part in {"desk", "admin"} else Way(reverse("office", args=[office.slug]), _TO_OFFICE)
    return {"looks": "web/public.html", "office": office, "simulator": settings.SIMULATOR, "back": back}


def by_address(request: HttpRequest) -> dict[str, Any]:
    """Return the same by nothing but the address that was asked for: while the database may be away."""
    slug, part = _split(request)
    if slug == "account":
        return _outside(request, signed_in=not request.path.startswith(reverse("sign-in")), account=True)
    try:
        of_office = resolve(request.path_info).kwargs.get("slug") == slug
    except Resolver404:
        of_office = False
    if not of_office:
        return _outside(request)
    if part in _DEVICES:
        return _device(slug, part, again=request.path if request.method == "GET" and part == "screen" else "")
    name, words = {"desk": ("desk", _TO_DESK), "admin": ("admin", _TO_ADMINISTRATION)}.get(part, ("office", _TO_OFFICE))
    return _plain(request, Way(reverse(name, args=[slug]), words))


def is_citizens(request: HttpRequest) -> bool:
    """Whether the address is one of those a citizen opens at home."""
    slug, part = _split(request)
    return slug != "account" and part not in {"desk", "admin", *_DEVICES}


def _of_role(office: Office, role: Role, part: str) -> Way:
    if part == "desk" and role != "officer":
        return Way(reverse("desk", args=[office.slug]), _TO_DESK)
    return Way(reverse(FIRST_PAGE[role], args=[office.slug]), _WORDS[role])


def _outside(request: HttpRequest, *, signed_in: bool = False, account: bool = False) -> dict[str, Any]:
    if signed_in:
        return _plain(request, Way(reverse("account"), _TO_ACCOUNT))
    return _plain(request, _sign_in() if account else Way(reverse("home"), _TO_FIRST))


def _plain(request: HttpRequest, back: Way) -> dict[str, Any]:
    """Return a page without a menu; it never leads to the very page that could not be shown.

    A page whose form could not be taken can be shown: it is the way back.
    """
    itself = back.address == request.path and request.method in {"GET", "HEAD"}
    return {"looks": "web/base.html", "back": None if itself else back}


def _device(slug: str, part: str, name: str = "", again: str = "") -> dict[str, Any]:
    """Return the page of a device; again: the page it shows, where that is not the first of its kind."""
    back = Way(again or reverse(part, args=[slug]), _TO_BEGINNING)
    return {"looks": "web/kiosk/base.html", "office": {"slug": slug, "name": name}, "back": back}


def _sign_in() -> Way:
    return Way(reverse("sign-in"), _TO_SIGN_IN)


def _split(request: HttpRequest) -> tuple[str, str]:
    """Return the first two parts of the address: the office's slug, and what of its pages."""
    slug, part, *_more = [*request.path_info.lstrip("/").split("/"), ""]
    return slug, part


def _office(slug: str) -> Office | None:
    """Return the office at this address; None where there is none, it moved away or cannot be read."""
    office_id = offices.find(slug) if _SLUG.fullmatch(slug) else None
    if office_id is None:
        return None
    with suppress(MovedOffice, UnreadableOffice, ValueError):  # the last: it has just been deleted
        return offices.load(office_id)
    return None
