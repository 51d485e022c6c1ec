"""Modules that libraries of ours import and hardly ever use: each is executed when something of it is first used.

Together they would take 7 of the 87 MiB of a process that has loaded all, and an office may have one small machine.
A module counts as imported at once, as Python's own `importlib.util.LazyLoader` has it; here its submodules can be
imported without it, and the functions named below before it is executed.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from threading import RLock
from types import ModuleType
from typing import Any

# By the module: what others import from it by name and only call. Why it is imported, and by whom:
PUT_OFF: Mapping[str, tuple[str, ...]] = {
    # Django takes SQL scripts of migrations apart, and SQLite's table definitions; ours have none to take apart.
    "sqlparse": (),
    # The API's library hears of settings that tests change; the tools of all tests come along.
    "django.test": (),
    # Django and django-allauth could send e-mail; of ours only lists for a day without the system go that way.
    "django.core.mail": ("EmailMessage", "EmailMultiAlternatives", "get_connection", "mail_managers", "send_mail"),
    # Of every name below which anybody can register one: asked for when a passkey is used for a part of a host.
    "fido2.rpid": ("verify_rp_id",),
    # Numbers found within a text, and while they are typed.
    "phonenumbers.asyoutypeformatter": ("AsYouTypeFormatter",),
    "phonenumbers.phonenumbermatcher": ("Leniency", "PhoneNumberMatch", "PhoneNumberMatcher"),
    # Days as texts; we ask for days as dates.
    "dateutil.parser": ("parse",),
    # Calendars of the world by the moon: a country that has none needs the three groups of holidays below.
    "holidays.calendars": (),
    "holidays.groups": (),
    # A server, gateways to others, and measuring this process itself; `web/metrics.py` names what it needs.
    "prometheus_client": (),
}

# What is imported from a package of these and stands in one of its modules, which are executed for themselves.
IN_MODULES: Mapping[str, str] = {
    "holidays.groups.ChristianHolidays": "christian",
    "holidays.groups.InternationalHolidays": "international",
    "holidays.groups.StaticHolidays": "custom",
}

_executing = RLock()


class _PutOff(ModuleType):
    """A module that was found and not executed."""

    def __getattr__(self, name: str) -> Any:
        """Execute it, and return what was asked for; what Python and its tools look for in any module is not in it."""
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        if module := IN_MODULES.get(f"{self.__name__}.{name}"):
            return getattr(import_module(f"{self.__name__}.{module}"), name)
        with _executing:
            _execute(self)
            if type(self) is _PutOff:  # it asks for something of its own while it is executed
                raise AttributeError(name)
        return getattr(self, name)


class _LaterLoader(Loader):
    """Makes a module as it would be made, and leaves it at that."""

    def __init__(self, loader: Loader) -> None:
        self.loader = loader
        self.begun = False

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return a module that is executed later."""
        return _PutOff(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Put it off: have only the names ready that are imported from it."""
        for name in PUT_OFF[module.__name__]:
            setattr(module, name, _stand_in(module, name))


def _execute(module: ModuleType) -> None:
    """Execute it, unless that was done or has begun; a module like any other from then on."""
    spec = module.__spec__
    if spec is None or not isinstance(later := spec.loader, _LaterLoader) or later.begun:
        return
    later.begun = True
    try:
        later.loader.exec_module(module)
    except BaseException:
        later.begun = False
        raise
    spec.loader = module.__loader__ = later.loader
    module.__class__ = ModuleType


def _stand_in(module: ModuleType, name: str) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        """Call what this stands for."""
        with _executing:
            _execute(module)
        return getattr(module, name)(*args, **kwargs)

    return call


class _Finder(MetaPathFinder):
    """Finds the modules above."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where one of them is; None for all others, which are found as ever."""
        if fullname not in PUT_OFF:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _LaterLoader(spec.loader)
        return spec


_finder = _Finder()


def put_off() -> None:
    """Have these modules executed when they are used, from now on; whatever is imported already stays as it is."""
    if _finder not in sys.meta_path:
        sys.meta_path.insert(0, _finder)
