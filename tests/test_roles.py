"""The web role has the rows and nothing else; the owner makes the tables."""

from contextlib import closing

import psycopg2
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from qingchun import roles
from tests.conftest import as_owner

APPEND_ONLY = "accounts_auditevent", "proxy_itemversion", "reports_seal", "reports_erratum"


def login(role):
    """A connection of its own: what the role may do by itself, whoever became it."""
    at = connection.settings_dict
    return psycopg2.connect(dbname=at["NAME"], user=role, host=at["HOST"], port=at["PORT"])


def refusal(role, statement):
    """What PostgreSQL says; None where it lets the role."""
    with closing(login(role)) as own, own.cursor() as cursor:
        try:
            cursor.execute(statement)
        except psycopg2.Error as error:
            return str(error).splitlines()[0]


STRUCTURE = (
    "ALTER TABLE talent_youth DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE talent_youth NO FORCE ROW LEVEL SECURITY",
    "DROP POLICY wall ON talent_youth",
    "CREATE POLICY more ON talent_youth USING (true)",
    "SET LOCAL row_security = off; SELECT count(*) FROM talent_youth",
    "SET LOCAL session_replication_role = replica",
    "ALTER TABLE accounts_auditevent DISABLE TRIGGER append_only",
    "DROP TRIGGER append_only ON accounts_auditevent",
    "ALTER TABLE talent_youth ADD more int",
    "TRUNCATE accounts_auditevent",
    "TRUNCATE django_session",
    "CREATE TABLE x (a int)",
    "CREATE SCHEMA x",
    "CREATE VIEW x AS SELECT * FROM talent_youth",
    "CREATE FUNCTION x() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$",
    "CREATE FUNCTION public.sha256(bytea) RETURNS bytea LANGUAGE sql AS $$ SELECT $1 $$",
    "CREATE PUBLICATION x FOR ALL TABLES",
    "CREATE EXTENSION pgcrypto",
    "CREATE ROLE x",
    "SET ROLE qingchun",
    "SET ROLE qingchun_backup",
    "SET ROLE qingchun_jobs",
    "SET SESSION AUTHORIZATION qingchun",
    "ALTER ROLE CURRENT_USER BYPASSRLS",
    "GRANT qingchun TO CURRENT_USER",
    "SET track_activities = on",
    "SELECT lo_create(0)",
    "SELECT lo_from_bytea(0, 'x')",
    "SELECT pg_read_file('/etc/passwd')",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "COPY (SELECT 1) TO '/tmp/x'",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity",
    "SELECT pg_cancel_backend(pid) FROM pg_stat_activity",
    "SELECT last_value FROM talent_youth_id_seq",
    "SELECT setval('talent_youth_id_seq', 1)",
    "INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'x', now())",
    "UPDATE django_content_type SET model = 'x'",
    *(f"UPDATE {table} SET id = id" for table in APPEND_ONLY),
    *(f"DELETE FROM {table}" for table in APPEND_ONLY),
)


@pytest.mark.parametrize("statement", STRUCTURE)
def test_web_role_changes_no_table_and_leaves_nothing_behind(db, statement):
    assert refusal(settings.WEB_ROLE, statement)


def test_those_refusals_are_not_for_want_of_the_table(db):
    """Each would do something, for one who may: the owner is let in to all but the server's own."""
    said = [refusal(roles.OWNER, statement) for statement in STRUCTURE[:10]]
    assert [why for why in said if why and "append-only" not in why] == [
        'query would be affected by row-level security policy for table "talent_youth"',
        'permission denied to set parameter "session_replication_role"',
    ]


def test_web_role_writes_through_a_temporary_table(db):
    """Sheets and messages go that way: COPY does not go into a walled table."""
    assert not refusal(
        settings.WEB_ROLE, "CREATE TEMPORARY TABLE posted ON COMMIT DROP AS SELECT 1"
    )


