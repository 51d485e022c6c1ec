"""The office's own words in the language of the page: {% load office_words %}."""

from django import template
from django.conf import settings
from django.utils.translation import get_language

from prepazka.core.office.office import Service
from prepazka.web.booking_states import describe_state

register = template.Library()


def language_of_words() -> str:
    """Return the code of the page's language."""
    return get_language() or str(settings.LANGUAGE_CODE)


@register.filter
def titled(service: Service | None) -> str:
    """Return the title of a service, "" for one the office has no more."""
    return service.title_in(language_of_words()) if service else ""


register.filter("booking_state", describe_state)
