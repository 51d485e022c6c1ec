"""Django's settings, all from the environment: `DATABASE_URL` and `PREPAZKA_*` (each also as `*_FILE` for secrets)."""

import os
from collections.abc import Iterable
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

import phonenumbers
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from prepazka.core.office.roles import FactorRule
from prepazka.core.rate_limits import LIMITS as USUAL_LIMITS
from prepazka.process import apps, database, logs
from prepazka.process.database import read_limit, read_pool
from prepazka.process.environment import (
    Environment,
    read_certificate,
    read_directory,
    read_file,
    read_hosts,
    read_key,
    read_keys,
    read_mail_server,
    read_price,
    read_provider,
    read_sender,
    read_state,
    read_token,
    read_watchdog,
)
from prepazka.process.secret_key import OWN_KEY
from prepazka.store.time_limits import TimeLimits
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


def _read_countries(given: Iterable[str]) -> frozenset[str]:
    countries = frozenset(country.strip().upper() for country in given)
    if unknown := sorted(countries - phonenumbers.SUPPORTED_REGIONS):
        raise ImproperlyConfigured(f"PREPAZKA_COUNTRIES: {unknown[0]!r} is no country, such as CZ")
    return countries


def _origin(url: str) -> str:
    address = urlsplit(url)
    return f"{address.scheme}://{address.netloc}"


def _factor_rule() -> FactorRule:
    """Return the rule of PREPAZKA_SECOND_FACTOR."""
    match env.str("PREPAZKA_SECOND_FACTOR", default="").strip().lower() or "none":
        case "none" | "clerk" | "manager" | "administrator" as rule:
            return rule
        case _:
            raise ImproperlyConfigured("PREPAZKA_SECOND_FACTOR must be clerk, manager, administrator or none")


# The directory of the database and the secret key of an installation without settings.
STATE = read_state(env.str("PREPAZKA_STATE", default="var"))

# Who was erased lately, without a person: applied again after a restore (flows/erasure_list.py).
ERASURES = read_file("PREPAZKA_ERASURES", Path(env.str("PREPAZKA_ERASURES", default="") or STATE / "erasures.jsonl"))
# Days backups and logs of the database are kept, which the offices' pages promise.
BACKUP_DAYS = env.int("PREPAZKA_BACKUP_DAYS", default=35)
if not 1 <= BACKUP_DAYS <= 365:
    raise ImproperlyConfigured("PREPAZKA_BACKUP_DAYS must be from 1 to 365")

DEBUG = False
# This machine is always answered, and so are probes and gateways, whatever name they use (web/hosts.py).
ALLOWED_HOSTS = read_hosts(env.list("PREPAZKA_HOSTS", default=[]))
# Pages are served over HTTPS, behind a proxy, except on the machine itself.
HTTPS = _boolean("PREPAZKA_HTTPS", otherwise=False)
# Addresses or networks of the proxies whose X-Forwarded-For is trusted.
PROXIES = _check_networks("PREPAZKA_PROXIES", [name.strip() for name in env.list("PREPAZKA_PROXIES", default=[])])


def _read_limits(given: Iterable[str]) -> dict[str, int]:
    """Return this installation's own figures of the rate limits, by their names."""
    figures = {}
    for setting in given:
        name, _, figure = (part.strip() for part in setting.partition("="))
        if name not in USUAL_LIMITS or not figure.isdecimal() or int(figure) == 0:
            known = ", ".join(USUAL_LIMITS)
            raise ImproperlyConfigured(f"PREPAZKA_LIMITS: {setting!r} is not NAME=FIGURE with one of the names {known}")
        figures[name] = int(figure)
    return figures


# Figures of rate limits (core/rate_limits.py) that differ from the usual ones.
LIMITS = _read_limits(env.list("PREPAZKA_LIMITS", default=[]))

# Countries whose phones offices write to first; a phone of any other country is only answered.
COUNTRIES = _read_countries(env.list("PREPAZKA_COUNTRIES", default=["CZ", "SK", "DE", "AT", "PL", "UA"]))


# What one SMS costs, in crowns; only for the estimate administrators see.
SMS_PRICE = read_price(env.str("PREPAZKA_SMS_PRICE", default="1.20"))

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


# Keys before the present one, while what they sealed and signed is still in use (docs/operations.md).
SECRET_KEY_FALLBACKS = read_keys("PREPAZKA_SECRET_KEY_BEFORE", env.str("PREPAZKA_SECRET_KEY_BEFORE", default=""))

