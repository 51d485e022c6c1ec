"""The words of pages for the states and kinds of messages."""

from django.utils.translation import gettext_lazy as _

STATES = {
    # of received messages
    "waiting": _("čeká na zpracování"),
    "answered": _("zodpovězeno"),
    "silent": _("bez odpovědi"),
    # of sent messages; `failed` can also be a received one's
    "failed": _("nepodařilo se"),
    "queued": _("čeká na odeslání"),
    "sending": _("odesílá se"),
    "handed": _("předáno bráně"),
    "sent": _("odesláno"),
    "delivered": _("doručeno"),
    "undelivered": _("nedoručeno"),
    "expired": _("neodesláno včas"),
    "unknown": _("není jisté, zda odešlo"),
}

KINDS = {
    "reply": _("odpověď"),
    "answer": _("odpověď úředníka"),
    "confirmation": _("potvrzení"),
    "held": _("žádost o potvrzení"),
    "called_off": _("zrušení úřadem"),
    "moved": _("přesunutí objednávky"),
    "cancelled": _("zpráva o zrušení"),
    "notice": _("uvolněné místo"),
    "reminder": _("připomínka"),
    "resent": _("posláno znovu"),
    "watchdog": _("kontrola spojení"),
    "bulk": _("hromadná zpráva"),
}
"""The kinds of sent messages (`core.delivery.KINDS`)."""
