"""Each constraint that somebody can reach is reached, by the action or the page they would use.

What comes back are words: a refusal, or an error beside the field; never an IntegrityError.
"""

import datetime as dt

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.utils.timezone import localdate

from campaigns.actions import log as actions
from campaigns.forms import StageForm
from campaigns.models import Undertaking
from qingchun.ground.refusals import Refused
from qingchun.organizations.walls import rls_context
from reports.boards.forms import DemandForm
from reports.papers.actions import review
from reports.papers.choices import Section
from reports.papers.forms.plans import read_section
from services.events.actions import choosing, events
from services.events.forms.desk import PointForm
from services.events.forms.events import EventForm
from services.events.forms.registration import ProfileForm, WishForm
from services.events.models import Event, Report
from services.proxy.actions import mandates
from services.proxy.forms.asking import RateForm
from services.proxy.forms.items import ConfirmForm, ItemForm
from talent.pool.actions import records
from talent.youth.actions import consents
from talent.youth.models import Youth
from tests.conftest import unit, whole_contents
from tests.events import scene
from tests.looking import looking
from tests.services import scene as desk

pytestmark = pytest.mark.django_db

TRIES = {}
DAY = ("year", "month", "day")


def breaks(*names, words):
    """The function below meets these constraints; ``words`` are in what it gets back."""

    def keep(function):
        TRIES.update(dict.fromkeys(names, (function, words)))
        return function

    return keep


def at(user):
    return rls_context(scope=user.scope, person=user.pk)


def refused(act, *args, **kwargs):
    with transaction.atomic(), pytest.raises(Refused) as found:
        act(*args, **kwargs)
    return str(found.value)


def errors(form):
    return "；".join(error for found in form.errors.values() for error in found)


def page(user, url, **data):
    client = Client()
    client.force_login(user)
    return client.post(url, data, follow=True).content.decode()


# Actions and editions


@breaks("campaigns_stage_ends_after_it_starts", words="结束日期不能早于开始日期")
def stage_ends_first(campaign):
    stage = campaign.stages.first()
    days = {"starts_on": dt.date(2019, 1, 20), "ends_on": dt.date(2019, 1, 10)}
    sent = {f"{n}_{part}": getattr(day, part) for n, day in days.items() for part in DAY}
    return errors(StageForm(sent, instance=stage))


@breaks("campaigns_answer_has_a_time", words="请写明答复")
def blank_answer(log, zhang, wang):
    activity = log(zhang)
    with at(wang):
        question = actions.ask(activity, actor=wang, text="几个人？")
    return page(zhang, f"/questions/{question.pk}/answer/", text="  ")


@breaks("campaigns_undertaken_once", words="已通过")
def same_kind_twice_in_the_grid(plan, campaign, wang, li):
    """A forged grid names a kind twice: it is undertaken once."""
    data = QueryDict("unit_1401=homecoming&unit_1401=homecoming", mutable=True)
    kinds = [kind.key for kind in campaign.kinds.all()]
    grid = read_section(
        Section.GRID, data, campaign=campaign, kind_keys=kinds, units=["1401", "140105"]
    )
    rows = whole_contents()[Section.GRID]["rows"] | grid["rows"]
    plan.sections.filter(key=Section.GRID).update(content={"rows": rows})
    review.submit(plan, actor=wang)
    review.start_review(plan, actor=li)
    review.approve(plan, actor=li)
    assert Undertaking.objects.filter(organization="1401", kind__key="homecoming").count() == 1
    return plan.get_state_display()


# 青年和人才库


@breaks("talent_note_says_something", words="写上标题")
def blank_note(group, zhang):
    return page(zhang, f"/groups/{group.pk}/note/", kind="news", title=" ", text=" ")


@breaks("talent_one_text_of_a_version", words="刚才有人发布了新的一版")
def text_published_twice(li, monkeypatch):
    """Two publish at once: the second sees the text as it was before the first."""
    before = consents.current_texts()
    monkeypatch.setattr(consents, "current_texts", lambda: before)
    consents.publish_text("pool", actor=li, text="第一位写的。")
    return refused(consents.publish_text, "pool", actor=li, text="第二位写的。")


@breaks(
    "talent_one_record_of_a_phone", "talent_one_record_of_an_identity", words="本县人才库里已经有了"
)
def number_known_already(enter, zhang):
    enter(zhang, "甲", phone="13800008801")
    return refused(enter, zhang, "乙", phone="13800008801")


@breaks("talent_in_the_pool_by_consent", words="入库要本人同意")
def into_the_pool_without_consent(enter, zhang):
    record = enter(zhang, "甲")
    with at(zhang):
        records.follow_up(record, actor=zhang, means="phone", reached=True)
        record.refresh_from_db()
        return refused(records.MOVE_TO["pool"], record, actor=zhang)


