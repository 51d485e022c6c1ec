"""The phone simulator: texts an office without a phone; its messages take the real path."""

from uuid import uuid4

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from prepazka.core.office.office import Office
from prepazka.flows.inbound.receive import TEXT_LIMIT, receive
from prepazka.flows.phone_numbers import e164
from prepazka.gateways.screens import PHONE
from prepazka.gateways.values import Inbound
from prepazka.store import offices
from prepazka.store.messages import conversation
from prepazka.web import clock, pages, wording
from prepazka.web.taught import code_hole, help_message, name_hole

NUMBERS = ("+420777123456", "+420602111222", "+420731555010")
_COOKIE = "phone"
_SHOWN_MESSAGES = 50


class NumberForm(forms.Form):
    """The number of the simulated phone."""

    number = forms.CharField(
        label=_("Vaše číslo"),
        max_length=40,
        error_messages={"required": _("Napište číslo, ze kterého píšete.")},
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_number(self) -> str:
        """Return the number in E.164."""
        return e164(self.cleaned_data["number"])


class MessageForm(NumberForm):
    """A message to send; `id` identifies it, however often the form is sent."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Zpráva"),
        max_length=TEXT_LIMIT,
        error_messages={"required": _("Napište zprávu.")},
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


@require_safe
def phone(request: HttpRequest) -> HttpResponse:
    """Redirect to the phone of the first office."""
    _require_simulator()
    slug = next((slug for slug in offices.slugs() if pages.office_at(slug).numbers), "")
    if not slug:
        raise Http404
    return redirect("phone", slug=slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def office_phone(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the conversation with an office; send a message."""
    _require_simulator()
    office = _office_with_number(slug)
    if request.method == "POST":
        return _send(request, office)
    number = request.COOKIES.get(_COOKIE) or NUMBERS[0]
    text = request.GET.get("text", "")
    return _phone_page(request, office, number, MessageForm(initial={"number": number, "id": uuid4(), "text": text}))


@never_cache
@require_http_methods(["POST"])
def choose_number(request: HttpRequest, slug: str) -> HttpResponse:
    """Use another number, and remember it."""
    _require_simulator()
    office = _office_with_number(slug)
    chosen = NumberForm(request.POST)
    if not chosen.is_valid():
        number = request.COOKIES.get(_COOKIE) or NUMBERS[0]
        return _phone_page(request, office, number, MessageForm(initial={"number": number, "id": uuid4()}), chosen)
    return _remember(redirect("phone", slug=office.slug), chosen.cleaned_data["number"])


def _office_with_number(slug: str) -> Office:
    """Return the office at this address. Raises: Http404, also where it has no number that could be texted."""
    office = pages.office_at(slug)
    if not office.numbers:
        raise Http404
    return office


def _send(request: HttpRequest, office: Office) -> HttpResponse:
    message = MessageForm(request.POST)
    if not message.is_valid():
        return _phone_page(request, office, request.POST.get("number", ""), message)
    values = message.cleaned_data
    receive([Inbound(PHONE, str(values["id"]), values["number"], office.numbers[0], values["text"])], clock.now())
    return _remember(redirect(SafeString(reverse("phone", kwargs={"slug": office.slug}) + "#write")), values["number"])


def _remember(response: HttpResponse, number: str) -> HttpResponse:
    response.set_cookie(_COOKIE, number, max_age=365 * 24 * 3600, samesite="Lax", httponly=True, secure=settings.HTTPS)
    return response


def _phone_page(
    request: HttpRequest, office: Office, number: str, message: MessageForm, chosen: NumberForm | None = None
) -> HttpResponse:
    now = clock.now()
    message_forms = pages.list_forms(office, now)
    return render(
        request,
        "web/phone.html",
        {
            "office": office,
            "to": wording.format_phone(office.numbers[0]),
            "number": number,
            "number_form": chosen or NumberForm(initial={"number": number}),
            "samples": [(sample, wording.format_phone(sample)) for sample in NUMBERS],
            "message": message,
            "conversation": conversation(office.id, number, _SHOWN_MESSAGES),
            "hole": name_hole(),
            "code": code_hole(),
            "help": help_message(),
            "suggestions": [form.example for form in (*message_forms.documented, *message_forms.further)],
        },
    )


def _require_simulator() -> None:
    if not settings.SIMULATOR:
        raise Http404
