"""What people wrote in a month that the office did not understand: its unknown words, and how to teach the office one.

Nobody is shown: of a text only the words are told that the office does not know, that stand on no list of names, and
that at least two senders wrote.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from prepazka.core.booking.misunderstood import MISUNDERSTOOD
from prepazka.core.office.office import Office, Service
from prepazka.sms.folding import fold
from prepazka.sms.understand.synonyms import folded
from prepazka.sms.understand.unknown_words import unknown_words
from prepazka.store import misunderstandings as store
from prepazka.store import statistics
from prepazka.store.statistics import Period
from prepazka.web import clock, wording
from prepazka.web.access import StaffRequest, staff
from prepazka.web.admin import editing
from prepazka.web.admin.editing import ChangeRefused, OfficeDocument, SeenPart, digest
from prepazka.web.admin.page import office_page
from prepazka.web.post_only import post_only
from prepazka.web.repair_titles import repair_example, repair_title

SENDERS = 2
"""How many senders must have written a word before it is shown: what one person writes may be about that person."""
SHOWN = 60
_ALIKE = 4
"""Letters at the beginning by which a word is guessed to mean a service."""


@dataclass(frozen=True, slots=True)
class UnknownWord:
    """A word, or words side by side, with the messages and senders it came in; guess: the service it may mean."""

    words: str
    messages: int
    senders: int
    guess: str

    @property
    def told(self) -> str:
        """Return how often it was written: `41 zpráv, 12 lidí`."""
        people = wording.format_count(
            self.senders, pgettext("jeden", "člověk"), pgettext("dva", "lidé"), pgettext("pět", "lidí")
        )
        return f"{wording.format_message_count(self.messages)}, {people}"


@staff("manager")
@require_safe
def misunderstood(request: StaffRequest) -> HttpResponse:
    """Show the unknown words of a month, the most frequent first."""
    return _page(request)


@staff("manager")
@post_only
def synonym(request: StaffRequest) -> HttpResponseBase:
    """Make a word a synonym of a service, with all checks of the office's file."""
    official = request.official
    service = official.office.service_of.get(request.POST.get("service", ""))
    if service is None:
        raise Http404
    words = " ".join(request.POST.get("words", "").split()).lower()

    def edit(document: OfficeDocument) -> None:
        [item] = [one for one in document["services"] if one["code"] == service.code]
        item.setdefault("synonyms", []).append(words)

    if folded(words) not in map(folded, service.synonyms):  # pressed twice, it is there already
        try:
            # One word more overwrites nothing, whatever others have changed meanwhile.
            editing.change_office(official, edit, clock.now(), SeenPart(lambda _document: None, digest(None)))
        except ChangeRefused as refused:
            return _page(request, " ".join(dict.fromkeys(mistake.words for mistake in refused.mistakes)))
    query = urlencode({"month": request.POST.get("month", ""), "added": words, "service": service.code})
    return redirect(f"{reverse('admin-misunderstood', args=[official.office.slug])}?{query}")


def _page(request: StaffRequest, refused: str = "") -> HttpResponse:
    office, now = request.official.office, clock.now()
    today = now.astimezone(office.zone).date()
    first = _month(request.POST.get("month") or request.GET.get("month", ""), today)
    month, before = _period(first), _period(first - timedelta(days=1))
    counts = statistics.messages(office, Period(before.first, month.last))
    written = store.texts(office.id, month.begin(office), month.end(office))
    lost, share = _share(counts, month)
    context = {
        "title_of_month": wording.format_month(first),
        "month": f"{first:%Y-%m}",
        "before": f"{before.first:%Y-%m}",
        "after": f"{month.last + timedelta(days=1):%Y-%m}" if month.last < today else "",
        "lost": lost,
        "share": share,
        "share_before": _share(counts, before)[1],
        "erased": max(0, lost - len(written)),
        "words": unknown(written, office)[:SHOWN],
        "least": SENDERS,
        "repairs": [
            {"title": repair_title(one.repair), "example": repair_example(one.repair), "count": one}
            for one in store.repairs(office, month)
        ],
        "refused": refused,
        "taught": _describe_taught(request, office),
    }
    return office_page(request, "misunderstood", "admin-misunderstood", context)


def _describe_taught(request: StaffRequest, office: Office) -> str:
    """Return which word was just made a synonym, as far as it still is one; "" for none."""
    service = office.service_of.get(request.GET.get("service", ""))
    words = request.GET.get("added", "")
    if service is None or folded(words) not in map(folded, service.synonyms):
        return ""
    return _("Přidáno. Místo %(code)s (%(title)s) teď lidé mohou psát i „%(word)s“.") % {
        "code": service.code,
        "title": service.title,
        "word": words,
    }


# docs/spec/administration.md §7: "a word is shown only when at least two senders wrote it"
def unknown(written: Sequence[store.WrittenText], office: Office) -> list[UnknownWord]:
    """Return the unknown words of texts, the most frequent first; two words that only come together stand as one."""
    places: dict[tuple[str, ...], set[int]] = {}
    for number, one in enumerate(written):
        for run in unknown_words(one.text, office):
            for words in (*((word,) for word in run), *pairwise(run)):
                places.setdefault(words, set()).add(number)
    senders = {words: {written[number].sender for number in at} for words, at in places.items()}
    told = {words: at for words, at in places.items() if len(senders[words]) >= SENDERS}
    pairs = [words for words in told if len(words) == 2]
    hidden = {(word,) for pair in pairs for word in pair if told[pair] == told.get((word,))}
    together = {pair for pair in pairs if any((word,) in hidden for word in pair)}
    told = {words: at for words, at in told.items() if words not in hidden and (len(words) == 1 or words in together)}
    counted = [
        UnknownWord(" ".join(words).lower(), len(at), len(senders[words]), _guess(words, office))
        for words, at in told.items()
    ]
    return sorted(counted, key=lambda one: (-one.messages, -one.senders, one.words))


def _guess(words: Sequence[str], office: Office) -> str:
    """Return the code of the service whose title is most like these words; "" for none."""

    def alike(service: Service) -> int:
        titled = fold(service.title).replace(",", " ").split()
        return max((_common(word, other) for word in words for other in titled), default=0)

    best = max(office.services, key=alike, default=None)
    return best.code if best and alike(best) >= _ALIKE else ""


def _common(one: str, other: str) -> int:
    """Return how many letters two words begin with alike."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _share(counts: Sequence[statistics.MessageCount], period: Period) -> tuple[int, str]:
    """Return how many messages of a period were not understood, and their share of all in words."""
    inside = [one for one in counts if period.first <= one.day <= period.last]
    total = sum(one.count for one in inside)
    lost = sum(one.count for one in inside if one.outcome in MISUNDERSTOOD)
    return lost, _percent(lost, total) if total else ""


def _percent(part: int, whole: int) -> str:
    return f"{number_format(100 * part / whole, 1)}\u00a0%"


def _period(first: date) -> Period:
    """Return the month of a day."""
    first = first.replace(day=1)
    return Period(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def _month(written: str, today: date) -> date:
    """Parse a month and return its first day; that of this month for anything else, or a month to come."""
    this = today.replace(day=1)
    try:
        asked = date.fromisoformat(f"{written}-01")
    except ValueError:
        return this
    return asked if date(2000, 1, 1) < asked <= this else this
