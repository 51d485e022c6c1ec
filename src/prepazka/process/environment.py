"""The environment's settings as people write them: what is wrong is told in one line with the fix, never guessed."""

import os
import re
from collections.abc import Iterable, Mapping
from datetime import time
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from email.utils import parseaddr
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from environ.fileaware_mapping import FileAwareMapping

from prepazka.private_files import is_of_the_system
from prepazka.process.secret_key import LEAST

PREFIX = "PREPAZKA_"
# What Kubernetes and Docker put into the environment for a service that is called prepazka.
_OF_OTHERS = re.compile(r"PREPAZKA_(SERVICE_|PORT(_|$)|NAME$|ENV_)")
_LABEL = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_HOST = re.compile(rf"\*|\.?{_LABEL}(\.{_LABEL})*|\[[0-9a-f:.]+\]")
# What is read only beside another setting.
_NEEDS = {
    "PREPAZKA_MAIL_FROM": "PREPAZKA_SMTP_URL",
    "PREPAZKA_OIDC_CLIENT": "PREPAZKA_OIDC_URL",
    "PREPAZKA_OIDC_NAME": "PREPAZKA_OIDC_URL",
    "PREPAZKA_OIDC_SECRET": "PREPAZKA_OIDC_URL",
    "PREPAZKA_SECURITY_EXPIRES": "PREPAZKA_SECURITY_CONTACT",
}
# What a file of SQLite has no use for; `read_listen_url` refuses another one.
_OF_POSTGRESQL = (
    "PREPAZKA_IDLE_TIMEOUT",
    "PREPAZKA_LOCK_TIMEOUT",
    "PREPAZKA_POOL",
    "PREPAZKA_STATEMENT_TIMEOUT",
    "PREPAZKA_TCP_TIMEOUT",
)
# What other programs have as a setting, and this one as an option; Kubernetes has an address as a port.
_OPTIONS = {"PREPAZKA_PORT": "--port", "PREPAZKA_WORKERS": "--workers"}
_PORTS = range(1, 65536)
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]


class Environment(environ.FileAwareEnv):  # type: ignore[misc]  # the library has no types
    """Settings from variables, or from the files their `…_FILE` names; an empty one counts as not set.

    A value is taken as it stands: the library would take one that begins with $ for the name of another.
    """

    def __init__(self) -> None:
        super().__init__()
        self.ENVIRON = FileAwareMapping(cache=False)
        self.asked: set[str] = set()

    def get_value(
        self, var: str, cast: Any = None, default: Any = environ.Env.NOTSET, parse_default: bool = False
    ) -> Any:
        """Return a setting.

        Raises: ImproperlyConfigured when its file cannot be read or is empty, or the value is none of its kind.
        """
        self.asked.add(var)
        try:
            given = self.ENVIRON.get(var, "").strip()
        except UnicodeDecodeError:
            raise ImproperlyConfigured(f"{var}_FILE: the file is no text in UTF-8") from None
        except OSError as error:
            fix = f"; run: chown root:prepazka {error.filename} && chmod 640 {error.filename}"
            fix = fix if isinstance(error, PermissionError) else ""
            raise ImproperlyConfigured(f"{var}_FILE: {error.filename}: {error.strerror}{fix}") from None
        if file := "" if given else os.environ.get(f"{var}_FILE", ""):
            # An empty key would be taken for none, and another one made in its place.
            raise ImproperlyConfigured(f"{var}_FILE: {file} is empty; put the value into it, or leave {var}_FILE out")
        try:
            return self.parse_value(given, cast) if given else default
        except ValueError:
            raise ImproperlyConfigured(f"{var} must be a whole number, not {given!r}") from None

    def unknown(self, given: Mapping[str, str], *, on_file: bool = False) -> list[str]:
        """Return a line for each variable of ours that no setting reads, that is set twice, or that needs another one.

        Each would silently do nothing, or not what was meant. on_file: whether the database is a file of SQLite.
        """
        known = sorted(self.asked | {f"{name}_FILE" for name in self.asked})
        options = [name for name in _OPTIONS if given.get(name, "").strip().isdecimal()]
        ours = [name for name in given if name.startswith(PREFIX) and not _OF_OTHERS.match(name)]
        twice = [name for name in sorted(self.asked) if given.get(name) and given.get(f"{name}_FILE")]
        read = {name for name in self.asked if given.get(name) or given.get(f"{name}_FILE")}
        quoted = [name for name in sorted(self.asked) if re.fullmatch(r"([\"']).*\1", given.get(name, ""), re.DOTALL)]
        return [
            *(f"{name} is no setting; it is an option: prepazka serve {_OPTIONS[name]}" for name in options),
            *(_name_unknown(name, known) for name in sorted(ours) if name not in known and name not in options),
            *self._misspelt(given, known),
            *(f"{name} and {name}_FILE are both set, and the file is taken; leave one of them out" for name in twice),
            *(f"{name} begins and ends with a quotation mark, which is part of it; leave both out" for name in quoted),
            *(
                f"{name} does nothing without {other}; set that, too, or leave it out"
                for name, other in _NEEDS.items()
                if name in read and other not in read
            ),
            *(
                f"{name} does nothing without PostgreSQL; name one in DATABASE_URL, or leave it out"
                for name in (_OF_POSTGRESQL if on_file else ())
                if name in read
            ),
        ]

    def _misspelt(self, given: Mapping[str, str], known: list[str]) -> list[str]:
        """Return a line for each variable that was to be one of ours, but does not even begin as one of them does."""
        near = [
            name
            for name in sorted(given)
            if not name.startswith(PREFIX)
            and get_close_matches(f"{name.upper().partition('_')[0]}_", [PREFIX], 1, 0.75)
        ]
        if not {"DATABASE_URL", "DATABASE_URL_FILE"} & given.keys():  # which would be another program's then
            near += [name for name in sorted(given) if get_close_matches(name.upper(), ["DATABASE_URL"], 1, 0.85)]
        return [
            f"{name} is no setting; did you mean {get_close_matches(name.upper(), known, 1, 0)[0]}?" for name in near
        ]


