"""A form that could not be taken as it was sent: all that was filled in is held by a page that sends it again.

It is held by nothing else: what somebody typed about people is kept neither on the server nor in a cookie.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from prepazka.web import form_owner

# What a form carries beside what was filled in.
CARRIED: Final = frozenset({"csrfmiddlewaretoken", form_owner.FIELD})
# Parts of addresses: passwords, codes and secrets are typed anew, and a device in the hall begins anew.
_NEVER = frozenset({"account", "gateways", "kiosk", "screen"})


# docs/spec/administration.md §1: "a form of another site is not held"
def can_be(request: HttpRequest) -> bool:
    """Whether a form can be offered to be sent again: something is filled in, no file, and it came from a page of ours.

    A form of another site gets no such page, or it would have its own form confirmed here.
    """
    origin = request.headers.get("Origin", "")
    ours = origin == f"{request.scheme}://{request.get_host()}"
    secret = not _NEVER.isdisjoint(request.path.split("/")) and request.path != reverse("new-office")
    return request.method == "POST" and ours and not request.FILES and not secret and _is_filled(request)


def page(request: HttpRequest, stands: Mapping[str, Any], owner: str, *, signed_out: bool = False) -> HttpResponse:
    """Return the page that sends the form again.

    owner: the mark of whose it is. signed_out: they have to sign in first.
    """
    fields = [(name, value) for name, values in request.POST.lists() if name not in CARRIED for value in values]
    form_owner.note(request, owner)
    context = {**stands, "fields": fields, "address": request.get_full_path(), "signed_out": signed_out}
    context["other_languages"] = []  # a link would leave the page, and lose what it holds
    return render(request, "web/sent_again.html", context, status=HTTPStatus.FORBIDDEN)


def _is_filled(request: HttpRequest) -> bool:
    return any(value.strip() for name, values in request.POST.lists() if name not in CARRIED for value in values)
