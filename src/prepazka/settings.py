"""Django's settings, all from the environment: `DATABASE_URL` and `PREPAZKA_*` (each also as `*_FILE` for secrets)."""

import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from prepazka.process import logs
from prepazka.process.environment import Environment, check_database_url, read_hosts
from prepazka.web.printers import AllowedPrinters
from prepazka.web.security_txt import read_expiry

env = Environment()


def _boolean(name: str, *, otherwise: bool) -> bool:
    """Read a boolean setting. Any other word is refused: `PREPAZKA_HTTPS=ture` would send cookies unencrypted."""
    match env.str(name, default="").lower():
        case "":
            return otherwise
        case "true" | "yes" | "on" | "1":
            return True
        case "false" | "no" | "off" | "0":
            return False
        case _:
            raise ImproperlyConfigured(f"{name} must be true or false")


def _check_networks(name: str, given: Iterable[str]) -> list[str]:
    for address in given:
        try:
            ip_network(address, strict=False)
        except ValueError:
            raise ImproperlyConfigured(
                f"{name}: {address!r} is no address or network, such as 127.0.0.1 or 10.0.0.0/8"
            ) from None
    return list(given)


# The directory of the database and the secret key of an installation without settings.
STATE = Path(env.str("PREPAZKA_STATE", default="var")).absolute()

DEBUG = False
# This machine is always answered, and so are probes and gateways, whatever name they use (web/hosts.py).
ALLOWED_HOSTS = read_hosts(env.list("PREPAZKA_HOSTS", default=[]))
# Pages are served over HTTPS, behind a proxy, except on the machine itself.
HTTPS = _boolean("PREPAZKA_HTTPS", otherwise=False)
# Addresses or networks of the proxies whose X-Forwarded-For is trusted.
PROXIES = _check_networks("PREPAZKA_PROXIES", [name.strip() for name in env.list("PREPAZKA_PROXIES", default=[])])

# The networks in which kiosks may print, at the ports of printers: private ones by default, but never this machine,
# link-local addresses (such as a cloud's metadata) or the internet.
_PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]


def _printers() -> list[AllowedPrinters]:
    given = [name.strip() for name in env.list("PREPAZKA_PRINTERS", default=_PRIVATE)]
    try:
        return [AllowedPrinters.parse(one) for one in given]
    except ValueError as error:
        raise ImproperlyConfigured(f"PREPAZKA_PRINTERS: {error}") from None


PRINTERS = _printers()


# The key and the directories made for it while these settings were read (commands/leftovers.py).
MADE: list[Path] = []


def _load_secret_key() -> str:
    """Return this installation's key, made on first use; several nodes must share one by PREPAZKA_SECRET_KEY."""
    kept = STATE / "secret.key"
    if not kept.exists():
        new_directories = [directory for directory in (STATE, *STATE.parents) if not directory.exists()]
        STATE.mkdir(parents=True, exist_ok=True)
        try:
            with kept.open("x", encoding="ascii") as new:
                kept.chmod(0o600)
                new.write(secrets.token_urlsafe(48))
            MADE.extend([kept, *new_directories])
        except FileExistsError:  # another process was first
            pass
    return kept.read_text("ascii")


SECRET_KEY = env.str("PREPAZKA_SECRET_KEY", default="") or _load_secret_key()
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("PREPAZKA_SECRET_KEY must have at least 50 characters, such as 50 random letters")

_SQLITE: dict[str, Any] = {
    # A transaction takes the write lock at BEGIN, so two of them can never both read and then both write.
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
    # Erased personal data is overwritten in the file.
    "PRAGMA secure_delete=ON;",
}


def _database_config(url: str) -> dict[str, Any]:
    """Return Django's configuration of the database at this URL: an SQLite file or a PostgreSQL server."""
    check_database_url(url)
    if url.startswith(("sqlite:///", "postgresql://", "postgres://")):
        with suppress(ValueError):  # such as a port that is no number
            described: dict[str, Any] = env.db_url_config(url)
            if described["NAME"] not in {"", ":memory:"}:
                return described
    raise ImproperlyConfigured("DATABASE_URL must be sqlite:///path.db or postgresql://user@host/name")


