"""`/.well-known/security.txt` (RFC 9116): where to report a security hole of this installation."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

# RFC 9116, 2.5.3, takes any address of a scheme, but http only over TLS.
_SCHEMES = ("mailto:", "https://", "tel:")


def read_expiry(contacts: Sequence[str], day: str) -> date | None:
    """Return the last day on which the contacts hold; None where there are none.

    Raises: ImproperlyConfigured when a contact is no address, or the day is missing: RFC 9116, 2.5.5, requires one.
    """
    for contact in contacts:
        if not contact.startswith(_SCHEMES) or len(contact.split()) != 1 or contact in _SCHEMES:
            fix = f"mailto:{contact}" if "@" in contact and ":" not in contact else "mailto:it@urad.example"
            raise ImproperlyConfigured(f"PREPAZKA_SECURITY_CONTACT: {contact!r} is no address such as {fix}")
    if not contacts:
        return None
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise ImproperlyConfigured(
            "PREPAZKA_SECURITY_EXPIRES must be the day until which PREPAZKA_SECURITY_CONTACT holds, such as 2027-06-30"
        ) from None


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Return the file. Raises: Http404 where the operator has named no contact."""
    if settings.SECURITY_EXPIRES is None:
        raise Http404
    expires = datetime.combine(settings.SECURITY_EXPIRES, time(23, 59, 59), UTC)
    lines = [f"Contact: {contact}" for contact in settings.SECURITY_CONTACT]
    lines.append(f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}")
    lines.append(f"Preferred-Languages: {', '.join(code for code, _ in settings.LANGUAGES)}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
