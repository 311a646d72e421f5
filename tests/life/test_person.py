"""Random lives: whatever happened to a person, nothing of them is left once they have gone, and
nothing of what they were promised is lost before. The oracle asks no law: it looks for name,
numbers, identity and marks in every column of every table."""

import json
import random
from io import BytesIO

import openpyxl
import pytest
from django.apps import apps
from django.db import transaction

from campaigns import counting
from qingchun.ground.refusals import Refused
from qingchun.ground.spreadsheets import xlsx_response
from qingchun.organizations.changes import LEFT
from qingchun.organizations.happening import asked_of, pointing
from qingchun.organizations.walls import rls_context
from services.events.models import Profile, Signup
from talent.pool import numbers
from talent.pool.actions import deduplication, records
from talent.pool.models import Likeness, TalentRecord
from talent.youth.actions import consents, leaving, people
from talent.youth.choices import ConsentPurpose
from talent.youth.exports import as_rows, everything_about
from talent.youth.models import Consent, Youth
from tests.events import scene as events
from tests.life.person import FACTS, HERE, NAME, PHONE, Stage, live, snapshot, texts, where, whole
from tests.looking import looking

pytestmark = pytest.mark.django_db
LIVES = 10
# Where something of somebody who left may stand, and why.
KEPT = {
    "talent_donotcontact.mark": "so that nobody writes or calls again; no number, no name",
}


# Tables that nobody without a post has a row in, and why.
CADRES = {
    "accounts.AuditEvent": "of a person without a post nothing is written by name",
    "accounts.Membership": "whoever has a post keeps the account",
    "campaigns.Activity": "logged by a cadre",
    "campaigns.ActivityQuestion": "asked by a cadre",
    "events.Event": "the unit's number",
    "jobs.Job": "asked for by a cadre",
    "vacancies.Vacancy": "the employer's number",
    "events.Visit": "whom a county visited; sealed, and of no account",
    "talent.ColumnHabit": "what a heading means: of a sheet",
    "talent.DoNotContact": "a mark, once they have refused",
    "talent.Hometown": "the office's number",
    "talent.SavedSearch": "a cadre's",
    "talent.Sheet": "a cadre's; of its rows, see StagedRow",
}


# What somebody with a row everywhere takes along.
HEADINGS = {
    "基本信息", "人才库", "人才库查阅", "同意", "咨询和意见", "我为山西代言", "我的事迹", "报到",
    "民事代办", "活动报名", "移风易俗承诺", "联系记录", "联络群", "家书", "青春有约资料",
    "想去的岗位", "有合适的告诉我",
}  # fmt: skip


@pytest.fixture
def stage(campaign, zhang, sun):
    return Stage(zhang, sun)


def lives(stage, first=0, many=LIVES):
    """(seed, life) one after the other, each in a world that knows none of the others."""
    for seed in range(first, first + many):
        with transaction.atomic():
            life = live(random.Random(seed), stage)
            yield seed, life
            with looking():
                assert counting.differences() == [], life
            transaction.set_rollback(True)


def test_nothing_is_left_of_whoever_left(stage):
    columns, found = texts(), {}
    for seed, life in lives(stage):
        for said in life.untold:
            found.setdefault(f"untold {said[0]}", f"{seed}: {life}")
        leaving.forget(life.youth)
        for place in where(life.sought(), columns) - set(KEPT):
            found.setdefault(place, f"{seed}: {life}")
    assert found == {}


POOL = ("talent_talentrecord", "talent_followup", "talent_likeness", "talent_opening")


def test_nothing_is_left_in_the_pool_of_whoever_withdrew(stage):
    columns = [(table, names) for table, names in texts() if table in POOL]
    found = {}
    for seed, life in lives(stage, first=1000):
        with looking():
            stands = Consent.objects.filter(
                youth=life.youth, purpose=ConsentPurpose.POOL, withdrawn_at=None
            )
            if not stands.exists():
                continue
            consents.withdraw(life.youth, ConsentPurpose.POOL)
        for place in where(life.sought(), columns):
            found.setdefault(place, f"{seed}: {life}")
    assert found == {}


def test_nothing_is_left_of_the_evening_of_whoever_withdrew(stage):
    life = live(random.Random(2), stage)
    theirs = Profile.objects.filter(user=life.user)
    if "dates" not in life.done:
        life.goes("dates")
    with looking():
        consents.give(life.youth, {ConsentPurpose.MATCHMAKING})
        assert theirs.exists()
        consents.withdraw(life.youth, ConsentPurpose.MATCHMAKING)
        assert not theirs.exists()
        signed = Signup.objects.filter(user=life.user, event=stage.evening)
        assert not signed.standing().exists()


