"""Addresses that only take forms: opened as a page, they lead to the page their form stands on."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve

View = Callable[..., HttpResponseBase]


# docs/spec/administration.md §1: "An address that only takes a form leads, opened as a page, to the page of its form."
def post_only(view: View) -> View:
    """Let only forms through to the view. Stands under `staff`: who may not see the page is not led to it."""

    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST":
            return view(request, *args, **kwargs)
        if request.method in {"GET", "HEAD"}:
            query = request.META.get("QUERY_STRING", "")
            return redirect(page_of(request) + (f"?{query}" if query else ""))
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])

    guarded.post_only = True  # type: ignore[attr-defined]  # read by `page_of`
    return guarded


def page_of(request: HttpRequest) -> str:
    """Return the nearest page above the request's address; the first page of all where there is none."""
    return next((path for path in _above(request.path) if _is_page(path)), "/")


def _above(path: str) -> Iterator[str]:
    """Yield the addresses above one, the nearest first, each without and with a slash at its end."""
    while path.strip("/"):
        path = path.rstrip("/").rpartition("/")[0]
        yield from (path, f"{path}/") if path else ("/",)


def _is_page(path: str) -> bool:
    try:
        return not hasattr(resolve(path).func, "post_only")
    except Resolver404:
        return False
