"""Pages whose modules are imported when one of them is first asked, or behind the first answers (process/preload.py).

To import the pages of all faces takes longer than the first page itself. Their addresses are known from the start.
"""

from collections.abc import Callable
from functools import cached_property, partial
from importlib import import_module
from threading import RLock
from types import ModuleType
from typing import Any

import structlog
from django.http.response import HttpResponseBase
from django.urls import URLResolver
from django.urls.resolvers import RoutePattern

log = structlog.get_logger()

View = Callable[..., HttpResponseBase]

# One thread imports at a time: two that come to the modules of a package from different ends would wait for each other.
importing = RLock()

# What is asked of a view before it is called: by Django, by web/access.py and by web/post_only.py.
_ASKED = frozenset({"csrf_exempt", "least_role", "post_only"})


def load(module: str) -> ModuleType:
    """Import a module by its full name, one thread at a time."""
    with importing:
        return import_module(module)


class Page:
    """One view of a module, which is imported when the view is called or asked who may see it."""

    def __init__(self, module: str, name: str) -> None:
        self.__module__, self.__name__, self.__qualname__ = module, name, name
        self._view: View | None = None

    @property
    def is_loaded(self) -> bool:
        """Whether the view was asked for before."""
        return self._view is not None

    def view(self) -> View:
        """Return the view itself. Raises: whatever its module raises when it is imported; LookupError without one."""
        if self._view is None:
            self._view = vars(load(self.__module__)).get(self.__name__)
            if self._view is None:
                raise LookupError(f"{self.__module__} has no view {self.__name__}")
        return self._view

    def __call__(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer as the view does."""
        return self.view()(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        """Return what the view says of itself."""
        if name in _ASKED:
            return getattr(self.view(), name)
        raise AttributeError(name)


class Pages:
    """The views of a module, as its attributes."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Page:
        if name.startswith("_"):  # which Python and its tools look for, and no address names
            raise AttributeError(name)
        return _known.setdefault((self._module, name), Page(self._module, name))


class Addresses(URLResolver):
    """The addresses of a module, found from elsewhere by their namespace alone, so that no other page's wait for it."""

    def __init__(self, route: str, module: str, *, app_name: str, namespace: str) -> None:
        super().__init__(RoutePattern(route), module, app_name=app_name, namespace=namespace)
        self._module = module
        _addresses.append(self)

    def _populate(self) -> None:
        """Collect no names for those who look for a name without the namespace."""

    @cached_property
    def urlconf_module(self) -> ModuleType:
        """The module, once an address below is asked."""
        return load(self._module)


_known: dict[tuple[str, str], Page] = {}
_addresses: list[Addresses] = []


class NotLoaded(Exception):
    """Modules of pages cannot be imported; the log has why."""


def load_all() -> None:
    """Import the module of every page, one after another: between two of them others may.

    Raises: NotLoaded for what cannot be imported, once all the rest is.
    """
    loads: list[tuple[str, Callable[[], object]]] = [
        *((f"{module}.{name}", page.view) for (module, name), page in tuple(_known.items())),
        *((str(one.urlconf_name), partial(getattr, one, "url_patterns")) for one in _addresses),
    ]
    if failed := [name for name, load_it in loads if not _works(name, load_it)]:
        raise NotLoaded(*failed)


def _works(name: str, load_it: Callable[[], object]) -> bool:
    try:
        load_it()
    except Exception:
        log.exception("page not loaded", page=name)
        return False
    return True
