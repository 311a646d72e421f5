"""SECRET_KEY turned: whatever is sealed is found, opened, sealed anew, and nothing is forgotten."""

import base64
import datetime as dt
from contextlib import closing

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction
from django.utils.timezone import now

from qingchun.accounts.models import User
from qingchun.ground.sealing import FORM, Box, WrongKey, key_id
from qingchun.jobs.actions import fetch
from qingchun.jobs.kinds import KINDS
from qingchun.jobs.models import Job
from qingchun.operations import resealing
from qingchun.operations.columns import Column, marked_columns, sealed_columns
from qingchun.operations.management.commands.keys import BACKING_UP, LOCK
from qingchun.organizations.law import opens
from reports.library.models import Exemplar
from services.proxy.models import ServiceRequest
from talent.pool.models import TalentRecord
from talent.youth.models import Consent, Youth
from tests.conftest import as_owner
from tests.looking import looking
from tests.operations import scene
from tests.test_at_rest import tables

everything, disk = scene.everything, scene.disk
NEW = "a-new-key-of-the-portal-0000000000000000000000000"
# Bytes that are no secret.
PLAIN = {
    "accounts.AuditLink.digest": "a link of the chain",
    "accounts.AuditSeal.digest": "a link of the chain",
    "reports.Seal.rows": "the numbers of rows, packed",
}
# What is called a mark and is none.
NO_MARKS = {"accounts.AuditEvent.remark", "events.Evening.pairs"}


def labels(columns):
    return {f"{column.model._meta.label}.{column.field.name}" for column in columns}


def fields():
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_concrete_fields:
            if not isinstance(field, models.GeneratedField):
                yield f"{model._meta.label}.{field.name}", field


def test_no_column_that_looks_sealed_is_forgotten():
    looks = {
        label
        for label, field in fields()
        if isinstance(field, models.BinaryField) or "sealed" in field.name
    }
    assert looks - labels(sealed_columns()) == set(PLAIN)


def test_no_column_that_looks_like_a_mark_is_forgotten():
    looks = {
        label
        for label, field in fields()
        if field.name.endswith("mark") or field.name in ("pairs", "avoids")
    }
    assert looks - labels(marked_columns()) == NO_MARKS


def test_every_kind_of_sealed_file_is_walked():
    of_jobs = [column.form for column in sealed_columns() if column.label == "jobs_job.file"]
    assert {(kind.seal, f"kind = '{kind.name}'") for kind in KINDS.values() if kind.seal} == {
        (form.what, form.where) for form in of_jobs
    }


def test_purpose_opens_every_table_with_something_sealed():
    walled = {column.table for column in sealed_columns()} - {"operations_installation"}
    assert walled - opens("seal anew") == set()


SEALED = """
SELECT DISTINCT c.name FROM {table} t, jsonb_each_text(to_jsonb(t)) AS c (name, said)
WHERE c.said LIKE ANY (%s)
"""


def sealed_with(secret):
    """ "table.column" wherever a value stands that says this key, as bytes or as text."""
    header = FORM + key_id(secret)
    said = [f"%{header.hex()}%", f"%{base64.b64encode(header)[:6].decode()}%"]
    found = set()
    with as_owner() as cursor:
        for table in tables(cursor):
            with transaction.atomic():
                cursor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
                cursor.execute(SEALED.format(table=table), [said])
                found |= {f"{table}.{column}" for (column,) in cursor.fetchall()}
                transaction.set_rollback(True)
    return found


@pytest.fixture
def turned(settings):
    """Another key from today on, the one before still known."""
    before = settings.SECRET_KEY

    def do(*fallbacks):
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [*fallbacks, before]
        return before

    return do


def keys(*arguments):
    with as_owner():
        call_command("keys", *arguments)


def test_all_that_is_sealed_is_sealed_anew(everything, turned, settings, capsys, monkeypatch):
    sealed = sealed_with(settings.SECRET_KEY)
    assert len(sealed) > 20
    assert sealed <= {column.label for column in sealed_columns()}
    before = turned()
    monkeypatch.setattr(transaction, "on_commit", lambda act: act())  # nothing commits in a test
    keys("--reseal")
    assert sealed_with(before) == set()
    assert sealed_with(NEW) == sealed
    settings.SECRET_KEY_FALLBACKS = []
    capsys.readouterr()
    keys("--check", "--all")
    said = capsys.readouterr().out
    assert "都打得开" in said
    assert "以前的 0" in said
    assert all("以前的 0，打不开 0" in line for line in said.splitlines()[:-1])


def test_people_and_papers_are_read_with_the_new_key_alone(
    everything, turned, settings, monkeypatch
):
    def read():
        with looking():
            rows = [
                *User.objects.order_by("pk").values_list("phone", "landline"),
                *Youth.objects.order_by("pk").values_list("phone", "lives_at"),
                *ServiceRequest.objects.order_by("pk").values_list("phone", "place", "wish"),
            ]
            papers = [
                *(row.paper.opened() for row in Consent.objects.exclude(paper="").order_by("pk")),
                *(r.paper.opened() for r in TalentRecord.objects.exclude(paper="").order_by("pk")),
                *(row.paper.opened() for row in Exemplar.objects.exclude(paper="").order_by("pk")),
            ]
        return rows, papers

    before = read()
    assert any(phone for phone, *_ in before[0])
    assert before[1]
    turned()
    monkeypatch.setattr(transaction, "on_commit", lambda act: act())
    keys("--reseal")
    settings.SECRET_KEY_FALLBACKS = []
    assert read() == before


