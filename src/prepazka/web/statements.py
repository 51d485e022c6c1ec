"""The public statements of an office: accessibility and privacy."""

from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from prepazka.web.pages import public_office
from prepazka.web.wording import format_date

# The last review of the accessibility statement; change it together with templates/web/accessibility.html.
REVIEWED = date(2026, 11, 28)


@require_safe
def accessibility(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Show the statement that Czech law requires (99/2019 Sb., § 8); without an office, that of all pages."""
    office = public_office(request, slug) if slug else None
    return render(request, "web/accessibility.html", {"office": office, "reviewed": format_date(REVIEWED)})


@require_safe
def privacy(request: HttpRequest, slug: str) -> HttpResponse:
    """Show which personal data is stored, why, how long and by whom (GDPR, articles 13 to 21)."""
    office = public_office(request, slug)
    context = {"office": office, "simulator": settings.SIMULATOR, "backup_days": settings.BACKUP_DAYS}
    return render(request, "web/privacy.html", context)