def tables_of(life):
    """ "app.Model" of every table that has a row of theirs, whatever key or number tells it."""
    mark = numbers.phone_mark(PHONE)
    with looking():
        records = TalentRecord.objects.filter(user=life.user.pk).values_list("pk", flat=True)
        doubles = TalentRecord.objects.filter(merged_into__in=records)
        rows_of = pointing(
            themselves=True, User=[life.user.pk], Youth=[life.youth.pk],
            TalentRecord=[*records, *doubles.values_list("pk", flat=True)],
        )  # fmt: skip
        found = set()
        for model in apps.get_models():
            columns = asked_of(model).get(LEFT, []) if not model._meta.proxy else []
            theirs = [rows_of(model, columns)] if columns else []
            if "phone_mark" in columns:
                theirs.append(model._default_manager.filter(phone_mark=mark))
            sealed = "phone" in columns and "phone_mark" not in columns
            held = sealed and any(one.phone == PHONE for one in model._default_manager.all())
            if held or any(rows.exists() for rows in theirs):
                found.add(model._meta.label)
        return found


def test_one_person_with_a_row_in_every_table_that_can_hold_one(stage):
    """Grows by itself: a new table with a key to people, or a number, makes this red."""
    life = whole(stage)
    can = {m._meta.label for m in apps.get_models() if not m._meta.proxy and LEFT in asked_of(m)}
    assert can - tables_of(life) == set(CADRES)
    with rls_context(person=life.user.pk):
        taken = everything_about(life.youth)
    assert {heading for heading, told in taken.items() if told} == HEADINGS
    # As a file and as a table: each heading, and each word that was said of them.
    sheet = xlsx_response("我的资料", ("部分", "项目", "内容"), as_rows(taken))
    rows = list(openpyxl.load_workbook(BytesIO(sheet.content)).active.values)
    assert {row[0].partition(" ")[0] for row in rows[1:]} == HEADINGS
    for written in (json.dumps(taken, ensure_ascii=False), str(rows)):
        assert [word for word in life.told if word not in written] == []
    for step in ("exports", "handed_over", "exports"):
        life.goes(step)
    assert life.untold == []
    leaving.forget(life.youth)
    assert where(life.sought(), texts()) - set(KEPT) == set()
    assert tables_of(life) == set()
    with looking():
        assert counting.differences() == []


# Bad input: refused in words, and nothing half-done


def refused(act, *given, match, **named):
    before = snapshot()
    with pytest.raises(Refused, match=match), transaction.atomic():
        act(*given, **named)
    assert snapshot() == before


@pytest.fixture
def three(stage, zhang):
    """Three records of home that may be one person."""
    with rls_context(scope=HERE, person=zhang.pk):
        return [
            records.enter(actor=zhang, home=stage.here, name=NAME, phone=f"1380000810{n}", **FACTS)
            for n in range(3)
        ]


@pytest.fixture
def desk(zhang):
    with rls_context(scope=HERE, person=zhang.pk):
        yield zhang


def test_record_is_not_merged_with_itself_nor_with_one_that_is_merged(three, desk):
    one, two, other = three
    refused(deduplication.merge, one, one, actor=desk, match="两条不同的")
    deduplication.merge(one, two, actor=desk)
    two.refresh_from_db()
    refused(deduplication.merge, other, two, actor=desk, match="没有合并过")
    refused(deduplication.merge, two, other, actor=desk, match="没有合并过")


def test_two_that_are_merged_already_are_not_merged_again(three, desk):
    one, two, _ = three
    stale = TalentRecord.objects.get(pk=two.pk)
    deduplication.merge(one, two, actor=desk)
    refused(deduplication.merge, one, stale, actor=desk, match="刚被别人合并过")


def test_chain_is_parted_from_its_end_alone(three, desk):
    one, two, other = three
    began = snapshot()
    deduplication.merge(two, other, actor=desk)
    between = snapshot()
    deduplication.merge(one, two, actor=desk)
    first, second = Likeness.objects.order_by("pk")
    refused(deduplication.part, first, actor=desk, match="先把那一次分开")
    deduplication.part(Likeness.objects.get(pk=second.pk), actor=desk)
    assert snapshot() == between
    deduplication.part(Likeness.objects.get(pk=first.pk), actor=desk)
    assert snapshot() == began
    first.kept.refresh_from_db()
    first.double.refresh_from_db()
    refused(deduplication.part, first, actor=desk, match="没有合并")


def test_check_in_is_not_merged_with_itself_nor_two_with_accounts(stage, zhang):
    one, other = (events.arrived(events.guest(n)) for n in (1, 2))
    with looking():
        refused(people.merge, one, one, actor=zhang, match="另一条登记")
        refused(people.merge, one, other, actor=zhang, match="各有自己的账号")
        assert Youth.objects.filter(pk__in=[one.pk, other.pk]).count() == 2