def test_file_that_a_job_made_is_opened_with_the_new_key_alone(
    disk, zhang, turned, settings, monkeypatch
):
    """Its path is the same each time: sealed anew over the old one, it went with the old one."""
    with looking():
        job = Job.objects.create(
            organization_id="140105", user=zhang, kind="pool_export", name="人才库.xlsx",
            status="SUCCESSFUL", expires_at=now() + dt.timedelta(1),
        )  # fmt: skip
        job.file.save("xlsx", ContentFile(Box("talent export").seal(b"PK")))
    turned()
    monkeypatch.setattr(transaction, "on_commit", lambda act: act())
    keys("--reseal")
    settings.SECRET_KEY_FALLBACKS = []
    with looking():
        job.refresh_from_db()
        assert fetch(job) == b"PK"
        assert [path.name for path in disk.rglob("*") if path.is_file()] == [
            job.file.name.rpartition("/")[2]
        ]


def test_resealing_that_was_stopped_goes_on(everything, turned, settings, capsys):
    before = turned()
    stopped = []

    def stop(line):
        stopped.append(line)
        if len(stopped) == 3:
            raise KeyboardInterrupt

    with as_owner(), pytest.raises(KeyboardInterrupt):
        resealing.reseal(stop)
    left = sealed_with(before)
    assert left
    with as_owner():
        done = resealing.reseal(lambda line: None)
    assert done > 0
    assert {label for label in sealed_with(before) if not label.endswith("paper")} == set()
    with as_owner():
        assert resealing.reseal(lambda line: None) == 0, "what has today's key is passed over"


def test_row_that_somebody_changes_meanwhile_keeps_what_they_wrote(everything, turned, zhang):
    turned()
    column = next(c for c in sealed_columns() if c.label == "accounts_user.landline")
    with looking():
        User.objects.filter(pk=zhang.pk).update(landline="0351-1111111")
    seen = next(column.batches())
    with looking():
        User.objects.filter(pk=zhang.pk).update(landline="0351-2222222")
    changes = [(key, kept, column.form.resealed(kept)) for key, kept in seen]
    assert column.write([change for change in changes if change[0] == zhang.pk]) == 0
    with looking():
        assert User.objects.get(pk=zhang.pk).landline == "0351-2222222"


def test_key_that_was_lost_is_told(everything, turned, settings, capsys):
    turned()
    settings.SECRET_KEY_FALLBACKS = []
    with as_owner(), pytest.raises(CommandError, match=r"^SECRET_KEY 打不开"):
        call_command("keys", check=True)
    assert "talent_youth.phone_sealed：今天的密钥 0，以前的 0，打不开" in capsys.readouterr().out


def test_value_that_was_tampered_with_is_told(everything, capsys):
    with looking(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE talent_youth SET phone_sealed = phone_sealed || '\\x00' WHERE id ="
            " (SELECT max(id) FROM talent_youth WHERE phone_sealed <> '')"
        )
    with as_owner():
        call_command("keys", check=True)  # one of each is opened, and it was the first
        with pytest.raises(CommandError, match="打不开"):
            call_command("keys", check=True, all=True)


@pytest.mark.parametrize("what", ["--check", "--reseal"])
def test_sealed_file_that_has_gone_is_told(everything, what):
    """Whoever reads the exit status alone, as a timer does, would think that all is well."""
    column = next(c for c in sealed_columns() if c.is_of_files and list(c.batches()))
    (_, name), *_ = next(column.batches())
    column.storage.delete(name)
    with pytest.raises(CommandError, match=r"^有 1 个加密的文件不见了：.*备份"):
        keys(what)


@pytest.mark.parametrize(("lock", "said"), [(LOCK, "正在执行"), (BACKING_UP, "备份正在做")])
def test_nobody_reseals_beside_another_operator_or_a_backup(everything, lock, said):
    """A backup's rows would name files that were sealed anew, and gone, when they were copied."""
    other = connection.get_new_connection(connection.get_connection_params())
    with closing(other), other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [lock])
        with as_owner(), pytest.raises(CommandError, match=said):
            call_command("keys", reseal=True)


def test_new_keys_are_long_random_and_never_the_same(capsys):
    call_command("keys", new=True)
    call_command("keys", new=True)
    said = [
        line.partition("=")[2]
        for line in capsys.readouterr().out.splitlines()
        if line[:1].isalpha()
    ]
    assert len({*said}) == 6
    assert min(map(len, said)) >= 60


def test_unsealed_column_opens_with_no_other_key(everything, settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, []
    column: Column = next(c for c in sealed_columns() if c.label == "talent_youth.phone_sealed")
    (_, kept), *_ = next(column.batches())
    with pytest.raises(WrongKey):
        column.form.opened(kept)
