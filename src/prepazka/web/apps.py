"""The Django app of the pages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Templates and static files of the pages."""

    name = "prepazka.web"
    label = "web"

    def ready(self) -> None:
        """Have the register of access follow sign-ins, however somebody signs in."""
        from prepazka.web import sign_ins  # noqa: PLC0415 -- needs the models, which are ready only now

        sign_ins.register_them()
