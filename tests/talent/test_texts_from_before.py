"""What an older version stored as a PDF wrote it is read as it is meant, once, by the upgrade."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.utils.timezone import localdate

from qingchun.accounts.audit import record_event
from qingchun.accounts.models import AuditEvent, User
from qingchun.operations import folding
from qingchun.organizations import policies
from qingchun.organizations.walls import rls_context
from reports.library.actions.keeping import index
from reports.library.models import Policy
from services.events.actions import warmth
from services.events.models import Event, Visit
from talent.pool.actions.saying import write_unsaid
from talent.pool.models import PoolWords, TalentRecord
from talent.pool.words import pairs_of
from talent.youth.actions import groups
from talent.youth.models import LiaisonGroup, Youth
from tests.conftest import as_owner
from tests.events import scene
from tests.looking import looking

UPGRADE = import_module("reports.migrations.0024_texts_as_they_are_meant")
RAW, MEANT = "⻢水清", "马水清"


@pytest.fixture
def before(campaign, arrive, enter, zhang, group):
    """One person, an entry, a policy and two groups, as an older version kept them."""
    youth, record = arrive("马水清"), enter(zhang, "马水清", doing="高级技工")
    groups.make_group(
        actor=zhang, organization_id="140105", name="高校群", kind="student", capacity=500,
        responsible=zhang.acting, deputy=None,
    )  # fmt: skip
    with looking():
        policy = Policy(
            organization_id="140105", title="⾼校毕业生补贴", kind="start", who="毕业生",
            amount="一千元", how="到大厅", is_lasting=True,
        )  # fmt: skip
        index(policy)
        policy.pairs = [7]  # as whoever knew no radicals counted them
        policy.save()
        # However a row is written, by the table's own text: past the gate and every form.
        Youth.objects.filter(pk=youth.pk).update(name=RAW, lives_at="⻓治市⾼平")
        User.objects.filter(pk=youth.user_id).update(name=RAW)
        TalentRecord.objects.filter(pk=record.pk).update(
            name=RAW, skills=["⾼级⼯"], doing="⾼级技工"
        )
        LiaisonGroup.objects.filter(pk=group.pk).update(name="⾼校群")
        record_event(None, "更新", youth, to="⻓治")
    return SimpleNamespace(youth=youth, record=record, policy=policy, group=group)


def upgrade():
    with as_owner() as cursor:  # as a migration is carried out
        policies.open_to_owner(cursor)
        UPGRADE.as_meant(apps, SimpleNamespace(connection=connection))


def test_names_and_texts_are_read_sealed_ones_too_and_found_by_what_is_typed(before, capsys):
    upgrade()
    write_unsaid()
    with looking():
        youth = Youth.objects.get(pk=before.youth.pk)
        record = TalentRecord.objects.get(pk=before.record.pk)
        assert (youth.name, youth.lives_at) == (MEANT, "长治市高平")
        assert User.objects.get(pk=youth.user_id).name == MEANT
        assert (record.name, record.skills, record.doing) == (MEANT, ["高级工"], "高级技工")
        assert PoolWords.objects.get(pk=record.pk).pairs == pairs_of(record)
        assert Policy.objects.get().title == "高校毕业生补贴"
        assert Policy.objects.mentioning("高校").count() == 1
    told = capsys.readouterr().out
    assert "talent_youth.name：照原意读了 1 条" in told
    assert "talent_youth.lives_at：照原意读了 1 条" in told
    assert RAW not in told


def test_what_was_written_down_stays_and_so_does_a_name_that_is_taken(before, capsys):
    upgrade()
    with looking():
        assert AuditEvent.objects.get(verb="更新").facts == {"to": "⻓治"}
        assert LiaisonGroup.objects.get(pk=before.group.pk).name == "⾼校群"
    assert "talent_liaisongroup.name：照原意读了 0 条，同名的 1 条没有改" in capsys.readouterr().out


def test_second_time_there_is_nothing_left_to_do(before):
    upgrade()
    with as_owner():
        assert [one.label for one in folding.fold()] == ["talent_liaisongroup.name"]


def test_one_that_was_stopped_goes_on_where_it_was(campaign, arrive, monkeypatch):
    """Some at a time, each in a transaction; what was done before is passed over."""
    monkeypatch.setattr(folding, "AT_ONCE", 2)
    for n in "一二三四五":
        arrive(f"马{n}")
    with looking():
        raw = Youth.objects.filter(name__in=["马一", "马二", "马三", "马四"])
        for youth in raw:
            Youth.objects.filter(pk=youth.pk).update(name=youth.name.replace("马", "⻢"))
        name = Youth._meta.get_field("name")
        monkeypatch.setattr(folding, "PUT", folding.PUT.replace("{most}", "1"))
        monkeypatch.setattr(folding, "WHERE", f"{folding.WHERE} AND name = '⻢二'")
        assert folding._fold("talent_youth", "id", name).done == 1  # and no further
        monkeypatch.undo()
        monkeypatch.setattr(folding, "AT_ONCE", 2)
        assert folding._fold("talent_youth", "id", name).done == 3
        names = set(Youth.objects.values_list("name", flat=True))
    assert names == {"马一", "马二", "马三", "马四", "马五"}


def test_sealed_bytes_and_json_are_read_too(campaign, zhang):
    with rls_context(scope=zhang.scope, person=zhang.pk):
        made = warmth.visit(
            actor=zhang, on=localdate(), name="⻢大爷", place="⾼庄", found="好", given="米"
        )
        event = scene.opened(zhang)
    with looking():
        Event.objects.filter(pk=event.pk).update(questions=[{"key": "q1", "label": "⾼中在哪里读"}])
    upgrade()
    with looking():
        seen = Visit.objects.get(pk=made.pk)
        assert (seen.name, seen.place, seen.found) == ("马大爷", "高庄", "好")
        assert Event.objects.get(pk=event.pk).questions == [{"key": "q1", "label": "高中在哪里读"}]