@breaks("talent_holds_little_before_consent", words="要等本人同意以后才能填写")
def experience_without_consent(enter, zhang):
    record = enter(zhang, "甲")
    with at(zhang):
        return refused(
            records.change, record, actor=zhang, version=record.version, heard="phone",
            experience="当过兵",
        )  # fmt: skip


# 民事代办


@breaks("proxy_confirmation_has_a_day_and_a_name", words="请")
def confirmed_by_nobody(campaign):
    return errors(ConfirmForm({"by": "  "}, record=None, user=None))


@breaks("proxy_an_item_ends_after_it_begins", words="结束日期不能早于开始日期")
def item_ends_first(campaign):
    days = {"valid_from": localdate(), "valid_until": localdate() - dt.timedelta(1)}
    return errors(ItemForm({f"{n}_{p}": getattr(d, p) for n, d in days.items() for p in DAY}))


@breaks("proxy_satisfaction_is_one_to_five", words="9")
def nine_of_five(campaign):
    return errors(RateForm({"satisfaction": "9"}, record=None, user=None))


@breaks("proxy_no_mandate_in_person", words="要本人到场办，不能委托")
def mandate_in_person(campaign, zhang, chen):
    case = desk.asked(chen, desk.published(zhang, possible="self"))
    with rls_context(person=chen.pk):
        return refused(mandates.give, case, until_on=localdate(), user=chen)


@breaks("proxy_second_person_is_another", words="另一位同事来核对")
def second_person_is_the_first(campaign, zhang, chen):
    case = desk.asked(chen, desk.published(zhang, second_confirms=True))
    with at(zhang):
        mandates.renew_at_the_door(case, until_on=localdate(), actor=zhang)
        return refused(mandates.confirm, case, actor=zhang)


# 活动


@breaks("events_window_ends_before_the_event_does", words="报名截止不能晚于活动结束")
def signing_up_after_the_end(campaign, zhang):
    facts = scene.facts()
    facts["closes_at"] = facts["ends_at"] + dt.timedelta(hours=1)
    with at(zhang):
        return refused(events.make, actor=zhang, facts=facts, groups=[scene.row()])


@breaks("events_event_is_not_overbooked", "events_group_is_not_overbooked", words="不能少于这个数")
def fewer_places_than_people(campaign, zhang):
    event = scene.opened(zhang, [scene.row(capacity=2)])
    guests = [scene.guest(n) for n in (1, 2)]
    with looking():
        for user in guests:
            scene.arrived(user)
            scene.joined(user, event)
    places = event.groups.get()
    rows = [{"pk": places.pk, "name": places.name, "capacity": 1}]
    facts = {name: getattr(event, name) for name in scene.facts()}
    with at(zhang):
        return refused(
            events.edit, event, actor=zhang, version=event.version, facts=facts, groups=rows
        )


@breaks("events_served_is_plausible", words="数太大了")
def a_million_served(campaign):
    return errors(PointForm({"served": "1000000"}))


@breaks("events_post_wished_once", words="同一个岗位选了两次")
def same_post_twice(campaign, zhang):
    event = scene.opened(zhang)
    wishes = {"wish1": "1", "wish2": "1"}
    posts = [("1", "岗位一"), ("2", "岗位二")]
    return errors(WishForm(wishes, event=event, youth=Youth(organization_id="140105"), posts=posts))


@breaks("events_rounds_are_few", words="30")
def a_hundred_rounds(campaign):
    return errors(EventForm({"rounds": "100"}, kind="matchmaking"))


@breaks("events_ages_are_those_of_adults", words="不能小于")
def younger_than_adults(campaign):
    return errors(ProfileForm({"from_age": "16", "to_age": "15"}))


@breaks("events_closed_report_says_how", words="请写明怎么处理的")
def report_closed_without_a_word(campaign, zhang):
    report = Report(event=Event(organization_id="140105", organization=unit("140105")))
    with at(zhang):
        return refused(choosing.close_report, report, actor=zhang, outcome="")


# 要求


@breaks("reports_quota_has_a_number", words="指标要写每个单位多少")
def quota_without_a_number(campaign):
    return errors(DemandForm({"kind": "quota"}, campaign=campaign, kinds=campaign.kinds.all()))


@breaks("reports_day_to_keep_is_a_day", words="时限要选到哪一天")
def day_without_a_day(campaign):
    return errors(DemandForm({"kind": "day"}, campaign=campaign, kinds=campaign.kinds.all()))


@pytest.mark.parametrize("name", TRIES)
def test_constraint_is_met_by_words(name, request):
    function, words = TRIES[name]
    wanted = function.__code__.co_varnames[: function.__code__.co_argcount]
    got = function(*(request.getfixturevalue(fixture) for fixture in wanted))
    assert words in got, got
