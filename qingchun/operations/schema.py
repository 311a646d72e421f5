"""Whether the database has the tables that this code knows."""

from functools import cache

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

_known = {"complete": False}


@cache
def of_code():
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def missing():
    """Migrations of this code that were not carried out. Those of a newer one do no harm to it.

    What was complete once stays so, and the next question is the smallest there is.
    """
    if _known["complete"]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return []
    found = sorted(of_code() - set(MigrationRecorder(connection).applied_migrations()))
    _known["complete"] = not found
    return found
