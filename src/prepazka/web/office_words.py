"""The office's own words in the language of the page: {% load office_words %}."""

from datetime import datetime

from django import template
from django.conf import settings
from django.utils.translation import get_language

from prepazka.core.office.office import Service
from prepazka.web.booking_states import describe_state
from prepazka.web.wording import format_at_time, format_counter, format_counter_title, format_phone

register = template.Library()


def language_of_words() -> str:
    """Return the code of the page's language."""
    return get_language() or str(settings.LANGUAGE_CODE)


@register.filter
def titled(service: Service | None) -> str:
    """Return the title of a service, "" for one the office has no more."""
    return service.title_in(language_of_words()) if service else ""


@register.filter
def at_time(moment: datetime) -> str:
    """Return `v 9:00` or `ve 14:00` of a moment in the office's own time."""
    return format_at_time(moment.time())


register.filter("booking_state", describe_state)
register.filter("phone", format_phone)
register.filter("counter", format_counter)
register.filter("counter_title", format_counter_title)
