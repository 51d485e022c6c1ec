"""Screens of the hall: pairing the big screen and tablets, whether they are alive, slides, recordings."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from prepazka.core.actor import Actor
from prepazka.core.office import lengths
from prepazka.core.office.office import Office
from prepazka.officefile.as_written import read_name
from prepazka.store import kiosks, models, slides
from prepazka.web import clock, office_errors
from prepazka.web.access import StaffRequest, proof_needed, staff
from prepazka.web.admin.page import office_page
from prepazka.web.admin.pairing import pairing_page
from prepazka.web.post_only import post_only

_KIND = "screen"
# A screen that was not heard of for so long is said to be silent.
SILENT_AFTER = timedelta(minutes=3)
_LARGEST = 600 * 1024
# What pictures and recordings begin with, and their media types.
_PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
_SOUNDS = {b"OggS": "audio/ogg", b"ID3": "audio/mpeg", b"\xff\xfb": "audio/mpeg", b"\xff\xf3": "audio/mpeg"}


@dataclass(frozen=True, slots=True)
class ScreenLine:
    """A screen's row. state: alive and with sound or not, in words; bad: somebody should look at it."""

    screen: models.Kiosk
    state: str
    bad: bool


class ScreenForm(forms.Form):
    """A new screen."""

    name = forms.CharField(
        label=gettext_lazy("Název obrazovky"),
        max_length=40,
        help_text=gettext_lazy("Malá písmena bez háčků a čárek, číslice a spojovníky, například hala."),
    )
    counter = forms.ChoiceField(label=gettext_lazy("Co ukazuje"), required=False)

    def __init__(self, office: Office, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._office = office
        choices = [("", _("volání a čekání celého úřadu")), *((str(one.id), one.title) for one in office.counters)]
        self.fields["counter"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def clean_name(self) -> str:
        """Accept a name that no other device of the office has."""
        name = read_name(self.cleaned_data["name"])
        if not 0 < len(name) <= 40:
            raise forms.ValidationError(str(office_errors.WORDS["slug"]))
        if any(device.name == name for device in kiosks.of_office(self._office.id)):
            raise forms.ValidationError(_("Zařízení s tímto názvem už tu je."))
        return name


class SlideForm(forms.Form):
    """A new slide: a text, a picture or both."""

    text = forms.CharField(
        label=gettext_lazy("Text"),
        required=False,
        max_length=lengths.SLIDE_TEXT,
        widget=forms.Textarea({"rows": 3}),
    )
    picture = forms.FileField(
        label=gettext_lazy("Obrázek"), required=False, help_text=gettext_lazy("PNG nebo JPEG, nejvýše 600 kB.")
    )
    file: slides.File | None = None

    def clean_picture(self) -> None:
        """Accept a picture that every browser shows."""
        self.file = _read(self.cleaned_data["picture"], _PICTURES)

    def clean(self) -> dict[str, Any]:
        """Reject a slide with nothing on it."""
        values = super().clean() or {}
        if not self.errors and not values.get("text") and self.file is None:
            raise forms.ValidationError(_("Napište text, nebo přidejte obrázek."))
        return values


class RecordingForm(forms.Form):
    """An own recording of a piece."""

    piece = forms.ChoiceField(label=gettext_lazy("Co se říká"))
    language = forms.ChoiceField(
        label=gettext_lazy("Jazyk"), choices=[("cs", gettext_lazy("česky")), ("en", gettext_lazy("anglicky"))]
    )
    sound = forms.FileField(label=gettext_lazy("Nahrávka"), help_text=gettext_lazy("Ogg nebo MP3, nejvýše 600 kB."))
    file: slides.File | None = None

    def __init__(self, office: Office, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["piece"].choices = list(piece_names(office).items())  # type: ignore[attr-defined]  # as above

    def clean_sound(self) -> None:
        """Accept a recording that browsers play."""
        self.file = _read(self.cleaned_data["sound"], _SOUNDS)


def piece_names(office: Office) -> dict[str, str]:
    """Return the pieces of announcements an office may record itself, with what each says."""
    counters = {f"counter-{one.key}": one.title for one in office.counters}
    words = {"ticket": _("slovo „lístek“"), "counter": _("slovo „přepážka“")}
    letters = {letter: _("písmeno %(letter)s") % {"letter": letter.upper()} for letter in "abcdefghijklmnopqrstuvwxyz"}
    hundreds = {f"n{number}": str(number) for number in range(100, 1000, 100)}
    return {**counters, **words, **letters, **{f"n{number}": str(number) for number in range(100)}, **hundreds}


def _read(uploaded: Any, kinds: dict[bytes, str]) -> slides.File | None:
    """Return a file whose first bytes say what it is. Its name and the type the browser says count for nothing."""
    if uploaded is None:
        return None
    if not uploaded.size or uploaded.size > _LARGEST:
        raise forms.ValidationError(_("Soubor je prázdný, nebo větší než 600 kB."))
    content = uploaded.read()
    kind = next((kind for begin, kind in kinds.items() if content.startswith(begin)), None)
    if kind is None:
        raise forms.ValidationError(_("Takový soubor neumíme ukázat ani přehrát."))
    return slides.File(content, kind)


@staff("administrator")
@require_safe
def listing(request: StaffRequest) -> HttpResponse:
    """Show the office's screens, its slides and its recordings."""
    return _list_page(request)


def _list_page(request: StaffRequest, **shown: forms.Form) -> HttpResponse:
    office, now = request.official.office, clock.now()
    names = piece_names(office)
    spoken = [(one, names.get(one.piece, one.piece)) for one in slides.recordings(office.id)]
    context = {
        "screens": [describe_screen(screen, now) for screen in kiosks.of_office(office.id, _KIND)],
        "slides": slides.of_office(office.id),
        "most": lengths.SLIDES,
        "recordings": spoken,
        "slide_form": SlideForm(label_suffix="", auto_id="slide_%s"),
        "recording_form": RecordingForm(office, label_suffix="", auto_id="recording_%s"),
        **shown,
    }
    return office_page(request, "screens", "admin-screens", context)


def describe_screen(screen: models.Kiosk, now: datetime) -> ScreenLine:
    """Return a screen's row."""
    if screen.seen_at is None:
        return ScreenLine(screen, _("ještě se neozvala"), bad=True)
    silent = now - screen.seen_at
    if silent > SILENT_AFTER:
        return ScreenLine(screen, _("mlčí %(minutes)s min") % {"minutes": int(silent.total_seconds() // 60)}, bad=True)
    if screen.counter_id is not None:
        return ScreenLine(screen, _("běží"), bad=False)
    heard = {"on": _("běží, zvuk zapnutý"), "off": _("běží, bez zvuku")}
    return ScreenLine(screen, heard.get(screen.sound, _("běží")), bad=screen.sound == "off")


@staff("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
@proof_needed
def new(request: StaffRequest) -> HttpResponse:
    """Add a screen, and show what pairs it."""
    office = request.official.office
    form = ScreenForm(office, request.POST if request.method == "POST" else None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        counter = form.cleaned_data["counter"]
        return pairing_page(
            request, kiosks.Device(form.cleaned_data["name"], "", "", _KIND, int(counter) if counter else None)
        )
    context = {"form": form, "title": _("Nová obrazovka"), "back": "admin-screens"}
    return office_page(request, "part", "admin-screens", context)


@staff("administrator")
@post_only
@proof_needed
def pair(request: StaffRequest, screen: int) -> HttpResponse:
    """Show a new link and code, for another device in its place."""
    found = _find(request, screen)
    return pairing_page(request, kiosks.Device(found.name, "", "", _KIND, found.counter_id))


@staff("administrator")
@post_only
def remove(request: StaffRequest, screen: int) -> HttpResponse:
    """Shut out a screen."""
    official = request.official
    kiosks.withdraw(official.office.id, _find(request, screen).id, clock.now(), official.who)
    return _back(request, "removed")


@staff("administrator")
@post_only
def add_slide(request: StaffRequest) -> HttpResponse:
    """Add a slide."""
    official = request.official
    form = SlideForm(request.POST, request.FILES, label_suffix="", auto_id="slide_%s")
    if form.is_valid():
        text = form.cleaned_data["text"].replace("\r\n", "\n")
        if slides.add(official.office.id, text, form.file, clock.now(), official.who):
            return _back(request, "saved")
        form.add_error(None, _("Víc snímků se nevejde. Nejdřív některý smažte."))
    return _list_page(request, slide_form=form)


@staff("administrator")
@post_only
def remove_slide(request: StaffRequest, slide: int) -> HttpResponse:
    """Remove a slide."""
    slides.remove(request.official.office.id, slide, clock.now(), request.official.who)
    return _back(request, "removed")


@staff("administrator")
@post_only
def add_recording(request: StaffRequest) -> HttpResponse:
    """Store an own recording."""
    official = request.official
    form = RecordingForm(official.office, request.POST, request.FILES, label_suffix="", auto_id="recording_%s")
    if form.is_valid() and form.file:
        said = form.cleaned_data
        which = slides.Piece(said["language"], said["piece"])
        slides.keep_recording(official.office.id, which, form.file, Actor(official.who, clock.now()))
        return _back(request, "saved")
    return _list_page(request, recording_form=form)


@staff("administrator")
@post_only
def remove_recording(request: StaffRequest, number: int) -> HttpResponse:
    """Remove an own recording."""
    slides.remove_recording(request.official.office.id, number, clock.now(), request.official.who)
    return _back(request, "removed")


def _find(request: StaffRequest, screen: int) -> models.Kiosk:
    """Return the screen. Raises: Http404."""
    found = kiosks.one(request.official.office.id, screen)
    if found is None or found.kind != _KIND:
        raise Http404
    return found


def _back(request: StaffRequest, done: str) -> HttpResponse:
    return redirect(f"{reverse('admin-screens', args=[request.official.office.slug])}?done={done}")
