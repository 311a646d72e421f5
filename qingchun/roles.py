"""Who may do what in PostgreSQL: the owner makes the tables, the web role has the rows.

``by_superuser`` makes the roles, once; ``give`` is what the owner grants them in the database, as
often as one likes: ``manage.py roles``, and every ``migrate`` at its end. The web role owns
nothing and cannot create, alter, empty or switch off anything; what is append-only it may add to.
The jobs' role has the same rows, and alone links and seals the log: no page can.
"""

import re

OWNER, WEB, JOBS, BACKUP, AUDITOR = (
    "qingchun", "qingchun_web", "qingchun_jobs", "qingchun_backup", "qingchun_auditor",
)  # fmt: skip
NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
AUDITED = ("accounts_auditevent", "accounts_auditlink", "accounts_auditseal")
OF_JOBS = ("accounts_auditlink", "accounts_auditseal")
READ_ONLY = (
    "django_migrations", "django_content_type", "auth_permission", "operations_installation",
    "organizations_revision",
)  # fmt: skip
LOCK = 20190108  # two that give at once: one after the other

MAKE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{role}') THEN CREATE ROLE {role}; END IF;
END $$"""
PLAIN = "LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION"
# Of every database whatever it holds: large objects have no wall, and whoever may end others'
# connections may end the portal.
SHUT = (
    "lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea), lo_open(oid, integer),"
    " lowrite(integer, bytea), pg_terminate_backend(integer, bigint), pg_cancel_backend(integer)"
)


def by_superuser(web=WEB, jobs=JOBS):
    """The statements that make the roles, or make them again what they should be.

    Statements of these two hold names and numbers: nobody of the same role reads them in
    ``pg_stat_activity``, and only a superuser may switch that on.
    """
    for role in (web, jobs, BACKUP, AUDITOR):
        yield MAKE.format(role=named(role))
        yield f"ALTER ROLE {role} {PLAIN} {'NO' if role in (web, jobs) else ''}BYPASSRLS"
    for role in (web, jobs):
        yield f"ALTER ROLE {role} SET track_activities = off"
    yield f"REVOKE EXECUTE ON FUNCTION {SHUT} FROM PUBLIC"


def named(role):
    if not NAME.fullmatch(role):
        raise ValueError(f"{role}: a role has small letters, digits and underscores")
    return role


IS_RIGHT = """
SELECT rolcanlogin AND NOT (rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole)
       AND NOT EXISTS (SELECT 1 FROM pg_class WHERE relowner = r.oid)
       AND NOT pg_has_role(r.oid, current_user, 'MEMBER')
FROM pg_roles r WHERE rolname = %s
"""


def is_right(cursor, role):
    """Whether the web's or the jobs' role is there, owns nothing and may not become the owner."""
    cursor.execute(IS_RIGHT, [role])
    return cursor.fetchone() == (True,)


def give(cursor, web, jobs):
    """Exactly what each role may do here. Needs: the owner, in a transaction."""
    cursor.execute("SELECT pg_advisory_xact_lock(%s), current_database()", [LOCK])
    database = cursor.fetchone()[1].replace('"', '""')
    both = f"{named(web)}, {named(jobs)}"
    for statement in (*_of_all(f'"{database}"', both), *_of_both(both), *_of_others()):
        cursor.execute(statement)
    for table in _append_only(cursor):
        cursor.execute(f"REVOKE UPDATE, DELETE ON {table} FROM {both}")
    cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON {', '.join(OF_JOBS)} FROM {web}")


def _of_all(database, both):
    everybody = f"{both}, {BACKUP}, {AUDITOR}"
    yield f"REVOKE ALL ON DATABASE {database} FROM PUBLIC, {everybody}"
    yield f"GRANT CONNECT ON DATABASE {database} TO {everybody}"
    # COPY does not go into a walled table: sheets and messages fill a temporary one first.
    yield f"GRANT TEMPORARY ON DATABASE {database} TO {both}"
    yield f"REVOKE ALL ON SCHEMA public FROM PUBLIC, {everybody}"
    yield f"GRANT USAGE ON SCHEMA public TO {everybody}"
    for kind in ("TABLES", "SEQUENCES"):
        yield f"REVOKE ALL ON ALL {kind} IN SCHEMA public FROM PUBLIC, {everybody}"
    yield f"REVOKE ALL ON ALL ROUTINES IN SCHEMA public FROM PUBLIC, {everybody}"


def _of_both(both):
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {both}"
    yield f"REVOKE INSERT, UPDATE, DELETE ON {', '.join(READ_ONLY)} FROM {both}"
    # Without SELECT: the last number tells how many people there are.
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {both}"
    yield f"GRANT EXECUTE ON ALL ROUTINES IN SCHEMA public TO {both}"


def _of_others():
    for kind in ("TABLES", "SEQUENCES"):
        yield f"GRANT SELECT ON ALL {kind} IN SCHEMA public TO {BACKUP}"
    yield f"GRANT SELECT ON {', '.join(AUDITED)} TO {AUDITOR}"


APPEND_ONLY = """
SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE tgname = 'append_only' AND relnamespace = 'public'::regnamespace
"""


def _append_only(cursor):
    cursor.execute(APPEND_ONLY)
    return [name for (name,) in cursor.fetchall()]
