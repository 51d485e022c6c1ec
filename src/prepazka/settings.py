"""Django's settings, all from the environment: `DATABASE_URL` and `PREPAZKA_*` (each also as `*_FILE` for secrets)."""

import secrets
from pathlib import Path
from typing import Any

import environ

env = environ.FileAwareEnv()

# Where an installation without settings keeps its database and its secret key.
STATE = Path(env.str("PREPAZKA_STATE", default="var")).absolute()

DEBUG = False
ALLOWED_HOSTS = env.list("PREPAZKA_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
# Pages are served over HTTPS behind a proxy everywhere but on the machine itself.
HTTPS = env.bool("PREPAZKA_HTTPS", default=False)


def _own_secret_key() -> str:
    """The key of this installation, made on first use; several nodes must share one by PREPAZKA_SECRET_KEY."""
    kept = STATE / "secret.key"
    if not kept.exists():
        STATE.mkdir(parents=True, exist_ok=True)
        try:
            with kept.open("x", encoding="ascii") as new:
                kept.chmod(0o600)
                new.write(secrets.token_urlsafe(48))
        except FileExistsError:  # another process was first
            pass
    return kept.read_text("ascii")


SECRET_KEY = env.str("PREPAZKA_SECRET_KEY", default="") or _own_secret_key()

_SQLITE: dict[str, Any] = {
    # A writer takes its lock at BEGIN, so two transactions can never both read and then both write.
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
}
_database: dict[str, Any] = env.db_url("DATABASE_URL", default=f"sqlite:///{STATE / 'prepazka.sqlite3'}")
if _database["ENGINE"] == "django.db.backends.sqlite3":
    _database["OPTIONS"] = _SQLITE | _database.get("OPTIONS", {})
    # Tests open the file from several processes, so it is never one in memory.
    _database["TEST"] = {"NAME": f"{_database['NAME']}.test"}
_database["CONN_MAX_AGE"] = 600
_database["CONN_HEALTH_CHECKS"] = True
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.staticfiles",
    "prepazka.store",
    "prepazka.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "prepazka.web.urls"
WSGI_APPLICATION = "prepazka.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
STATIC_URL = "/static/"

LANGUAGE_CODE = "cs"
LANGUAGES = [("cs", "Čeština"), ("en", "English")]
USE_TZ = True
TIME_ZONE = "Europe/Prague"

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = SESSION_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
