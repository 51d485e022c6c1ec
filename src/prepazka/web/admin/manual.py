"""The administrators' manual (docs/prirucka-spravce.md), shown where it is needed."""

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
    """The whole manual."""
    return office_page(request, "manual", "admin-manual", {"manual": _html()})


@cache
def _html() -> SafeString:
    text = files("prepazka.web").joinpath("prirucka-spravce.md").read_text("utf-8")
    html: SafeString = mark_safe(MarkdownIt().enable("table").render(text))  # noqa: S308 -- our own document
    return html
