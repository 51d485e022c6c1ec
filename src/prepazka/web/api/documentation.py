"""The page that describes the API, made of the library's own template and files, all served from here."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI, Swagger


class Documentation(Swagger):
    """The library's page; the library itself would load its script from elsewhere, unless it were one of our apps."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        """Return the page."""
        shown = json.dumps({**self.settings, "url": self.get_openapi_url(api, kwargs)}, indent=1)
        return render(request, self.template, {"swagger_settings": shown, "api": api, "add_csrf": False})
