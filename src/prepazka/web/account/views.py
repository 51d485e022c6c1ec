"""Pages of the account."""

import structlog
from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from prepazka.flows.health.offices import examination
from prepazka.store import accounts
from prepazka.web import access, clock
from prepazka.web.access import StaffRequest, signed_in
from prepazka.web.account.forms import NewPasswordForm, SignInForm
from prepazka.web.account.installation import list_faults

log = structlog.get_logger()


@signed_in
@require_safe
def account(request: StaffRequest) -> HttpResponse:
    """Show the offices the user works for, and what the user can do in each."""
    if request.user.password_given:
        return redirect("password")
    context: dict[str, object] = {"posts": accounts.posts(request.user)}
    if request.user.is_superuser:
        context |= {"unfinished": examination.errors(), "faults": list(list_faults(clock.now()))}
    return render(request, "web/account/account.html", context)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in, and go to the page that was asked for."""
    back = _own_page(request, request.POST.get("next") or request.GET.get("next") or "")
    form = SignInForm(request, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        user = form.get_user()
        access.sign_in(request, user)
        accounts.note_sign_in(user, clock.now())
        return redirect("password" if user.password_given else back or "account")
    return render(request, "web/account/sign_in.html", {"form": form, "next": back})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out, and delete the session."""
    auth.logout(request)
    return redirect("sign-in")


@signed_in
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: StaffRequest) -> HttpResponse:
    """Change one's own password."""
    form = NewPasswordForm(request.user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        new = form.cleaned_data["new_password1"]
        accounts.give_password(request.user, new, clock.now(), request.user.username, given=False)
        access.keep_signed_in(request, request.user)
        return redirect("account")
    return render(request, "web/account/password.html", {"form": form, "given": request.user.password_given})


def locked_out(request: HttpRequest, _answer: object = None, _credentials: object = None) -> HttpResponse:
    """Show the page that replaces the sign-in after too many wrong passwords."""
    log.warning("sign-in locked out")
    minutes = settings.AXES_COOLOFF_TIME.total_seconds() // 60
    return render(request, "web/account/locked_out.html", {"minutes": int(minutes)}, status=429)


def _own_page(request: HttpRequest, address: str) -> str:
    """Return the address if it is one of our pages, otherwise ""."""
    ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if ours else ""
