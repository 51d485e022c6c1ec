"""The Django app of the tables."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Tables are named by the field's terms, without a prefix."""

    name = "prepazka.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"
