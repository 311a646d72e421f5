"""A county with a row in every table that holds a unit, and a neighbour that has its like."""

import datetime as dt
import uuid

from django.apps import apps
from django.db import transaction
from django.db.models import UniqueConstraint
from django.utils.timezone import localdate, now

from campaigns import models as log
from campaigns.actions import tallies
from qingchun.accounts.models import Invitation
from qingchun.jobs.models import Job
from qingchun.notifications.models import GroupChat
from qingchun.organizations.changes import UNIT_CLOSED
from qingchun.organizations.happening import asked_of
from reports.boards import models as boards
from reports.library import models as library
from reports.papers import models as papers
from services.events import models as events
from services.proxy import models as proxy
from talent.pool import models as pool
from talent.youth import models as youth_models
from tests import walls
from tests.looking import looking

COUNTS = {
    "campaigns.Tally", "campaigns.DayTally", "campaigns.RecordTally", "campaigns.FigureTally",
    "proxy.CaseTally",
}  # fmt: skip


def owned():
    """Every table whose rows are some unit's."""
    return [m for m in apps.get_models() if UNIT_CLOSED in asked_of(m) and not m._meta.proxy]


def rows_of(code):
    """ "app.Model" -> ids of the rows that are this unit's, or one's below it."""
    with looking():
        return {
            model._meta.label: set(
                model._base_manager.filter(organization__code__startswith=code).values_list(
                    "pk", flat=True
                )
            )
            for model in owned()
        }


def full(code, campaign, plan, cast):
    """Fill every table with a row of a county. Needs: ``cast["county"]`` to be at work there."""
    walls.build(campaign, plan, cast)
    walls.canaries(campaign, cast["province"])
    with transaction.atomic(), looking():
        _of_the_log(code, campaign)
        _of_young_people(code, campaign, cast)
        _of_events(code, campaign, cast)
        _of_reports(code, campaign, cast)
        GroupChat.objects.create(organization_id=code, robot="wecom", name="团县委工作群")
        proxy.DayClose.objects.create(organization_id=code, on=localdate(), by_name="张小店")
        tallies.rebuild(campaign)
        _rebuild_records()


def _rebuild_records():
    from campaigns import counting

    counting.rebuild()


def _of_the_log(code, campaign):
    deadline = campaign.deadlines.first()
    log.Extension.objects.create(
        organization_id=code, deadline=deadline, until_on=localdate(), reason="大雪",
        granted_by="李省",
    )  # fmt: skip
    papers.Nudge.objects.create(organization_id=code, deadline=deadline, at=now())
    measure = log.Measure.objects.filter(kind__campaign=campaign).first()
    log.Activity.objects.create(
        organization_id=code, campaign=campaign, kind=measure.kind, stage=1, held_on="2019-01-07",
        place="站前广场", title="有数的一场", participants=9, logged_by_name="张小店",
        figures={measure.key: 3},
    )  # fmt: skip


def _of_young_people(code, campaign, cast):
    at = {"organization_id": code}
    youth = youth_models.Youth.objects.filter(**at).first()
    group = youth_models.LiaisonGroup.objects.filter(**at).first()
    record = pool.TalentRecord.objects.filter(**at, merged_into=None).first()
    youth_models.Contact.objects.create(
        **at, youth=youth, means="phone", text="问过好", by_name="张小店"
    )
    youth_models.GroupNote.objects.create(
        **at, group=group, kind="news", title="回家", text="班车", by_name="张小店"
    )
    youth_models.LetterPart.objects.create(
        **at,
        campaign=campaign,
        kind="change",
        title="南街",
        text="修好了",
        written_by_name="张小店",
    )
    youth_models.HomeLetter.objects.get_or_create(**at, campaign=campaign)
    if not youth_models.LetterCopy.objects.filter(**at).exists():
        youth_models.LetterCopy.objects.create(**at, campaign=campaign, youth=youth)
    youth_models.Hometown.objects.create(**at, greeting="欢迎回家", phone="0351-1234567")
    pool.DoNotContact.objects.create(**at, mark=7, refused=True)
    pool.Opening.objects.create(
        **at, record=record, user=cast["city"], by_name="王太原", by_unit="团太原市委",
        reason="核对", until=now() + dt.timedelta(1),
    )  # fmt: skip
    pool.NumberAnswer.objects.create(
        **at, phone_mark=7, name_mark=7, who="other", record=record, by_name="张小店"
    )
    pool.ColumnHabit.objects.create(**at, words="联系方式", mark=7, column="phone")


