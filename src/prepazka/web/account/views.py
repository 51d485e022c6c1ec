"""Pages of the account."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from prepazka.flows.health.offices import examination
from prepazka.store import accounts, provider_links
from prepazka.web import access, clock
from prepazka.web.access import StaffRequest, arriving, signed_in
from prepazka.web.account.forms import NewPasswordForm
from prepazka.web.account.installation import list_faults


@signed_in
@require_safe
def account(request: StaffRequest) -> HttpResponse:
    """Show the offices the user works for, and what the user can do in each."""
    context: dict[str, object] = {
        "posts": accounts.posts(request.user),
        "linked": provider_links.is_linked(request.user),
    }
    if request.user.is_superuser:
        context |= {
            "unfinished": {slug: wrong.what for slug, wrong in examination.errors().items()},
            "faults": list(list_faults(clock.now())),
        }
    return render(request, "web/account/account.html", context)


@arriving
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: StaffRequest) -> HttpResponse:
    """Change one's own password."""
    form = NewPasswordForm(request.user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        new = form.cleaned_data["new_password1"]
        accounts.give_password(request.user, new, clock.now(), request.user.username, given=False)
        access.keep_signed_in(request, request.user)
        return redirect(access.first_duty(request) or "account")
    return render(request, "web/account/password.html", {"form": form, "given": request.user.password_given})
