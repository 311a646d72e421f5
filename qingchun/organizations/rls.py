"""Migration operations that built the second wall, before it was made from the laws.

They stand until a migration ends: what a data migration says of itself is said to them too.
"""

from django.db import migrations

# Each setting is read by a scalar sub-select, so PostgreSQL reads it once for a query and not
# once for a row: over 3,600 rows of counts that was most of the time.
SCOPE = "(SELECT NULLIF(current_setting('qingchun.scope', true), ''))"
IN_SCOPE = f"{{column}} >= {SCOPE} AND {{column}} < {SCOPE} || ':'"
PERSON = "(SELECT NULLIF(current_setting('qingchun.person', true), ''))"
IS_PERSON = f"{{column}} = {PERSON}::bigint"
CLERK = "(SELECT current_setting('qingchun.clerk', true) = 'on')"
# The city and the province count young people and never see one.
NEAR_HOME = f"({IN_SCOPE} AND length({SCOPE}) >= 6)"
SIGNING_IN = "(SELECT current_setting('qingchun.sign_in', true) = 'on')"


def tell(cursor, told):
    scope, person, purpose = told
    cursor.execute(
        "SELECT set_config('qingchun.scope', %s, true),"
        " set_config('qingchun.person', %s, true),"
        " set_config('qingchun.sign_in', %s, true),"
        " set_config('qingchun.clerk', %s, true)",
        (scope, person, "on" if purpose else "", "on" if purpose not in ("", "sign in") else ""),
    )


def wall(table, condition=None, *, column="organization_id"):
    """Enable and force row-level security on ``table``; by default a row is seen in scope."""
    condition = condition or IN_SCOPE.format(column=column)
    return migrations.RunSQL(
        [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY wall ON {table} USING ({condition})",
        ],
        [
            f"DROP POLICY wall ON {table}",
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        ],
    )


def open_to_read(table, reading="true", own=None):
    """Anybody may read the rows for which ``reading`` holds; a unit writes its own rows.

    ``own``: whose a row is, where it is not the scope's alone.
    """
    own = own or IN_SCOPE.format(column="organization_id")
    return migrations.RunSQL(
        [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY reading ON {table} FOR SELECT USING ({reading})",
            f"CREATE POLICY wall ON {table} USING ({own})",
        ],
        [
            f"DROP POLICY wall ON {table}",
            f"DROP POLICY reading ON {table}",
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        ],
    )


WHOLE = """
    CREATE OR REPLACE TRIGGER append_only_whole BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()
"""


def append_only(table):
    """Let rows be added and read, never changed or removed, singly or all at once."""
    return migrations.RunSQL(
        [
            f"""
            CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$
            """,
            f"""
            CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {table}_refuse()
            """,
            WHOLE.format(table=table),
        ],
        [
            f"DROP TRIGGER IF EXISTS append_only_whole ON {table}",
            f"DROP TRIGGER append_only ON {table}",
            f"DROP FUNCTION {table}_refuse()",
        ],
    )


def never_emptied(table):
    """For tables that were append-only before TRUNCATE was thought of: the same again."""
    return migrations.RunSQL(WHOLE.format(table=table), migrations.RunSQL.noop)
