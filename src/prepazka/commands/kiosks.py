"""`kiosk NAME`: pairs a device in the hall, so that it may give out tickets."""

import secrets
from argparse import Namespace

from django.conf import settings

from prepazka import clock
from prepazka.commands import UsageError
from prepazka.commands.its_office import ensure_office, find_office
from prepazka.commands.who import operator_name
from prepazka.officefile.as_written import read_name
from prepazka.store import kiosks, models
from prepazka.web.printers import PrinterAddress, is_ruled_out


def pair(arguments: Namespace) -> int:
    """Run `prepazka kiosk NAME`: print the link to open on the device, this once; the link before it ends."""
    ensure_office()
    name = read_name(arguments.name)
    if not 0 < len(name) <= 40:
        raise UsageError(f"NAME: {arguments.name!r} must have 1 to 40 letters or digits, such as hala")
    if arguments.printer:
        try:
            address = PrinterAddress.parse(arguments.printer)
        except ValueError as error:
            raise UsageError(f"--printer: {error}") from None
        if is_ruled_out(address, settings.PRINTERS):
            raise UsageError(f"--printer: {arguments.printer} is not among the printers PREPAZKA_PRINTERS allows")
    office_id = find_office(arguments.office)
    token = secrets.token_urlsafe(32)
    device = kiosks.Device(name, token, arguments.printer)
    kiosks.keep(office_id, device, clock.now(), operator_name())
    slug = models.Office.objects.values_list("slug", flat=True).get(id=office_id)
    print(f"/{slug}/kiosk/pair/{token}")
    return 0
