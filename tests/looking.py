"""A test looks at what became of things, in every unit, as a role that no wall stands before.

It is a role of the tests alone; the portal has nothing like it. What is done while looking is done
as the web role as soon as it says who is asking: an action, a page.

    python -m tests.looking    makes the role, beside the embedded server that tests run on
"""

import os
from contextlib import closing, contextmanager

import psycopg2
from django.db import connection, transaction
from django.db.backends.signals import connection_created

from qingchun.ground.prepared import sql_of
from qingchun.organizations import sealed, walls
from qingchun.roles import OWNER, WEB

ROLE = "qingchun_looking"
asks = WEB
LOOKING = ("", "", "look")  # no purpose of the portal's: no law names it


@contextmanager
def looked_into(url):
    """A cursor of the server's own superuser, whatever the database has granted so far."""
    boss = url.replace(f"{WEB}@", "postgres@").replace(f"{OWNER}@", "postgres@")
    connection = psycopg2.connect(boss)
    with closing(connection), connection, connection.cursor() as cursor:
        yield cursor


@contextmanager
def looking():
    """See and write every row, until somebody says who is asking."""
    before = walls.current()
    with transaction.atomic(savepoint=False):
        look()
        try:
            yield
        finally:
            if connection.needs_rollback:
                connection.qingchun_wall = before
            else:
                walls._tell(before)


def look(told=LOOKING):
    with connection.cursor() as cursor:
        here = getattr(connection, "qingchun_here", "")
        connection.qingchun_here = sealed.tell(cursor, told, here)
    connection.qingchun_wall = told


def as_asked(execute, sql, params, many, context):
    """Whoever says that they look is the role that may; everybody else is whom they were before."""
    if not (isinstance(sql, str) and f"set_config('{sealed.SETTING}'" in sql and params):
        return execute(sql, params, many, context)
    own, looks = context["connection"], params[0].split("|")[2] == LOOKING[2]
    # Asked in the same question, and left there to be read: there are a hundred thousand of them.
    found = execute(f"{sql}, current_user", params, many, context)
    answer = context["cursor"].cursor
    role = answer.fetchone()[-1]
    answer.scroll(0, "absolute")
    if looks != (role == ROLE):
        with own.connection.cursor() as cursor:
            if looks:
                own.asks = role
                cursor.execute(f"SET LOCAL ROLE {ROLE}")
            else:
                cursor.execute(f"SET LOCAL ROLE {own.asks}")
    return found


def follow(connection, **_):
    """Every new connection of the tests asks as the web role, and looks where it says so."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {asks}")
    if as_asked not in connection.execute_wrappers:
        connection.execute_wrappers.append(as_asked)


def as_owner():
    """In a bench, which makes tables of its own: the owner asks."""
    global asks
    asks = OWNER
    connection_created.connect(follow)
    make()
    with looked_into(os.environ["OWNER_URL"]) as cursor:  # also while it looks
        cursor.execute(f"GRANT CREATE ON SCHEMA public TO {ROLE}")
        cursor.execute(f"GRANT REFERENCES ON ALL TABLES IN SCHEMA public TO {ROLE}")
        cursor.execute(
            f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public"
            f" GRANT REFERENCES ON TABLES TO {ROLE}"
        )


def make():
    with looked_into(os.environ["OWNER_URL"]) as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
        if cursor.fetchone():
            return
        cursor.execute(f"CREATE ROLE {ROLE} NOLOGIN BYPASSRLS")
        cursor.execute(f"GRANT {WEB} TO {ROLE}")
        cursor.execute(f"GRANT {ROLE} TO {OWNER}")


if __name__ == "__main__":
    make()


def plan_of(queryset, person):
    """How PostgreSQL would go about it for this person."""
    sql, values = sql_of(queryset)
    with walls.rls_context(scope=person.scope, person=person.pk), connection.cursor() as cursor:
        # A table of a test is so small that sorting it is cheap: what is left is what must be.
        for way in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"EXPLAIN {sql}", values)
        return "\n".join(line for (line,) in cursor.fetchall())
