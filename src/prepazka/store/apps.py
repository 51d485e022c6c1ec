"""The Django app of the tables."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class StoreConfig(AppConfig):
    """Tables are named by the field's terms, without a prefix."""

    name = "prepazka.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """See to each new connection; Django has no other word for "just connected"."""
        from prepazka.store import connections  # noqa: PLC0415 -- Django's settings are read first

        connection_created.connect(connections.prepare_statements, dispatch_uid="prepare_statements")
        connection_created.connect(connections.tell_of_damage, dispatch_uid="tell_of_damage")
