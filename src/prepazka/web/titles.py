"""The titles of reply texts, outcomes and languages on pages, from the language files."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from prepazka.sms.languages import FIRST, Language, load


def language_of_page() -> Language:
    """Return the language file of the page's language; the first one when there is none."""
    languages = {language.code: language for language in load()}
    return languages.get(get_language() or FIRST, languages[FIRST])


def reply_title(name: str) -> str:
    """Return the title of a reply text."""
    return language_of_page().titles["replies"].get(name, name)


def outcome_title(name: str) -> str:
    """Return the title of an outcome in the message log and the statistics."""
    return language_of_page().titles["outcomes"].get(name, name)


def mark_language(language: Language) -> SafeString:
    """Return the name of a language in that language, marked so for who has pages read aloud."""
    return format_html('<span lang="{}">{}</span>', language.code, language.name)


def language_title(code: str) -> str:
    """Return the name of a language in that language."""
    return next((language.name for language in load() if language.code == code), code)
