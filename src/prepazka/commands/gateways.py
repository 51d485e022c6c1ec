"""`gateway token`: the proof a program hands in messages with."""

import hashlib
import re
import secrets
from argparse import Namespace
from datetime import UTC, datetime

from django.db import transaction

from prepazka.commands import Misused
from prepazka.commands.offices import operator, ready
from prepazka.store import models


def token(arguments: Namespace) -> int:
    """`prepazka gateway token NAME`: the token is printed this once; only its SHA-256 is kept."""
    if not re.fullmatch("[a-z0-9][a-z0-9-]{0,39}", arguments.name):
        raise Misused(f"{arguments.name!r} must be small letters, digits and hyphens, at most 40")
    ready()
    fresh = secrets.token_urlsafe(32)
    digest = hashlib.sha256(fresh.encode()).hexdigest()
    now = datetime.now(UTC)
    with transaction.atomic():
        models.Gateway.objects.update_or_create(
            name=arguments.name,
            defaults={"token_sha256": digest},
            create_defaults={"token_sha256": digest, "kind": "http", "made_at": now},
        )
        models.Audit.objects.create(
            at=now, who=operator(), what="gateway token given", details={"gateway": arguments.name}
        )
    print(fresh)
    return 0
