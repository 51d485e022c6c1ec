"""Which of Django's apps a process loads: all of them, or only the tables where nobody signs in and no page is shown.

The libraries of signing in and of the API take longer to load than a command with one message takes to work. A process
without them cannot touch an account by mistake: importing a table of theirs fails at once.
"""

TABLES = "prepazka.store"
_ALL = (
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "ninja",  # the files of the API's documentation page
    TABLES,
    "prepazka.web",
)
_installed = [*_ALL]


def leave_out_accounts() -> None:
    """Have this process load the tables only; before its settings are read, later it changes nothing."""
    _installed[:] = [TABLES]


def installed() -> list[str]:
    """Return the apps to load, as Django's settings take them."""
    return [*_installed]


def with_accounts() -> bool:
    """Whether Django has loaded the apps of the accounts."""
    from django.apps import apps  # noqa: PLC0415 -- the settings import this module before Django is set up

    return apps.is_installed("prepazka.web")
