"""What pages call reply texts, outcomes and languages of messages: the words of the language files."""

from django.utils.translation import get_language

from prepazka.sms.languages import FIRST, Language, load


def language_of_page() -> Language:
    """The language file of the language the page is shown in; the first one where there is none."""
    languages = {one.code: one for one in load()}
    return languages.get(get_language() or FIRST, languages[FIRST])


def reply_title(name: str) -> str:
    """What a reply text is called."""
    return language_of_page().titles["replies"].get(name, name)


def outcome_title(name: str) -> str:
    """What the log of messages and the statistics call an outcome."""
    return language_of_page().titles["outcomes"].get(name, name)


def language_title(code: str) -> str:
    """What a language of messages is called, in itself."""
    return next((one.name for one in load() if one.code == code), code)
