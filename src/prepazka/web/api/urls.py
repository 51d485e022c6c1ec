"""Addresses of the API, with its description and the page that shows it."""

from prepazka.web.api.operations import api

urlpatterns, _, _ = api.urls
