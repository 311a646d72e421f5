"""What a kept page rests on: any write of what it shows changes the revision of its unit."""

import json
import re
from contextlib import closing
from itertools import product

import psycopg2
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from campaigns.actions import log as log_actions
from campaigns.models import (
    Extension,
    RecordTally,
)
from qingchun.organizations import revisions
from qingchun.organizations.walls import rls_context
from qingchun.roles import JOBS, WEB
from reports.boards import kept
from reports.boards.board import READS
from reports.boards.views.boards import _made
from reports.papers.actions import review
from tests.conftest import as_owner, as_role
from tests.looking import looking


def revision(code):
    return kept.editions(code)[0].revision


# What is read


def tables_of(statements):
    """All that PostgreSQL reads for them, walls included."""
    found = set()
    for sql in statements:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
            (plan,) = cursor.fetchone()
        text = plan if isinstance(plan, str) else json.dumps(plan)
        found |= set(re.findall(r'"Relation Name": "(\w+)"', text))
        found |= set(re.findall(r'(?:FROM|JOIN) "?(\w+_\w+)"?', sql))
    return found


def test_all_that_a_board_reads_has_its_trigger(
    campaign, plan, log, undertaken, li, wang, zhang, zhao
):
    """A table more in a question of a board is a line more in READS, or the board grows old."""
    asked_about = log(zhang)
    log_actions.ask(asked_about, actor=wang, text="几个人？")
    review.submit(plan, actor=wang)
    read = set()
    for user, code in (
        (li, "14"), (li, "1401"), (li, "140105"), (wang, "1401"), (wang, "140105"),
        (zhang, "140105"), (zhang, "140105001"), (zhao, "140105001"),
    ):  # fmt: skip
        with rls_context(scope=user.scope, person=user.pk):
            editions = list(kept.editions(code))
            with CaptureQueriesContext(connection) as seen:
                _made(editions, editions[0], user, code)
            asked = [query["sql"] for query in seen if "set_config" not in query["sql"]]
            read |= tables_of(asked)
    assert read == {apps.get_model(label)._meta.db_table for label in READS}
    assert revisions.missing() == []


def test_trigger_that_somebody_took_away_is_named_and_made_anew(db):
    with as_owner() as cursor:
        cursor.execute("DROP TRIGGER revised_update ON campaigns_tally")
        cursor.execute("ALTER TABLE campaigns_stage DISABLE TRIGGER revised_insert")
    assert len(revisions.missing()) == 2
    with pytest.raises(CommandError, match="revised_update AFTER UPDATE ON"):
        call_command("walls", check=True)
    with as_owner():
        call_command("walls")
    assert revisions.missing() == []


# What is written


@pytest.fixture
def everything(campaign, plan, log, undertaken, wang, zhang):
    """A row of Xiaodian or Taiyuan in each table."""
    log_actions.ask(log(zhang), actor=wang, text="几个人？")
    review.submit(plan, actor=wang)
    RecordTally.objects.create(campaign=campaign, organization_id="140105", key="a-b", value=1)
    Extension.objects.create(
        deadline=campaign.deadlines.first(), organization_id="140105", until_on=localdate(),
        reason="雪", granted_by="李省",
    )  # fmt: skip


AROUND = ("14", "1401", "1402", "140105", "140106", "140213")


def changed_by(write):
    before = {code: revision(code) for code in AROUND}
    write()
    return {code for code in AROUND if revision(code) != before[code]}


def statement(sql):
    with looking(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("label", READS)
def test_write_changes_the_boards_that_show_it_and_no_other(everything, label):
    model = apps.get_model(label)
    table, pk = model._meta.db_table, model._meta.pk.column
    with looking():
        row = model._base_manager.first()
    update = f"UPDATE {table} SET {pk} = {pk} WHERE {pk}::text = '{row.pk}'"
    shown = set(AROUND)
    if hasattr(model, "organization"):
        shown = {code for code in AROUND if row.organization_id.startswith(code)}
        assert {"14", "1401"} <= shown < set(AROUND)
    assert changed_by(lambda: statement(update)) == shown
    assert changed_by(lambda: statement(f"UPDATE {table} SET {pk} = {pk} WHERE false")) == set()


def test_row_that_comes_goes_or_moves_changes_where_it_was_and_where_it_is(everything, campaign):
    def put(code):
        RecordTally.objects.create(campaign=campaign, organization_id=code, key="c-d", value=1)

    rows = RecordTally.objects.filter(key="c-d")
    assert changed_by(lambda: put("140105")) == {"14", "1401", "140105"}
    moved = changed_by(lambda: rows.update(organization_id="140213"))
    assert moved == {"14", "1401", "1402", "140105", "140213"}
    assert changed_by(rows.delete) == {"14", "1402", "140213"}


def test_what_was_taken_back_leaves_a_board_as_it_was(db, campaign):
    before = revision("140105")
    with transaction.atomic():
        RecordTally.objects.create(campaign=campaign, organization_id="140105", key="c-d", value=1)
        assert revision("140105") != before
        transaction.set_rollback(True)
    assert revision("140105") == before


def test_no_role_of_the_portal_writes_a_revision_itself(db):
    statements = ("UPDATE organizations_revision SET number = 0", "SELECT wall.revise()")
    for role, sql in product((WEB, JOBS), statements):
        with pytest.raises(ProgrammingError), transaction.atomic(), as_role(role) as cursor:
            cursor.execute(sql)


# At the same time


def alone():
    """A connection of the server's own, whose writes are kept: it ends what it began."""
    at = connection.settings_dict
    return closing(
        psycopg2.connect(dbname=at["NAME"], user="postgres", host=at["HOST"], port=at["PORT"])
    )


def rename(cursor, code, name):
    cursor.execute("UPDATE organizations_organization SET name = %s WHERE code = %s", [name, code])


def test_writers_do_not_wait_for_one_another(db):
    """Both change the province's rows, and neither has ended: the second would wait, or both for ever."""
    with alone() as first, alone() as second, first.cursor() as one, second.cursor() as other:
        other.execute("SET lock_timeout = '5s'")
        rename(one, "140105", "甲")
        rename(other, "140106", "乙")
        rename(one, "140107", "丙")
        rename(other, "140108", "丁")
        first.rollback()
        second.rollback()


# The version before


def test_version_before_writes_on_once_its_tables_are_taken_back(db):
    """docs/how/roll-back.md, tried: triggers stayed without their table, and nobody could write."""
    with as_owner():
        call_command("migrate", "organizations", "0002", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE organizations_organization SET name = name WHERE code = '140105'"
            )
            assert cursor.rowcount == 1
            cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'revised%'")
            assert cursor.fetchone() == (0,)