def _name_unknown(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, 1, 0.75)
    return f"{name} is no setting; {f'did you mean {near[0]}?' if near else 'README.md lists all'}"


def read_state(given: str) -> Path:
    """Return the state directory, which is closed to others. Raises: ImproperlyConfigured for one of the system."""
    place = read_directory("PREPAZKA_STATE", Path(given))
    if is_of_the_system(place):
        fix = "name one for this program alone, such as /var/lib/prepazka"
        raise ImproperlyConfigured(f"PREPAZKA_STATE: {place} is a directory of the system; {fix}")
    return place


def read_directory(name: str, given: Path) -> Path:
    """Return the whole path of a directory that may be made. Raises: ImproperlyConfigured for anything else."""
    place = given.absolute()
    if os.path.exists(place) and not os.path.isdir(place):  # noqa: PTH110, PTH112 -- false, too, where nobody may look
        raise ImproperlyConfigured(f"{name}: {place} is no directory; name one, such as /var/lib/prepazka")
    return place


def read_file(name: str, given: Path) -> Path:
    """Return the whole path of a file that is replaced when it is written.

    Raises: ImproperlyConfigured for a directory, and for a device such as /dev/null, which a file would take the
    place of.
    """
    place = given.absolute()
    if os.path.exists(place) and not os.path.isfile(place):  # noqa: PTH110, PTH113 -- false, too, where nobody may look
        kind = "a directory; name a file in it" if place.is_dir() else "no file; name one, or leave the setting out"
        raise ImproperlyConfigured(f"{name}: {place} is {kind}")
    return place


def read_hosts(given: Iterable[str]) -> list[str]:
    """Return the host names as browsers send them, and this machine's own.

    Raises: ImproperlyConfigured for what is no host name, such as an address with https://.
    """
    return [_read_host(one.strip()) for one in given if one.strip()] + LOOPBACK