# Time limits of PostgreSQL in seconds, 0 for none (docs/spec/safety.md §4.4).
TIME_LIMITS = TimeLimits(
    lock=read_limit("PREPAZKA_LOCK_TIMEOUT", env.int("PREPAZKA_LOCK_TIMEOUT", default=8)),
    statement=read_limit("PREPAZKA_STATEMENT_TIMEOUT", env.int("PREPAZKA_STATEMENT_TIMEOUT", default=30)),
    idle=read_limit("PREPAZKA_IDLE_TIMEOUT", env.int("PREPAZKA_IDLE_TIMEOUT", default=5)),
    tcp=read_limit("PREPAZKA_TCP_TIMEOUT", env.int("PREPAZKA_TCP_TIMEOUT", default=10)),
)
_URL = env.str("DATABASE_URL", default=f"sqlite:///{STATE / 'prepazka.sqlite3'}")
# The most connections to PostgreSQL that the threads of one process share; 0: each thread keeps one of its own.
POOL = read_pool(env.int("PREPAZKA_POOL", default=0))
DATABASES = {"default": database.configure(env, _URL, TIME_LIMITS, POOL)}
# PostgreSQL's own address past a pooler, to hear of changed offices by LISTEN.
LISTEN_URL = database.read_listen_url(env.str("PREPAZKA_LISTEN_URL", default=""), _URL)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


# When each number texts itself in the morning (core/watchdog.py); None: never.
WATCHDOG = read_watchdog(env.str("PREPAZKA_WATCHDOG", default=""))

# Where the certificate of the pages is: a file in PEM form, or the proxy's HOST or HOST:PORT.
CERTIFICATE = read_certificate(env.str("PREPAZKA_CERTIFICATE", default=""))
# Who may read the figures of /metrics: whoever has the token, or calls from one of these addresses or networks.
METRICS_TOKEN = read_token(env.str("PREPAZKA_METRICS_TOKEN", default=""))
METRICS_FROM = _check_networks(
    "PREPAZKA_METRICS_FROM",
    [name.strip() for name in env.list("PREPAZKA_METRICS_FROM", default=["127.0.0.0/8", "::1"])],
)
# Whether figures of messages and acts are counted for each office.
METRICS_BY_OFFICE = _boolean("PREPAZKA_METRICS_OFFICES", otherwise=False)

# Lists for a day without the system (web/day_list.py): the folder they are put into, and the server that mails them.
DAY_LISTS = read_directory("PREPAZKA_DAY_LISTS", Path(env.str("PREPAZKA_DAY_LISTS", default="") or STATE / "day-lists"))
MAIL = read_mail_server(env.str("PREPAZKA_SMTP_URL", default=""))
EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.host, MAIL.port, MAIL.user, MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL, EMAIL_TIMEOUT = MAIL.starttls, MAIL.tls, 20
DEFAULT_FROM_EMAIL = read_sender(env.str("PREPAZKA_MAIL_FROM", default=""), MAIL)

# /.well-known/security.txt (RFC 9116): where to report a hole of this installation, and the day until which that holds.
SECURITY_CONTACT = [one.strip() for one in env.list("PREPAZKA_SECURITY_CONTACT", default=[])]
SECURITY_EXPIRES = read_expiry(SECURITY_CONTACT, env.str("PREPAZKA_SECURITY_EXPIRES", default=""))

# The file with the moment of a rehearsal; see prepazka/clock.py.
CLOCK = env.str("PREPAZKA_CLOCK", default="")

# Whether everybody who can open the pages may use the phone simulator: by default only in the demo.
_demo = "DATABASE_URL" not in os.environ and "DATABASE_URL_FILE" not in os.environ
# Whether nobody configured anything: nothing there has to be kept.
DEMO = _demo
_local = not HTTPS and set(ALLOWED_HOSTS) <= {"127.0.0.1", "localhost", "[::1]"}
SIMULATOR = _boolean("PREPAZKA_SIMULATOR", otherwise=_demo and _local)
# Whether simulated people use the demo office: never where a database is configured, which may be a real one.
# `serve` switches both off where it listens beyond this machine.
DEMO_LIFE = _demo and SIMULATOR

