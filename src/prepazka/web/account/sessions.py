"""Where the user is signed in, with a button that ends each."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import get_default_timezone
from django.views.decorators.http import require_safe

from prepazka.store import user_sessions
from prepazka.web import clock
from prepazka.web.access import StaffRequest, signed_in
from prepazka.web.post_only import post_only


@signed_in
@require_safe
def sessions(request: StaffRequest) -> HttpResponse:
    """Show them, the newest first."""
    found = user_sessions.of_user(request.user, str(request.session.session_key))
    return render(request, "web/account/sessions.html", {"sessions": found, "zone": get_default_timezone()})


@signed_in
@post_only
def end(request: StaffRequest, session: int) -> HttpResponse:
    """End one of them; ending the own one is signing out."""
    if not user_sessions.end(request.user, session, clock.now()):
        raise Http404
    return redirect("sign-ins")
