"""The words of pages for why messages did not arrive, and for why one is not sent once more."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

CAUSES: Mapping[str, Any] = {
    # what a gateway answers (`gateways.values.Cause`)
    "unreachable": _("Brána nebyla dostupná."),
    "account": _("Brána odmítla přihlášení."),
    "settings": _("Brána odmítla něco, co určuje její nastavení."),
    "throttled": _("Brána nestíhala."),
    "number": _("Na toto číslo SMS poslat nejde."),
    "text": _("Tento text SMS poslat nejde."),
    "late": _("Platnost zprávy vypršela dřív, než ji brána odeslala."),
    "refused": _("Brána zprávu odmítla."),
    "partly": _("Brána přijala jen začátek zprávy."),
    "unanswered": _("Brána neodpověděla, zda zprávu přijala."),
    # what the office decides, or a receipt says (`core.delivery.OwnCause`)
    "out_of_time": _("Do konce platnosti se ji nepodařilo odeslat."),
    "booking_gone": _("Objednávka mezitím přestala platit."),
    "no_reminders": _("Příjemce si připomínky nepřeje."),
    "night": _("Platnost by skončila dřív, než začne den."),
    "stopped": _("Program se při odesílání zastavil."),
    "network": _("Síť ji telefonu nedoručila."),
    "gave_up": _("Brána ji převzala, ale odeslat ji nedokázala."),
}

OBSTACLES: Mapping[str, Any] = {
    "erased": _("Znovu ji poslat nejde: číslo nebo text už jsou smazané."),
    "not_lost": _("Znovu ji neposíláme: je na cestě, nebo už dorazila."),
    "maybe_sent": _("Znovu ji neposíláme: příjemce ji možná už má a dostal by ji dvakrát."),
    "sent_again": _("Znovu už jsme ji poslali."),
    "booking_gone": _("Znovu ji neposíláme: objednávka už neplatí."),
    "visit_over": _("Znovu ji neposíláme: čas návštěvy už minul."),
    "no_reminders": _("Znovu ji neposíláme: příjemce si připomínky nepřeje."),
    "no_gateway": _("Znovu ji poslat nejde: úřad nemá bránu, kterou by odešla."),
}
"""By `flows.outbound.resend.NotResent`."""


def describe_cause(cause: str) -> str:
    """Return why a message did not arrive, "" where an older version did not keep it."""
    return str(CAUSES.get(cause, ""))


def describe_obstacle(obstacle: str | None) -> str:
    """Return why a message is not sent once more, "" where it may be."""
    return str(OBSTACLES[obstacle]) if obstacle else ""
