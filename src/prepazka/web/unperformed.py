"""Why a client at the counter could not be served, in words; the office's statistics count each."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from prepazka.core.queue.tickets import Unperformed

WHY: Mapping[Unperformed, object] = {
    "no_papers": _("chybí doklady"),
    "not_ours": _("patří jinam"),
    "gave_up": _("klient ustoupil"),
    "outage": _("porucha"),
    "unsolved": _("jiný důvod"),
}
"""In the order of the list at the desk: the most usual first."""
