"""How pages say what became of a message, and what kind of message it is."""

from django.utils.translation import gettext_lazy as _

STATES = {
    # of what came
    "waiting": _("čeká na zpracování"),
    "answered": _("zodpovězeno"),
    "silent": _("bez odpovědi"),
    # of what was said, beside `failed`, which both may be
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
    "called_off": _("zrušení úřadem"),
    "notice": _("uvolněné místo"),
    "reminder": _("připomenutí"),
    "resent": _("posláno znovu"),
    "bulk": _("hromadná zpráva"),
}
"""Kinds of what was said (`core.delivery.KINDS`)."""
