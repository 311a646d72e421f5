"""A row that was removed or changed shows; nobody who writes one waits."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db import InternalError, connection, transaction
from django.utils.timezone import now

from qingchun.accounts import chain
from qingchun.accounts.audit import record_event
from qingchun.accounts.models import AuditEvent, AuditLink, AuditSeal
from qingchun.organizations.walls import PROVINCE, acting, rls_context
from tests.conftest import as_owner

pytestmark = pytest.mark.usefixtures("as_jobs")
TODAY = dt.datetime(2019, 1, 9, 0, 5, tzinfo=dt.timezone(dt.timedelta(hours=8)))


@pytest.fixture
def written(zhang, wang):
    """Five events of two units, linked."""
    for number in range(5):
        actor = (zhang, wang)[number % 2]
        record_event(actor, "试", actor.acting, remark=f"第 {number} 次", days=number)
    with acting("keep the log", PROVINCE):
        assert chain.link() == 5
    return list(AuditEvent.objects.order_by("pk"))


def tampered(sql, *values):
    """What somebody who owns the database may do: triggers off, a statement, triggers on."""
    with as_owner() as cursor:
        for table in ("accounts_auditevent", "accounts_auditlink"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only")
        with acting("keep the log", PROVINCE):
            cursor.execute(sql, values)
        for table in ("accounts_auditevent", "accounts_auditlink"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER append_only")


def verdict():
    with acting("keep the log", PROVINCE):
        return chain.check()


def test_untouched_log_is_whole(written):
    assert verdict().problems == []
    assert "共 5 条，未见删改" in str(verdict())


def test_row_that_was_removed_shows(written):
    tampered("DELETE FROM accounts_auditevent WHERE id = %s", written[2].pk)
    assert verdict().problems == [["missing", 3]]
    assert "第 3 条不见了" in str(verdict())


def test_row_removed_with_its_link_shows(written):
    tampered("DELETE FROM accounts_auditlink WHERE position = 3")
    tampered("DELETE FROM accounts_auditevent WHERE id = %s", written[2].pk)
    problems = verdict().problems
    assert ["missing", 3] in problems


@pytest.mark.parametrize(
    "change",
    [
        "actor_name = '别人'", "at = at - interval '1 day'", "remark = ''", "facts = '{\"days\": 9}'",
        "address = '203.0.113.9'", "organization_id = '1402'", "subject = 'x:1'",
    ],
)  # fmt: skip
def test_row_that_was_changed_shows(written, change):
    tampered(f"UPDATE accounts_auditevent SET {change} WHERE id = %s", written[1].pk)
    assert verdict().problems == [["changed", written[1].pk]]


def test_whole_chain_made_anew_without_our_key_shows(written):
    """Whoever owns the database can count digests as we do; a day's seal they cannot."""
    with acting("keep the log", PROVINCE):
        chain.seal(dt.date(2019, 1, 8))
    tampered("DELETE FROM accounts_auditevent WHERE id = %s", written[0].pk)
    tampered("DELETE FROM accounts_auditlink")
    with acting("keep the log", PROVINCE):
        chain.link(whole=True)
    assert ["missing", 5] in verdict().problems


def test_seal_that_was_rewritten_shows(written):
    with acting("keep the log", PROVINCE):
        chain.seal(dt.date(2019, 1, 8))
        made = chain.seal(dt.date(2019, 1, 9))
    with as_owner() as cursor:
        cursor.execute("ALTER TABLE accounts_auditseal DISABLE TRIGGER append_only")
        with acting("keep the log", PROVINCE):
            cursor.execute(
                "UPDATE accounts_auditseal SET problems = '[1]' WHERE id = %s", [made.pk]
            )
    assert [kind for kind, _ in verdict().problems] == ["seal"]


def test_seal_that_was_removed_from_the_middle_shows(written):
    with acting("keep the log", PROVINCE):
        first = chain.seal(dt.date(2019, 1, 7))
        chain.seal(dt.date(2019, 1, 8))
    with as_owner() as cursor:
        cursor.execute("ALTER TABLE accounts_auditseal DISABLE TRIGGER append_only")
        with acting("keep the log", PROVINCE):
            cursor.execute("DELETE FROM accounts_auditseal WHERE id = %s", [first.pk])
    assert [kind for kind, _ in verdict().problems] == ["seal"]


def test_row_that_commits_late_is_linked_all_the_same(written, zhang):
    event = record_event(zhang, "试", zhang.acting)
    late = AuditEvent.objects.get(pk=event.pk)
    tampered("DELETE FROM accounts_auditevent WHERE id = %s", event.pk)  # its transaction runs on
    record_event(zhang, "试", zhang.acting)
    with acting("keep the log", PROVINCE):
        assert chain.link() == 1
        late.save(force_insert=True)
        assert chain.link() == 1
    assert verdict().problems == []


def test_each_minute_links_and_each_day_is_sealed_once(written, zhang, winter):
    assert chain.work(TODAY) == 0
    record_event(zhang, "试", zhang.acting)
    assert chain.work(TODAY + dt.timedelta(minutes=1)) == 1
    seals = list(AuditSeal.objects.values_list("day", "position", "problems"))
    assert seals == [(dt.date(2019, 1, 8), 5, [])]
    chain.work(TODAY + dt.timedelta(days=1))
    assert AuditSeal.objects.count() == 2


def test_linking_costs_the_same_questions_for_one_row_and_for_many(
    zhang, django_assert_num_queries
):
    for rows in (1, 300):
        for _ in range(rows):
            record_event(zhang, "试", zhang.acting)
        with acting("keep the log", PROVINCE), django_assert_num_queries(4):
            assert chain.link() == rows


def test_command_says_whether_the_log_is_whole(written, capsys):
    call_command("audit_chain", "--check")
    assert "共 5 条，未见删改。" in capsys.readouterr().out
    tampered("DELETE FROM accounts_auditevent WHERE id = %s", written[2].pk)
    with pytest.raises(CommandError, match="第 3 条不见了"):
        call_command("audit_chain", "--check")


def test_no_unit_reads_the_links_and_every_unit_reads_the_seal(written):
    with acting("keep the log", PROVINCE):
        chain.seal(dt.date(2019, 1, 8))
    with rls_context(scope="140105"):
        assert (AuditLink.objects.count(), AuditSeal.objects.count()) == (0, 1)
    with rls_context():
        assert (AuditLink.objects.count(), AuditSeal.objects.count()) == (0, 0)


APPEND_ONLY = (
    "accounts_auditevent", "accounts_auditlink", "accounts_auditseal", "proxy_itemversion",
    "reports_erratum", "reports_seal",
)  # fmt: skip


def emptied(table):
    with transaction.atomic(), as_owner() as cursor:
        cursor.execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_not_even_the_owner_empties_what_may_only_be_added_to(db, table):
    with pytest.raises(InternalError, match="append-only"):
        emptied(table)


def test_every_append_only_table_is_named_here(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE t.tgname = 'append_only' ORDER BY 1"
        )
        assert tuple(name for (name,) in cursor.fetchall()) == APPEND_ONLY


def test_emptying_people_does_not_take_the_log_along(db, zhang):
    record_event(zhang, "试", zhang.acting)
    with pytest.raises(InternalError, match="append-only"):
        emptied("accounts_user")
    assert AuditEvent.objects.exists()


def test_writing_waits_for_nobody_while_the_log_is_linked(written, zhang):
    """The job holds a lock of its own, which no writer asks for."""
    with acting("keep the log", PROVINCE):
        assert chain.is_alone()
        record_event(zhang, "试", zhang.acting, at=now().isoformat())
    assert AuditEvent.objects.count() == 6
