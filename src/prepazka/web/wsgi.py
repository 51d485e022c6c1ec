"""The WSGI application, for one process with many threads."""

import os
from collections.abc import Sequence
from wsgiref.types import WSGIApplication

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prepazka.settings")


def trust_proxies(proxies: Sequence[str], application: WSGIApplication) -> WSGIApplication:
    """Wrap the application so that it trusts the forwarded addresses of these proxies only."""
    if not proxies:
        return application
    wrapped: WSGIApplication = wrap_wsgi_with_proxy_headers(application, list(proxies))
    return wrapped


application = trust_proxies(settings.PROXIES, get_wsgi_application())