_database = _database_config(env.str("DATABASE_URL", default=f"sqlite:///{STATE / 'prepazka.sqlite3'}"))
if _database["ENGINE"] == "django.db.backends.sqlite3":
    _database["OPTIONS"] = _SQLITE | _database.get("OPTIONS", {})
    # Tests open the database from several processes, so it must be a file.
    _database["TEST"] = {"NAME": f"{_database['NAME']}.test"}
else:
    # The server binds the values, so that several statements can be sent at once (store.sql.together).
    _database["OPTIONS"] = {"server_side_binding": True} | _database.get("OPTIONS", {})
_database["CONN_MAX_AGE"] = 600
_database["CONN_HEALTH_CHECKS"] = True
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# /.well-known/security.txt (RFC 9116): where to report a hole of this installation, and the day until which that holds.
SECURITY_CONTACT = [one.strip() for one in env.list("PREPAZKA_SECURITY_CONTACT", default=[])]
SECURITY_EXPIRES = read_expiry(SECURITY_CONTACT, env.str("PREPAZKA_SECURITY_EXPIRES", default=""))

# The file with the moment of a rehearsal; see prepazka/clock.py.
CLOCK = env.str("PREPAZKA_CLOCK", default="")

# Whether everybody who can open the pages may use the phone simulator: by default only in the demo.
_demo = "DATABASE_URL" not in os.environ and "DATABASE_URL_FILE" not in os.environ
SIMULATOR = _boolean("PREPAZKA_SIMULATOR", otherwise=_demo)
# Whether simulated people use the demo office: never where a database is configured, which may be a real one.
DEMO_LIFE = _demo

# Lines about variables that look like settings and are none.
UNKNOWN_SETTINGS = env.unknown(os.environ)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "ninja",  # the files of the API's documentation page
    "prepazka.store",
    "prepazka.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "prepazka.web.headers.set_permissions_policy",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "prepazka.web.languages.set_language",
    "prepazka.web.hosts.refuse_other_hosts",
    "prepazka.web.problems.methods_as_problems",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "prepazka.web.access.attach_user",
    "axes.middleware.AxesMiddleware",
    "prepazka.web.typography.bind_short_words",
]
ROOT_URLCONF = "prepazka.web.urls"
WSGI_APPLICATION = "prepazka.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "libraries": {"counts": "prepazka.web.counts"},
            "context_processors": [
                "django.template.context_processors.request",
                "prepazka.web.languages.list_other_languages",
            ],
        },
    }
]
LOGGING = logs.DJANGO
STATIC_URL = "/static/"
# Static files are served from the packages, so nothing has to be collected before the first start.
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
# The longest request body, in bytes.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

LANGUAGE_CODE = "cs"
LANGUAGES = [("cs", "Česky"), ("en", "English")]
USE_TZ = True
TIME_ZONE = "Europe/Prague"

# Officials sign in by name and password; web/access.py limits the length of a session.
AUTH_USER_MODEL = "store.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {"user_attributes": ["username", "name"]},
        "MinimumLengthValidator": {"min_length": 12},
        "CommonPasswordValidator": {},
        "NumericPasswordValidator": {},
    }.items()
]
LOGIN_URL, LOGIN_REDIRECT_URL = "sign-in", "account"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
# Against guessing: after five wrong passwords from one address, the name is locked for that address for a while. A lock
# for all addresses would let anybody keep an official out; a lock for all names would shut out a whole office.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "prepazka.web.access.client_address"
AXES_LOCKOUT_CALLABLE = "prepazka.web.account.views.locked_out"
AXES_DISABLE_ACCESS_LOG = True  # the audit trail has the sign-ins
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Pages load only our own files, run no inline scripts, and are framed by no other page.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "media-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
CSRF_FAILURE_VIEW = "prepazka.web.errors.form_expired"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = SESSION_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