def _read_host(given: str) -> str:
    name = given
    if "://" in given or "/" in given:
        name = urlsplit(given if "://" in given else f"//{given}").netloc
    name = re.sub(r"(?<=[^:]):\d+$", "", name) if not name.count(":") > 1 or "]" in name else f"[{name}]"
    name = _to_ascii(name.lower().rstrip("."))
    if not _HOST.fullmatch(name):
        wild = name.startswith("*.") and _HOST.fullmatch(name[1:])
        fix = f"; write {name[1:]}" if wild else ", such as objednani.example; a comma separates several"
        raise ImproperlyConfigured(f"PREPAZKA_HOSTS: {given!r} is no host name{fix}")
    if name != _to_ascii(given.lower().rstrip(".")):
        raise ImproperlyConfigured(f"PREPAZKA_HOSTS: {given!r} is more than a host name; write {name}")
    return name


def _to_ascii(name: str) -> str:
    """Return a name with accents as browsers send it; one with other signs, such as “ and ”, as it is."""
    try:
        return name.encode("idna").decode("ascii") if re.fullmatch(r"[\w.-]+", name) else name
    except UnicodeError:
        return name


def check_database_url(url: str) -> None:
    """Raises: ImproperlyConfigured for a password with characters that end it too early, a wrong port or host.

    The line does not tell the password.
    """
    authority = url.partition("://")[2]
    try:
        parsed = urlsplit(url)
    except ValueError:  # a bracket too many or too few
        raise ImproperlyConfigured(f"{_HOST_OF_DATABASE}; in a password write [ as %5B and ] as %5D") from None
    if url.startswith("sqlite:") and (parsed.fragment or (parsed.query and "=" not in parsed.query)):
        raise ImproperlyConfigured("DATABASE_URL: in the name of a file write # as %23, ? as %3F and % as %25")
    if not url.startswith("sqlite:") and (authority.count("@") > 1 or ("@" in authority and "@" not in parsed.netloc)):
        raise ImproperlyConfigured(
            "DATABASE_URL: in a user or password write @ as %40, : as %3A, / as %2F, # as %23, ? as %3F and % as %25"
        )
    try:
        port = parsed.port
    except ValueError:
        port = 0
    if port == 0:
        several = "; several hosts share one, at the end: db1,db2:5432" if "," in parsed.netloc else ""
        raise ImproperlyConfigured(f"DATABASE_URL: the port must be a number from 1 to 65535, such as 5432{several}")
    try:
        (parsed.hostname or "").encode("idna")
    except UnicodeError:
        raise ImproperlyConfigured(_HOST_OF_DATABASE) from None


_HOST_OF_DATABASE = "DATABASE_URL: the host must be a name or an address, such as db.example"


class MailServer(NamedTuple):
    """The server that takes the installation's e-mails; host: "" for none. tls: from the first byte."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    starttls: bool = False
    tls: bool = False


def read_mail_server(url: str) -> MailServer:
    """Return the server of a URL such as smtp+tls://user:password@mail.example:587; of "" none.

    Raises: ImproperlyConfigured; the line does not tell the password.
    """
    if not url:
        return MailServer()
    schemes = {"smtp": (25, False, False), "smtp+tls": (587, True, False), "smtps": (465, False, True)}
    try:
        parsed = urlsplit(url)
        usual, starttls, tls = schemes[parsed.scheme]
        user, password = unquote(parsed.username or ""), unquote(parsed.password or "")
        # What stands behind the host is the end of a password with / or ? or # in it, which has another host then.
        if parsed.hostname and parsed.port != 0 and not (parsed.path.strip("/") or parsed.query or parsed.fragment):
            return MailServer(parsed.hostname, parsed.port or usual, user, password, starttls, tls)
    except (KeyError, ValueError):
        pass
    raise ImproperlyConfigured(
        "PREPAZKA_SMTP_URL must be smtp+tls://user:password@host:587, smtps://… or smtp://…; "
        "in the password write / as %2F, # as %23, ? as %3F and % as %25"
    )


def read_sender(given: str, server: MailServer) -> str:
    """Return the sender of the installation's e-mails. Raises: ImproperlyConfigured when a server has none."""
    if server.host and not given:
        raise ImproperlyConfigured(
            "PREPAZKA_SMTP_URL needs PREPAZKA_MAIL_FROM beside it, such as prepazka@urad.example"
        )
    from django.core.validators import validate_email  # noqa: PLC0415 -- few installations have a sender

    try:
        if given:
            validate_email(parseaddr(given)[1] if given.isprintable() else "")  # a line more would be a header more
    except ValidationError:
        fix = "such as prepazka@urad.example"
        raise ImproperlyConfigured(f"PREPAZKA_MAIL_FROM: {given!r} is no address of e-mail, {fix}") from None
    return given


