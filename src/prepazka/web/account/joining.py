"""The owner of an account consents to work for an office that invited: a link that works once."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from prepazka.store import accounts, memberships
from prepazka.web import clock
from prepazka.web.access import StaffRequest, signed_in
from prepazka.web.labels import ROLES


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: StaffRequest, token: str) -> HttpResponse:
    """Show who invites to what; with the answer, take the role or decline it."""
    if request.user.password_given:
        return redirect("password")
    now = clock.now()
    if request.method == "POST":
        try:
            memberships.answer(token, request.user, now, accept="accept" in request.POST)
        except accounts.AccountError:
            return _page(request, None)
        return redirect("account")
    return _page(request, memberships.find(token, now))


def _page(request: StaffRequest, invited: memberships.Invited | None) -> HttpResponse:
    context = {"invited": invited, "role": ROLES[invited.role] if invited else ""}
    return render(request, "web/account/join.html", context, status=200 if invited else 404)
