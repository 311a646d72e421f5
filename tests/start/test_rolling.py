"""A migration that the version before cannot live with is named before it is released."""

import pytest
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, migrations, models
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.db.models.functions import Now

from tests import rolling
from tests.rolling import WHY

PULSE = ("notifications", "pulse")


def add(name, field):
    return migrations.AddField(PULSE[1], name, field)


def made(operation):
    """The SQL of a migration of the notifications with this in it."""
    loader = MigrationLoader(connection)
    state = loader.project_state(loader.graph.leaf_nodes("notifications"))
    migration = Migration("9999_made_up", "notifications")
    migration.operations = [operation]
    with connection.schema_editor(collect_sql=True, atomic=True) as editor:
        migration.apply(ProjectState(models=state.models), editor, collect_sql=True)
    return [line for line in editor.collected_sql if not line.startswith("--")]


BAD = [
    ("NOT_NULL", add("note", models.CharField(default="", max_length=9))),
    ("NOT_NULL", migrations.RunSQL("ALTER TABLE notifications_pulse ALTER COLUMN at SET NOT NULL")),
    ("DROP_COLUMN", migrations.RemoveField(PULSE[1], "at")),
    ("DROP_TABLE", migrations.DeleteModel(PULSE[1])),
    ("RENAME_TABLE", migrations.RenameModel(PULSE[1], "Beat")),
    ("RENAME_COLUMN", migrations.RenameField(PULSE[1], "at", "beaten_at")),
    ("ALTER_COLUMN", migrations.AlterField(PULSE[1], "at", models.DateField())),
    (
        "ADD_UNIQUE",
        migrations.AddConstraint(
            PULSE[1], models.UniqueConstraint(fields=["at"], name="pulse_at_once")
        ),
    ),
    (
        "ADD_CHECK",
        migrations.AddConstraint(
            PULSE[1], models.CheckConstraint(condition=models.Q(name="tick"), name="pulse_ticks")
        ),
    ),
    ("CREATE_INDEX", migrations.AddIndex(PULSE[1], models.Index(fields=["at"], name="pulse_at"))),
]


@pytest.mark.parametrize(("code", "operation"), BAD)
def test_what_old_code_cannot_live_with_is_named(db, code, operation):
    assert rolling.sentences(made(operation)) == [WHY[code]]


ECHO = migrations.CreateModel(
    "Echo",
    [
        ("id", models.BigAutoField(primary_key=True)),
        ("word", models.CharField(max_length=9)),
        ("pairs", ArrayField(models.IntegerField())),
    ],
    options={
        "indexes": [
            GinIndex(fields=["pairs"], name="echo_pairs"),
            models.Index(fields=["word"], name="echo_word"),
        ],
        "constraints": [
            models.UniqueConstraint(fields=["word"], name="echo_once"),
            models.CheckConstraint(condition=models.Q(id__gt=0), name="echo_id"),
        ],
    },
)


@pytest.mark.parametrize(
    "operation",
    [
        add("note", models.CharField(max_length=9, null=True)),
        add("note", models.CharField(db_default="", max_length=9)),
        add("made_at", models.DateTimeField(db_default=Now())),
        ECHO,
        # What AddIndexConcurrently says, which needs to be outside of a test's transaction.
        migrations.RunSQL('CREATE INDEX CONCURRENTLY "p" ON "notifications_pulse" ("at")'),
        migrations.RunSQL('DROP INDEX CONCURRENTLY "p"'),
    ],
)
def test_what_old_code_does_not_notice_passes(db, operation):
    assert rolling.sentences(made(operation)) == []


def test_longer_words_pass_and_shorter_ones_do_not(db):
    sql = 'ALTER TABLE "talent_youth" ALTER COLUMN "name" TYPE varchar(50);'
    column = ("talent_youth", "name")
    assert rolling.is_wider(sql, {column: 30})
    assert not rolling.is_wider(sql, {column: 60})
    assert not rolling.is_wider(sql, {})  # it was of another kind
    assert not rolling.is_wider(sql.replace("varchar(50)", "text"), {column: 30})
    graph, loader = MigrationLoader(connection).graph, MigrationLoader(connection)
    wider = [key for key in rolling.new(graph) if "longer_names" in key[1]]
    assert len(wider) == 7
    for key in wider:
        assert rolling.sentences(rolling.sql_of(graph, loader, key)) == []


def test_what_was_there_before_is_not_asked_again_and_what_is_new_is(db):
    graph = MigrationLoader(connection).graph
    before = set(rolling.ours(graph)) - set(rolling.new(graph))
    assert {app for app, _ in before} == set(rolling.SEEN)
    assert ("reports", "0005_papers") in before
    # It renames three tables: had it been asked, it would have been named.
    papers = rolling.sql_of(graph, MigrationLoader(connection), ("reports", "0005_papers"))
    assert WHY["RENAME_TABLE"] in rolling.sentences(papers)
    latest = max(name for app, name in before if app == "reports")
    graph.add_node(("reports", "9999_more"), graph.nodes["reports", latest])
    assert ("reports", "9999_more") in set(rolling.new(graph))