def read_provider(url: str) -> str:
    """Return the address of a provider; its word counts for a password, so nobody may listen in between.

    Raises: ImproperlyConfigured.
    """
    try:
        address = urlsplit(url)
        port, host = address.port, address.hostname or ""
    except ValueError:  # a bracket, or a port that is none
        port, host, address = 0, "", urlsplit("")
    local = address.scheme == "http" and host in {"localhost", "127.0.0.1", "::1"}
    sound = re.fullmatch(r"[!-~]{1,200}", url) and port != 0 and not (address.query or address.fragment)
    if url and not (host and sound and (address.scheme == "https" or local)):
        raise ImproperlyConfigured("PREPAZKA_OIDC_URL must be an address such as https://login.example/realms/town")
    return url


def read_certificate(given: str) -> str:
    """Return where the certificate is: the path of a file, HOST, HOST:PORT, or "". Raises: ImproperlyConfigured."""
    place = given.strip()
    host = re.fullmatch(r"[A-Za-z0-9.-]+(?::(\d{1,5}))?", place)
    a_file = re.search(r"\.(pem|crt|cer|key)$", place) and not place.startswith("/")
    if place and not place.startswith("/") and not (host and int(host[1] or 443) in _PORTS and not a_file):
        raise ImproperlyConfigured(
            "PREPAZKA_CERTIFICATE must be the whole path of a file, or a host such as objednani.example"
        )
    return place


def read_token(given: str) -> str:
    """Return the token of those who read the figures, "" for none. Raises: ImproperlyConfigured."""
    token = given.strip()
    if token and not re.fullmatch(r"[!-~]{20,}", token):
        raise ImproperlyConfigured(
            "PREPAZKA_METRICS_TOKEN must have at least 20 characters, all of them ASCII, no spaces"
        )
    return token


def read_key(name: str, given: str) -> str:
    """Return a secret key. Raises: ImproperlyConfigured for one that can be guessed; the line does not tell it."""
    if not _is_key(given):
        raise ImproperlyConfigured(
            f"{name} must have at least {LEAST} characters, 5 of them different, such as 50 random letters"
        )
    return given


# docs/spec/safety.md §5.2: "a key that has a comma itself is found among them, too"
def read_keys(name: str, given: str) -> list[str]:
    """Return several secret keys, separated by commas. Raises: ImproperlyConfigured, as `read_key` does.

    A comma may as well belong to a key. Where there are two ways to read it, both are taken: a key that never was one
    opens nothing.
    """
    parts = given.split(",")
    places = range(len(parts))
    joined = {(first, last): ",".join(parts[first : last + 1]).strip() for first in places for last in places[first:]}
    keys = {place: key for place, key in joined.items() if _is_key(key)}
    for place, part in enumerate(parts):
        if part.strip() and not any(first <= place <= last for first, last in keys):
            read_key(name, part.strip())
    return list(dict.fromkeys(keys.values()))


def _is_key(given: str) -> bool:
    return len(given) >= LEAST and len(set(given)) >= 5  # as `manage.py check --deploy` of Django counts


def read_price(given: str) -> Decimal:
    """Return the price of one SMS, in crowns. Raises: ImproperlyConfigured."""
    try:
        price = Decimal(given.strip().replace(",", "."))
    except InvalidOperation:
        price = Decimal(-1)
    if not price.is_finite() or not 0 <= price <= 1000:
        raise ImproperlyConfigured("PREPAZKA_SMS_PRICE must be the price of one SMS in crowns, such as 1.20")
    return price


def read_watchdog(given: str) -> time | None:
    """Return the time of day at which numbers text themselves, if at all. Raises: ImproperlyConfigured."""
    if not given.strip():
        return None
    if written := re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", given.strip(), re.ASCII):
        return time(int(written[1]), int(written[2]))
    raise ImproperlyConfigured("PREPAZKA_WATCHDOG must be a time of day, such as 6:30")