def _of_events(code, campaign, cast):
    at = {"organization_id": code}
    point = events.ServicePoint.objects.filter(**at).first()
    events.PointDay.objects.create(
        **at, point=point, campaign=campaign, on=localdate(), served=5, by_name="张小店"
    )
    events.Pledge.objects.create(**at, user=cast["youth"], campaign=campaign, name="陈返乡")
    signup = events.Signup.objects.filter(**at, home_id=code).first()
    group = events.EventGroup.objects.filter(event=signup.event).first()
    events.EventGroup.objects.filter(pk=group.pk).update(near=code)
    events.Wish.objects.create(**at, signup=signup, group=group, place=1)
    events.Placement.objects.create(**at, signup=signup, why="第一志愿", place=1)
    a, b = events.Profile.objects.filter(**at).order_by("pk")[:2]
    events.Match.objects.create(
        **at, event=a.event, a=a, b=b, a_user_id=a.user_id, b_user_id=b.user_id
    )


def _of_reports(code, campaign, cast):
    at = {"organization_id": code}
    paper = papers.Paper.objects.create(**at, campaign=campaign, purpose="plan")
    papers.PaperSection.objects.create(**at, paper=paper, key="text", content={"text": "草稿"})
    papers.Attachment.objects.create(**at, paper=paper, name="附件", file="a.pdf", size=4)
    sent = papers.Paper.objects.create(
        **at, campaign=campaign, purpose="summary", state="approved", number=1,
        first_sent_at=now(), sent_at=now(),
    )  # fmt: skip
    papers.PaperVersion.objects.create(
        **at, paper=sent, number=1, content={}, sent_at=now(), sent_by="张小店"
    )
    papers.Remark.objects.create(**at, paper=sent, number=1, text="好", made_by="王太原")
    papers.Seal.objects.create(
        **at, paper=sent, number=1, as_of=now(), figures={}, rows=b"", digest="d" * 64
    )
    papers.Erratum.objects.create(
        **at, paper=sent, number=1, figure="all", label="场次", was=1, becomes=2, reason="漏报",
        made_by="张小店",
    )  # fmt: skip
    Job.objects.create(
        **at, user=cast["county"], kind="summary_word", kwargs={"paper": sent.pk}, name="总结",
        expires_at=now() + dt.timedelta(7),
    )  # fmt: skip
    practice = library.Practice.objects.create(**at, campaign=campaign, title="一站办")
    library.Evidence.objects.create(
        **at, practice=practice, activity=log.Activity.objects.filter(**at).first()
    )
    library.PracticeUse.objects.create(**at, practice=practice, paper=paper)
    _kept(at, campaign)


def _kept(at, campaign):
    library.Exemplar.objects.create(**at, name="任典型", title="回乡", story="事迹")
    library.Policy.objects.create(
        **at, title="贷款贴息", kind="start", who="青年", amount="三年", how="去人社局",
        is_lasting=True,
    )  # fmt: skip
    boards.YouthCount.objects.create(**at, people=9000, source="统计年鉴")
    library.KitFetch.objects.create(**at, item=library.KitItem.objects.first(), times=2)
    library.Spot.objects.create(
        **at, campaign=campaign, kind="bus", name="汽车站海报", since=campaign.starts_on
    )
    boards.Demand.objects.create(
        **at,
        campaign=campaign,
        kind="quota",
        label="座谈",
        number=1,
        minutes=30,
        units=9,
        made_by="张小店",
    )


def copied(row, code, **more):
    """The same row once more, of another unit, with what must be its own made anew."""
    twin = type(row)(
        **{
            field.attname: getattr(row, field.attname)
            for field in row._meta.concrete_fields
            if not field.primary_key and not field.generated
        }
    )
    twin.organization_id = code
    for field in row._meta.concrete_fields:
        if field.unique and not field.primary_key:
            made = uuid.uuid4() if field.get_internal_type() == "UUIDField" else None
            setattr(twin, field.attname, made)
    for name, value in more.items():
        setattr(twin, name, value)
    twin.save(force_insert=True)
    return twin


def unique_in_a_unit():
    """Every table of which a unit has one row of a kind, by a constraint."""
    return {
        model
        for model in owned()
        for one in model._meta.constraints
        if isinstance(one, UniqueConstraint) and {"organization", "county"} & set(one.fields)
    }


def doubled(code, other):
    """What ``code`` may have once only, ``other`` has too."""
    for model in sorted(unique_in_a_unit(), key=lambda one: one._meta.label):
        if model._meta.label not in COUNTS:
            for row in model._base_manager.filter(organization=code):
                if not has_its_like(model, row, other):
                    copied(row, other)


def has_its_like(model, row, other):
    if getattr(row, "merged_into_id", None):  # a double is hidden and holds no place
        return True
    for one in model._meta.constraints:
        if isinstance(one, UniqueConstraint) and "organization" in one.fields:
            same = {name: getattr(row, name) for name in one.fields if name != "organization"}
            # Nothing is like nothing else, to PostgreSQL.
            if None not in same.values() and _has(model, other, same):
                return True
    return False


def _has(model, code, same):
    return model._base_manager.filter(organization=code, **same).exists()


def invited_to(code, cadre):
    return Invitation.objects.create(
        organization_id=code, role="editor", name="钱新来", phone="13800008091", digest="e" * 64,
        invited_by=cadre, expires_at=now() + dt.timedelta(7),
    )  # fmt: skip
