"""The Django app of the records."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Tables are named in the field's own words, without a prefix."""

    name = "prepazka.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"
