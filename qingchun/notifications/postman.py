"""How the outbox asks the database: never by a debt just being settled."""

from django.db import connection

# One lock: whoever decides what is owed holds it alone, whoever settles a debt shares it.
DEBTS = 20190110


def lock_reminders(*, to_settle: bool = False) -> None:
    """Until the transaction ends, nobody decides by a debt that is being settled just now.

    Without it a reminder decided in the moment of a sending would go out after it.
    """
    shared = "_shared" if to_settle else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock{shared}(%s)", [DEBTS])