def test_backup_reads_all_and_writes_nothing(db, zhang):
    assert not refusal(roles.BACKUP, "SELECT name, password FROM accounts_user")
    assert not refusal(roles.BACKUP, "SELECT last_value FROM talent_youth_id_seq")
    for statement in (*STRUCTURE[:12], "UPDATE accounts_user SET name = ''"):
        if "row_security" not in statement:  # it may: a dump has every row
            assert refusal(roles.BACKUP, statement), statement


def test_auditor_reads_the_log_and_nothing_else(db):
    assert not refusal(roles.AUDITOR, "SELECT count(*) FROM accounts_auditevent")
    for statement in (
        "SELECT name FROM accounts_user",
        "SELECT count(*) FROM talent_youth",
        "INSERT INTO accounts_auditlink (position, digest) VALUES (1, '')",
        "DELETE FROM accounts_auditevent",
    ):
        assert "permission denied" in refusal(roles.AUDITOR, statement)


def test_jobs_have_the_webs_rows_and_alone_link_the_log(db):
    assert not refusal(roles.JOBS, "SELECT name, password FROM accounts_user")
    assert not refusal(roles.JOBS, "CREATE TEMPORARY TABLE x ON COMMIT DROP AS SELECT 1")
    linked = "INSERT INTO accounts_auditlink (position, digest) VALUES (1, '')"
    assert "permission denied for table" in refusal(settings.WEB_ROLE, linked)
    assert "row-level security" in refusal(roles.JOBS, linked)  # nobody is asking: granted, walled
    for statement in STRUCTURE:
        other = statement.replace("qingchun_jobs", "qingchun_web")
        assert refusal(roles.JOBS, other), other


def grants(cursor):
    cursor.execute(
        "SELECT relname, relacl::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " UNION SELECT proname, proacl::text FROM pg_proc"
        " WHERE pronamespace = 'public'::regnamespace ORDER BY 1"
    )
    return cursor.fetchall()


def test_what_was_granted_besides_is_taken_back(db, capsys):
    with as_owner() as cursor:
        before = grants(cursor)
        cursor.execute("GRANT ALL ON talent_youth TO qingchun_web")
        cursor.execute("GRANT INSERT ON accounts_auditlink TO qingchun_web")
        cursor.execute("GRANT TRUNCATE ON talent_youth TO qingchun_jobs")
        cursor.execute("GRANT UPDATE ON reports_seal TO qingchun_web")
        cursor.execute("GRANT SELECT ON talent_youth TO PUBLIC, qingchun_auditor")
        cursor.execute("REVOKE SELECT ON talent_youth FROM qingchun_backup")
        assert grants(cursor) != before
        call_command("roles")
        assert grants(cursor) == before
    assert "已授权：qingchun_web、" in capsys.readouterr().out


@pytest.mark.parametrize("role", ["qingchun_nobody", "postgres", "qingchun_backup"])
def test_role_that_is_missing_or_may_too_much_is_not_the_webs(db, settings, role):
    settings.WEB_ROLE = role
    with as_owner(), pytest.raises(CommandError, match="请让数据库管理员执行一次"):
        call_command("roles")


def test_web_that_is_the_owner_is_told_to_part_the_two(db, settings):
    settings.WEB_ROLE = roles.OWNER
    with as_owner(), pytest.raises(CommandError, match="是同一个角色"):
        call_command("roles")


def test_statements_for_the_superuser_hold_no_password_in_the_clear(db, settings, capsys):
    settings.WEB_ROLE, settings.WEB_PASSWORD = "qingchun_web", "geheim-2019"
    call_command("roles", sql=True)
    said = capsys.readouterr().out
    assert "CREATE ROLE qingchun_web" in said
    assert "PASSWORD 'SCRAM-SHA-256$" in said
    assert "geheim" not in said


def test_name_that_is_no_role_is_refused():
    with pytest.raises(ValueError, match="small letters"):
        list(roles.by_superuser('web"; DROP ROLE x'))
