"""The manuals (docs/prirucka-*.md) as HTML."""

from functools import cache
from importlib.resources import files
from typing import Literal

from django.utils.safestring import SafeString, mark_safe


@cache
def load_manual(of: Literal["spravce", "urednika"]) -> SafeString:
    """Return the manual of the administrators or of the clerks."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 -- the start does without it; manuals are read now and then

    text = files("prepazka.web").joinpath(f"prirucka-{of}.md").read_text("utf-8")
    html: SafeString = mark_safe(MarkdownIt().enable("table").render(text))  # noqa: S308 -- our own document
    return html
