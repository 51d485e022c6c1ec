"""`kiosk NAME`: pairs a device in the hall, so that it may give out tickets."""

import secrets
from argparse import Namespace

from django.conf import settings

from prepazka import clock
from prepazka.commands import Misused
from prepazka.commands.offices import only, operator, ready
from prepazka.store import kiosks, models
from prepazka.web.printers import Address, ruled_out


def pair(arguments: Namespace) -> int:
    """`prepazka kiosk NAME`: the address to open on the device, printed this once; the one before is worth nothing."""
    ready()
    if arguments.printer:
        try:
            address = Address.read(arguments.printer)
        except ValueError as error:
            raise Misused(f"--printer: {error}") from None
        if ruled_out(address, settings.PRINTERS):
            raise Misused(f"--printer: {arguments.printer} is not among the printers PREPAZKA_PRINTERS allows")
    office_id = only(arguments.office)
    token = secrets.token_urlsafe(32)
    device = kiosks.Device(arguments.name, token, arguments.printer)
    kiosks.keep(office_id, device, clock.now(), operator())
    slug = models.Office.objects.values_list("slug", flat=True).get(id=office_id)
    print(f"/{slug}/kiosk/pair/{token}")
    return 0
