"""The WSGI application, for one process with many threads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prepazka.settings")

application = get_wsgi_application()
