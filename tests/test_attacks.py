"""Whoever can speak to PostgreSQL as the web role, and has no key, is nobody.

What an SQL injection would try (doors A11), within a request of county 140106; the sentences of
``test_roles`` are the other half: nothing is altered, emptied or switched off.
"""

from contextlib import closing

import psycopg2
import pytest
from django.conf import settings
from django.db import ProgrammingError, connection, transaction

from qingchun.organizations import sealed
from qingchun.organizations.walls import acting, rls_context
from talent.youth.models import Youth
from tests.conftest import as_owner, person
from tests.looking import looking
from tests.test_roles import login

YOUNG = "SELECT count(*) FROM talent_youth"
FORGED = "'14||merge units|" + "0" * 64 + "'"


def told(what):
    return f"SELECT set_config('qingchun.claims', {what}, true);"


OURS = "current_setting('qingchun.claims', true)"
# Each asks for people whom 140106 does not see, and must be told of none.
ASKED = {
    "the clerk's old setting": f"SELECT set_config('qingchun.clerk', 'on', true); {YOUNG}",
    "the old scope": f"SELECT set_config('qingchun.scope', '14', true); {YOUNG}",
    "the old sign-in": "SELECT set_config('qingchun.sign_in', 'on', true);"
    " SELECT count(*) FROM accounts_user WHERE username = 'zhang' AND password <> ''",
    "the old matching": "SELECT set_config('qingchun.matching', 'on', true);"
    " SELECT count(*) FROM events_choice",
    "a forged seal": told(FORGED) + YOUNG,
    "a bare claim": told("'14||merge units|'") + YOUNG,
    "a claim and no more": told("'14||merge units'") + YOUNG,
    "another scope under our seal": told(f"replace({OURS}, '140106', '140105')") + YOUNG,
    "another purpose under our seal": told(f"replace({OURS}, '||', '||merge units')") + YOUNG,
    "a longer seal": told(f"'14||merge units|' || {OURS}") + YOUNG,
    "nobody": told("''") + YOUNG,
    "a block that tells": "DO $$ BEGIN PERFORM set_config('qingchun.scope', '14', true); END $$;"
    + YOUNG,
    "a leaky function pushed below": "SELECT count(*) FROM talent_youth"
    " WHERE organization_id < '140106' AND name LIKE '%'",
}  # fmt: skip
REFUSED = {
    "read the key": "SELECT * FROM wall.key",
    "change the key": "UPDATE wall.key SET ipad = opad",
    "empty the key": "DELETE FROM wall.key",
    "sign a claim": "SELECT wall.act('merge units')",
    "replace the function": "CREATE OR REPLACE FUNCTION wall.told(part integer) RETURNS text"
    " LANGUAGE sql AS $$ SELECT '14' $$",
    "drop the function": "DROP FUNCTION wall.told(integer) CASCADE",
    "put a function beside it": "CREATE FUNCTION wall.x() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "sign somebody else up": "SELECT events_join(1, NULL, 0, 1, '{}', now())",
    "read the pairs": "SELECT events_mutual(1)",
    "erase the choices": "SELECT events_erase_choices(1, NULL)",
    "book for another's case": "SELECT proxy_book(1, 1, 'x', now(), NULL)",
}


@pytest.fixture
def young(db, zhang, sun):
    """Somebody at home in 140105, with an account; a test's rows are seen by its own connection
    alone, so that the attacker has it too, and is the web role in it."""
    with looking():
        return Youth.objects.create(
            organization_id="140105", user=person("qing", "青年甲"), name="青年甲",
            phone="13800000001", kind="worker", age="adult",
        )  # fmt: skip


