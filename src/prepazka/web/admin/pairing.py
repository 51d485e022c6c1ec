"""Pairing a device of the hall: its link as text and as a QR code, and a short code, all shown this once."""

import secrets
from dataclasses import replace

from django.http import HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from prepazka.store import kiosks
from prepazka.web import clock, devices
from prepazka.web.access import StaffRequest
from prepazka.web.admin.page import office_page


def pairing_page(request: StaffRequest, device: kiosks.Device) -> HttpResponse:
    """Store the device with a new link and a new code, and show both this once."""
    official, token, code = request.official, secrets.token_urlsafe(32), devices.make_code()
    kiosks.keep(official.office.id, replace(device, token=token, code=code), clock.now(), official.who)
    link = request.build_absolute_uri(reverse(f"{device.kind}-pair", args=[official.office.slug, token]))
    page = request.build_absolute_uri(reverse(f"{device.kind}-pair-code", args=[official.office.slug]))
    context = {
        "name": device.name,
        "kind": device.kind,
        "link": link,
        "page": page,
        "qr": draw_qr(link),
        "code": devices.format_code(code),
        "minutes": int(kiosks.CODE_LASTS.total_seconds() // 60),
    }
    return office_page(request, "kiosk_link", f"admin-{device.kind}s", context)


def draw_qr(text: str) -> SafeString:
    """Return a QR code of the text as an inline picture; its title is read to those who do not see it."""
    import segno  # noqa: PLC0415 -- the start does without it; a device is paired once

    drawn = segno.make(text, micro=False).svg_inline(scale=4, border=4, omitsize=True, svgclass="qr", lineclass=None)
    return mark_safe(drawn)  # noqa: S308 -- segno draws it of squares alone; the text itself is not in it
