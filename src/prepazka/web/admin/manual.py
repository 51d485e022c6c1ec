"""The administrators' manual (docs/prirucka-spravce.md) as a page of the administration."""

from functools import cache
from importlib.resources import files

from django.http import HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt

from prepazka.web.access import StaffRequest, staff
from prepazka.web.admin.page import office_page


@staff("clerk")
@require_safe
def manual(request: StaffRequest) -> HttpResponse:
    """Show the whole manual."""
    return office_page(request, "manual", "admin-manual", {"manual": _load_html()})


@cache
def _load_html() -> SafeString:
    text = files("prepazka.web").joinpath("prirucka-spravce.md").read_text("utf-8")
    html: SafeString = mark_safe(MarkdownIt().enable("table").render(text))  # noqa: S308 -- our own document
    return html