def answers(sql, scope="140106"):
    """The last answer's first value, asked in a request of that county."""
    with rls_context(scope=scope), connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def test_attacker_is_in_a_request_that_sees_its_own_people(young):
    """The attacks below are told of none because they are refused, not because there are none."""
    assert answers(YOUNG) == 0
    assert answers(YOUNG, "140105") == 1
    with rls_context(scope="140106"), acting("forget"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            assert cursor.fetchone() == (settings.WEB_ROLE,)
        assert Youth.objects.count() == 1


@pytest.mark.parametrize("what", ASKED)
def test_injection_is_told_of_nobody(young, what):
    assert answers(ASKED[what]) == 0


@pytest.mark.parametrize("what", REFUSED)
def test_injection_is_refused(db, what):
    with closing(login(settings.WEB_ROLE)) as own, own.cursor() as cursor:
        sealed.tell(cursor, ("140106", "", ""))
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute(REFUSED[what])


def test_no_function_tells_the_key(db):
    pads = ("ipad", "opad")
    with as_owner() as cursor:
        cursor.execute("SELECT encode(ipad, 'hex'), encode(opad, 'hex') FROM wall.key")
        key = dict(zip(pads, cursor.fetchone(), strict=True))
        cursor.execute("SELECT prosrc FROM pg_proc")
        texts = " ".join(text for (text,) in cursor.fetchall())
    assert all(pad and pad not in texts for pad in key.values())
    assert settings.WALL_KEY not in texts


SHADOWS = (
    "CREATE FUNCTION pg_temp.sha256(bytea) RETURNS bytea LANGUAGE sql AS $$ SELECT ''::bytea $$",
    "CREATE FUNCTION pg_temp.encode(bytea, text) RETURNS text LANGUAGE sql"
    " AS $$ SELECT repeat('0', 64) $$",
    "CREATE FUNCTION pg_temp.transaction_timestamp() RETURNS timestamptz LANGUAGE sql"
    " AS $$ SELECT 'epoch'::timestamptz $$",
    "CREATE TEMP TABLE key AS SELECT 1::smallint AS id, ''::bytea AS ipad, ''::bytea AS opad",
)


@pytest.mark.parametrize("shadow", SHADOWS)
def test_function_or_table_of_the_session_stands_before_none_of_ours(young, shadow):
    put_first = "SET LOCAL search_path = pg_temp, public, pg_catalog"
    assert answers(f"{shadow}; {put_first}; {told(FORGED)} {YOUNG}") == 0


CONTACT = (
    "INSERT INTO talent_contact (organization_id, youth_id, means, text, by_name, at)"
    " SELECT '140106', one, 'call', '', '', now() FROM unnest(ARRAY[{}]) AS one;"
)
HOOKS = {
    "a new row": CONTACT.format("{hung}"),
    "one of many": CONTACT.format("{mine}, {hung}"),
    "an old row": CONTACT.format("{mine}") + " UPDATE talent_contact SET youth_id = {hung}",
    "a table of the attacker's in front": "CREATE TEMP TABLE talent_youth AS SELECT {hung}::bigint"
    " AS id;" + CONTACT.format("{hung}"),
}


@pytest.mark.parametrize("how", HOOKS)
def test_row_is_hung_on_nobody_whom_its_writer_does_not_see(young, how):
    """From 140106 a contact was written at a person of 140105: the foreign key looks past walls."""
    with rls_context(scope="140106"):
        mine = Youth.objects.create(
            organization_id="140106", name="青年乙", phone="13800000002", kind="worker", age="adult"
        )
    with rls_context(scope="140106"), connection.cursor() as cursor:
        with pytest.raises(ProgrammingError, match="points at what"), transaction.atomic():
            cursor.execute(HOOKS[how].format(hung=young.pk, mine=mine.pk))
        cursor.execute(HOOKS[how].format(hung=mine.pk, mine=mine.pk))  # on one's own it is


# A claim of the portal's own, copied


def claim(cursor):
    cursor.execute(f"SELECT {OURS}")
    return cursor.fetchone()[0]


def held(cursor, copied):
    """What PostgreSQL takes the copy for: the purpose, or nothing."""
    cursor.execute("SELECT set_config('qingchun.claims', %s, true)", [copied])
    cursor.execute("SELECT wall.told(3)")
    return cursor.fetchone()[0]


def test_claim_that_was_copied_ends_with_its_transaction_and_connection(db):
    with closing(login(settings.WEB_ROLE)) as own, closing(login(settings.WEB_ROLE)) as other:
        cursor = own.cursor()
        sealed.tell(cursor, ("14", "", "merge units"))
        copied = claim(cursor)
        assert held(cursor, copied) == "merge units"
        assert held(other.cursor(), copied) is None
        cursor.execute("SELECT set_config('qingchun.claims', %s, false)", [copied])
        own.commit()
        cursor.execute("SELECT wall.told(3)")
        assert cursor.fetchone() == (None,)
        assert held(cursor, copied) is None


def test_claim_within_a_savepoint_goes_with_it(db):
    with closing(login(settings.WEB_ROLE)) as own, own.cursor() as cursor:
        here = sealed.tell(cursor, ("140106", "", ""))
        cursor.execute("SAVEPOINT before")
        sealed.tell(cursor, ("14", "", "merge units"), here)
        cursor.execute("ROLLBACK TO SAVEPOINT before")
        cursor.execute("SELECT wall.told(1), wall.told(3)")
        assert cursor.fetchone() == ("140106", None)


def test_door_leaves_the_claim_as_it_was(db):
    with acting("match", "140106"), connection.cursor() as cursor:
        before = claim(cursor)
        cursor.execute("SELECT events_erase_choices(0, NULL)")
        assert cursor.fetchone() == (0,)
        assert claim(cursor) == before


@pytest.mark.parametrize("part", ["140106|", "|", "a|b"])
def test_part_that_would_be_two_is_not_sealed(db, part):
    with connection.cursor() as cursor, pytest.raises(ValueError, match="A claim has"):
        sealed.tell(cursor, (part, "", ""))


def test_without_a_key_nobody_is_asking(young):
    """Once, compared with <>, an empty table of keys let every claim hold."""
    with as_owner() as cursor:
        cursor.execute("DELETE FROM wall.key")
    assert answers(YOUNG, "140105") == 0
    assert answers(told(FORGED) + YOUNG) == 0
    assert answers(told("'14||merge units|'") + YOUNG) == 0


def test_proofs_notice_a_seal_that_nobody_looks_at(young):
    with as_owner() as cursor:
        cursor.execute("SELECT pg_get_functiondef('wall.told(integer)'::regprocedure)")
        cursor.execute(cursor.fetchone()[0].replace("= right(said, 64)", "IS NOT NULL"))
    assert answers(told(FORGED) + YOUNG) == 1


def test_proofs_notice_a_policy_that_believes_a_setting(young):
    with as_owner() as cursor:
        cursor.execute(
            "ALTER POLICY wall ON talent_youth USING"
            " ((SELECT current_setting('qingchun.clerk', true) = 'on'))"
        )
    assert answers(ASKED["the clerk's old setting"]) == 1


def test_another_key_opens_nothing(young, settings):
    settings.WALL_KEY = "k" * 50
    assert answers(YOUNG, "140105") == 0


def test_both_keys_hold_while_machines_go_from_one_to_the_other(young, settings):
    old, settings.WALL_KEY = settings.WALL_KEY, "k" * 50
    settings.WALL_KEY_FALLBACKS = [old]
    with as_owner() as cursor:
        sealed.prepare(cursor)
    assert answers(YOUNG, "140105") == 1
    settings.WALL_KEY = old  # the machine that was not started anew yet
    assert answers(YOUNG, "140105") == 1
    assert answers(told(FORGED) + YOUNG) == 0
    settings.WALL_KEY, settings.WALL_KEY_FALLBACKS = "k" * 50, []
    with as_owner() as cursor:
        sealed.prepare(cursor)
    assert answers(YOUNG, "140105") == 1
    settings.WALL_KEY = old
    assert answers(YOUNG, "140105") == 0


def test_key_that_was_changed_is_known_once_the_owner_says_so(young, settings):
    settings.WALL_KEY = "k" * 50
    with as_owner() as cursor:
        sealed.prepare(cursor)
    assert answers(YOUNG, "140105") == 1
