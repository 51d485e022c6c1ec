"""Two browsers send the first operator's form at the same moment: one operator results, on either database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.db import connection

from prepazka.store import first_operator
from prepazka.store.models import User

NOW = datetime(2026, 8, 3, 7, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_one_operator_results() -> None:
    first_operator.make_link("kolovrat", NOW, "test")
    together = Barrier(4)

    def redeem(name: str) -> bool:
        together.wait()
        try:
            return first_operator.redeem("kolovrat", name, "!", NOW) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(redeem, ["prvni", "druha", "treti", "ctvrta"]))
    assert made.count(True) == 1
    assert User.objects.filter(is_superuser=True).count() == User.objects.count() == 1
