"""For the operator: the archives of offices that were closed down, to be downloaded, and deleted once they are safe."""

from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from prepazka.flows import closing_down
from prepazka.store.log import note
from prepazka.web import clock
from prepazka.web.access import StaffRequest, proof_needed, signed_in


@signed_in
@require_safe
def listing(request: StaffRequest) -> HttpResponse:
    """List them, the newest first."""
    if not request.user.is_superuser:
        raise PermissionDenied
    context = {
        "archives": [(path.name, path.stat().st_size) for path in closing_down.archives()],
        "closed": request.GET.get("closed", ""),
    }
    return render(request, "web/account/closed_offices.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@proof_needed
def archive(request: StaffRequest, name: str) -> HttpResponseBase:
    """Download one, which the audit trail tells; or delete it by POST."""
    if not request.user.is_superuser:
        raise PermissionDenied
    path = _find(name)
    if request.method == "POST":
        path.unlink(missing_ok=True)
        return redirect("closed-offices")
    note(None, clock.now(), request.user.username, "archive downloaded", archive=path.name)
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)


def _find(name: str) -> Path:
    """Return the archive of this name, and no other file. Raises: Http404."""
    for path in closing_down.archives():
        if path.name == name:
            return path
    raise Http404
