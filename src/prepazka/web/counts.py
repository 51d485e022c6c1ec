"""Filters for counts with the right form of the noun: {% load counts %}."""

from django import template

from prepazka.web import wording

register = template.Library()


@register.filter
def days(count: int) -> str:
    """Return `30 dní`."""
    return wording.format_day_count(count)


@register.filter
def characters(count: int) -> str:
    """Return `2 znaky`."""
    return wording.format_character_count(count)


@register.filter
def after_minutes(minutes: int) -> str:
    """Return `1 minutě`, as it stands behind "po"."""
    return wording.format_after(minutes)


@register.filter
def duration(minutes: int) -> str:
    """Return `15 minut`, `2 hodiny`, as a duration."""
    return wording.format_duration(minutes)