INSTALLED_APPS = apps.installed()
MIDDLEWARE = [
    "prepazka.web.measured.measure",
    "prepazka.web.callers.know_caller",
    "django.middleware.security.SecurityMiddleware",
    "prepazka.web.headers.ContentSecurityPolicy",
    "prepazka.web.headers.set_permissions_policy",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "prepazka.web.languages.set_language",
    "prepazka.web.bodies.refuse_too_long",
    "prepazka.web.hosts.refuse_other_hosts",
    "prepazka.web.errors.explain_methods",
    "prepazka.web.sessions.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "prepazka.web.access.attach_user",
    "allauth.account.middleware.AccountMiddleware",
    "prepazka.web.hashing_pool.refuse_when_busy",
    "prepazka.web.typography.bind_short_words",
]
ROOT_URLCONF = "prepazka.web.urls"
WSGI_APPLICATION = "prepazka.web.wsgi.application"
# The files of the API's documentation page; the library itself is loaded when the API is first asked.
_NINJA = apps.folder_of("ninja")
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_NINJA / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["prepazka.web.form_token"],
            "libraries": {"counts": "prepazka.web.counts", "office_words": "prepazka.web.office_words"},
            "context_processors": [
                "django.template.context_processors.request",
                "prepazka.web.languages.list_other_languages",
            ],
        },
    }
]
# The form of the log's lines (process/logs.py).
if env.str("PREPAZKA_LOG", default="text").strip().lower() not in logs.FORMS:
    raise ImproperlyConfigured(f"PREPAZKA_LOG must be {' or '.join(logs.FORMS)}")
LOGGING = logs.DJANGO
STATIC_URL = "/static/"
STATICFILES_DIRS = [_NINJA / "static"]
# Static files are served from the packages, so nothing has to be collected before the first start.
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
# The longest request body but for files, in bytes; web/bodies.py has the limits of those who are not known.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

LANGUAGE_CODE = "cs"
LANGUAGES = [("cs", "Česky"), ("en", "English")]
USE_TZ = True
TIME_ZONE = "Europe/Prague"

# Officials sign in by name and password, and by a second factor; web/access.py limits the length of a session.
AUTH_USER_MODEL = "store.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["prepazka.web.hashing_pool.PooledPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "name"]},
    },
    {"NAME": "prepazka.web.account.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "prepazka.web.account.passwords.PasswordRules"},
]
LOGIN_URL, LOGIN_REDIRECT_URL = "sign-in", "account"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
# Single sign-on: the organisation's OpenID Connect provider (docs/operations.md).
OIDC_URL = read_provider(env.str("PREPAZKA_OIDC_URL", default="").strip().rstrip("/"))
OIDC_CLIENT = env.str("PREPAZKA_OIDC_CLIENT", default="").strip()
OIDC_SECRET = env.str("PREPAZKA_OIDC_SECRET", default="").strip()
OIDC_NAME = env.str("PREPAZKA_OIDC_NAME", default="").strip() or "organizace"
if OIDC_URL and not (OIDC_CLIENT and OIDC_SECRET):
    raise ImproperlyConfigured("PREPAZKA_OIDC_URL needs PREPAZKA_OIDC_CLIENT and PREPAZKA_OIDC_SECRET beside it")
SOCIALACCOUNT_ADAPTER = "prepazka.web.account.single_sign_on.ProviderAdapter"
# From which role on everybody signs in with a second factor, in every office; operators always do.
SECOND_FACTOR = _factor_rule()

# django-allauth has the steps of a sign-in (web/account). What it would ask of visitors by e-mail does not exist here,
# and its rate limits count in a cache: ours count in the database.
ACCOUNT_ADAPTER = "prepazka.web.account.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "prepazka.web.account.forms.SignInForm",
    "reauthenticate": "prepazka.web.account.forms.PasswordAgainForm",
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False
ACCOUNT_SESSION_REMEMBER = False
# How long a proof of identity counts is measured in web/access.py, by the office's clock.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
MFA_ADAPTER = "prepazka.web.account.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "activate_totp": "prepazka.web.account.forms.EnrolForm",
    "add_webauthn": "prepazka.web.account.forms.PasskeyForm",
    "authenticate": "prepazka.web.account.forms.CodeForm",
    "reauthenticate": "prepazka.web.account.forms.CodeAgainForm",
}
MFA_RATE_LIMITS = False
MFA_TOTP_ISSUER = "Přepážka"
# The clocks of telephones differ: the code before and the one after count too, each of them once.
MFA_TOTP_TOLERANCE = 1

# Pages load only our own files, run no inline scripts, and are framed by no other page.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "media-src": [SELF],
        "connect-src": [SELF],
        # The form that signs in by the provider leads there.
        "form-action": [SELF, *([_origin(OIDC_URL)] if OIDC_URL else [])],
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

# The last of all, because it may be made here: settings that are refused above leave no key behind.
SECRET_KEY = read_key("PREPAZKA_SECRET_KEY", env.str("PREPAZKA_SECRET_KEY", default="") or OWN_KEY.load(STATE))

# Lines about variables that look like settings and are none; every setting was read above.
UNKNOWN_SETTINGS = env.unknown(os.environ, on_file=_URL.startswith("sqlite:"))
