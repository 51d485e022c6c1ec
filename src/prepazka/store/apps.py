"""The Django app of the tables."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class StoreConfig(AppConfig):
    """Tables are named by the field's terms, without a prefix."""

    name = "prepazka.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Prepare statements on each new connection; Django has no other word for "just connected"."""
        from prepazka.store.connections import prepare_statements  # noqa: PLC0415 -- Django's settings are read first

        connection_created.connect(prepare_statements, dispatch_uid="prepare_statements")
