"""A database of before django-allauth: its users keep their passwords, its locked sign-ins are open again."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from prepazka.store import accounts, factors
from prepazka.store.models import User
from tests.older_tables import go_back, return_to_latest

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = [
    ("usersessions", None),
    ("socialaccount", None),
    ("mfa", None),
    ("account", None),
    ("store", "0019_rate_limits"),
]
AXES = ["axes_accessattempt", "axes_accesslog", "axes_accessfailurelog", "axes_accessattemptexpiration"]


@pytest.fixture
def before() -> Iterator[MigrationExecutor]:
    """The tables of a version that had django-axes; those of today again afterwards."""
    executor = go_back(BEFORE)
    with connection.cursor() as cursor:
        for table in AXES:
            cursor.execute(f"CREATE TABLE {table} (id integer PRIMARY KEY, username varchar(255))")
        cursor.execute("INSERT INTO axes_accessattempt VALUES (1, 'novakova')")
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('axes', '0001_initial', CURRENT_TIMESTAMP)"
        )
    ContentType.objects.create(app_label="axes", model="accessattempt")
    yield executor
    return_to_latest()


def test_users_and_locked_sign_ins_come_over(before: MigrationExecutor) -> None:
    old = before.loader.project_state([("store", "0019_rate_limits")]).apps.get_model("store", "User")
    old.objects.create(username="novakova", password=make_password("modra labut pije"))
    old.objects.create(username="dvorak", password=make_password("zluty kun spi"), password_given=True)
    return_to_latest()

    assert set(AXES).isdisjoint(connection.introspection.table_names())
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations WHERE app = 'axes'")
        assert cursor.fetchone() == (0,)
    assert not ContentType.objects.filter(app_label="axes").exists()
    own, given = User.objects.order_by("-username")
    assert own.check_password("modra labut pije")
    assert (own.given_until, factors.kinds(own)) == (None, set())
    assert given.check_password("zluty kun spi")
    assert given.given_until is not None
    assert timedelta() < given.given_until - timezone.now() <= accounts.GIVEN_LASTS
