"""What the green channel tells is true when it can be read: in the night a case goes on, and what
waits for the morning goes with it."""

import datetime as dt

import pytest
from django.utils.timezone import get_current_timezone, localdate, now

from qingchun.notifications import actions, purposes
from qingchun.notifications.models import Message
from qingchun.notifications.writing import words_in
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import rls_context
from services.proxy.actions import after, appointments, items, progress, slots
from services.proxy.models import ServiceItem, Slot
from talent.youth.actions import leaving
from tests.conftest import person, with_number
from tests.endings import ends, settled, unsent
from tests.looking import looking
from tests.services import scene
from tests.services.conftest import again


def at(day, hour, minute=0):
    return dt.datetime(2019, 1, day, hour, minute, tzinfo=get_current_timezone())


@pytest.fixture
def he(db):
    """何小店: a colleague of 张小店's."""
    return person("he", "何小店", "140105")


@pytest.fixture
def night(ready, zhang, he, winter):
    """陈返乡's case is 张小店's, both have a telephone, and it is half past ten at night."""
    with_number(zhang, "13800009101")
    with_number(he, "13800009102")
    Message.objects.all().delete()
    winter.move_to(at(8, 22, 30))
    return ready


@pytest.fixture
def act(desk_of):
    def do(step, case, actor, **given):
        case = again(case)
        with desk_of(actor):
            step(case, actor=actor, **given)

    return do


def said(purpose, user=None):
    return [line["text"] for m in unsent(purpose, user) for line in m.lines if m.channel == "sms"]


@ends("proxy_moved")
def test_who_asked_hears_in_the_morning_where_the_case_stands_and_nothing_older(
    night, zhang, chen, act
):
    act(progress.wait, night, zhang, text="缺户口簿")
    assert ["缺户口簿" in text for text in said("proxy_moved")] == [True]
    act(progress.to_office, night, zhang)
    act(progress.done, night, zhang)
    assert ["已办结" in text for text in said("proxy_moved")] == [True]
    with rls_context(person=chen.pk):
        after.ask_again(again(night), user=chen, text="名字错了")
    assert ["名字错了" in text for text in said("proxy_moved")] == [True]


@ends("proxy_moved_number")
def test_who_has_no_account_hears_only_where_the_case_stands(item, zhang, winter, act, desk_of):
    winter.move_to(at(8, 22, 30))
    case = scene.at_the_door(zhang, item)
    assert len(unsent("proxy_moved_number")) == 1
    act(progress.take, case, zhang)
    act(progress.impossible, case, zhang, text="户口不在本县")
    assert len(unsent("proxy_moved_number")) == 1
    assert len(settled("proxy_moved_number")) == 2


@ends("proxy_moved")
def test_day_that_was_promised_in_the_night_is_said_once_and_the_missing_papers_stay_said(
    item, chen, zhang, winter, act
):
    winter.move_to(at(8, 22, 30))
    case = scene.asked(chen, item)
    act(progress.take, case, zhang)
    assert [text.count("预计") for text in said("proxy_moved", chen)] == [1]
    act(progress.extend, case, zhang, days=1, text="窗口盘点")
    act(progress.extend, case, zhang, days=1, text="窗口又盘点")
    (text,) = said("proxy_moved", chen)
    assert ("窗口又盘点" in text, "预计" in text) == (True, False)
    act(progress.wait, case, zhang, text="缺户口簿")
    act(progress.extend, case, zhang, days=1, text="过节")
    waiting, extended = sorted(said("proxy_moved", chen), key=lambda text: "延期" in text)
    assert ("缺户口簿" in waiting, "过节" in extended) == (True, True)


@ends("proxy_new")
def test_case_that_somebody_took_or_took_back_is_not_new_to_the_unit(
    item, chen, zhang, he, winter, act
):
    with_number(zhang, "13800009101")
    winter.move_to(at(8, 22, 30))
    case = scene.asked(chen, item)
    assert len(unsent("proxy_new")) == 1
    act(progress.take, case, he)
    assert unsent("proxy_new") == []


@ends("proxy_new")
def test_case_that_was_forgotten_leaves_no_word_in_the_line(item, chen, zhang, winter):
    with_number(zhang, "13800009101")
    winter.move_to(at(8, 22, 30))
    scene.asked(chen, item)
    leaving.forget_person(chen)
    assert (unsent("proxy_new"), unsent("proxy_moved")) == ([], [])


@ends("proxy_given")
def test_case_that_was_given_on_is_not_said_to_be_given_to_the_first(night, zhang, he, act):
    act(progress.assign, night, zhang, agent=he.acting)
    assert said("proxy_given", he)
    act(progress.extend, night, he, days=2, text="窗口盘点")
    assert [f"{again(night).planned_on:%-m月%-d日}" in t for t in said("proxy_given", he)] == [True]
    act(progress.assign, night, he, agent=zhang.acting)
    assert (said("proxy_given", he), len(said("proxy_given", zhang))) == ([], 1)


@ends("proxy_given", "proxy_hour")
def test_case_that_was_taken_back_asks_nothing_more_of_its_agent(night, zhang, he, chen, act):
    hours = opened(zhang)
    act(progress.assign, night, zhang, agent=he.acting)
    with rls_context(person=chen.pk):
        appointments.change_own(again(night), user=chen, slot=hours[0].pk)
    assert len(said("proxy_hour", he)) == 1
    with rls_context(person=chen.pk):
        after.withdraw(again(night), user=chen)
    assert (said("proxy_given", he), said("proxy_hour", he)) == ([], [])


def opened(zhang, days=1):
    with rls_context(scope=zhang.scope, person=zhang.pk):
        slots.open_hours(
            actor=zhang, way="drop", place="政务大厅", first=localdate() + dt.timedelta(days),
            last=localdate() + dt.timedelta(days), hours=((dt.time(9), dt.time(11)), (dt.time(14), dt.time(16))),
            capacity=2, weekends=True,
        )  # fmt: skip
    return list(Slot.objects.order_by("starts_at"))


@ends("proxy_hour", "proxy_moved")
def test_hour_that_was_changed_again_is_said_once(night, zhang, chen, act):
    first, second = opened(zhang)
    for slot in (first, second):
        with rls_context(person=chen.pk):
            appointments.change_own(again(night), user=chen, slot=slot.pk)
    assert ["14:00" in text for text in said("proxy_hour", zhang)] == [True]
    act(appointments.change, night, zhang, slot=first.pk)
    assert said("proxy_hour", zhang) == []
    act(appointments.change, night, zhang, slot=second.pk)
    assert ["14:00" in text for text in said("proxy_moved", chen)] == [True]


def test_hour_and_note_of_the_night_hold_wherever_the_case_goes(night, zhang, chen, act):
    """The hour was not said any more, since the case went on: the person came at the old one."""
    _, second = opened(zhang)
    act(appointments.change, night, zhang, slot=second.pk)
    act(progress.add_note, night, zhang, text="请带户口簿原件", is_shown=True)
    act(progress.to_office, night, zhang)
    texts = said("proxy_moved", chen)
    assert [any(part in text for text in texts) for part in ("14:00", "户口簿")] == [True, True]
    assert all("已送部门" in text or "部门" in text for text in texts)


@pytest.mark.parametrize(("days", "urgent"), [(1, True), (9, False)])
def test_hour_of_the_next_morning_is_said_at_once(night, zhang, chen, act, days, urgent):
    first, second = opened(zhang, days)
    for step, given in (
        (appointments.change, {"slot": first.pk}),
        (appointments.change, {"slot": second.pk}),
        (progress.impossible, {"text": "要到户籍地办"}),
    ):
        act(step, night, zhang, **given)
        assert {m.is_urgent for m in unsent("proxy_moved", chen) if m.channel == "sms"} == {urgent}


@ends("proxy_reopened")
def test_case_that_ended_again_is_not_said_to_be_opened(night, zhang, chen, act):
    act(progress.to_office, night, zhang)
    act(progress.done, night, zhang)
    with rls_context(person=chen.pk):
        after.ask_again(again(night), user=chen, text="名字错了")
    assert len(said("proxy_reopened", zhang)) == 1
    act(progress.to_office, night, zhang)
    act(progress.done, night, zhang)
    assert said("proxy_reopened", zhang) == []


@ends("proxy_new")
def test_case_that_went_to_another_county_is_not_new_here(item, chen, zhang, sun, winter, act):
    with_number(zhang, "13800009101")
    winter.move_to(at(8, 22, 30))
    case = scene.asked(chen, item)
    act(progress.take, case, zhang)
    act(progress.hand_over, case, zhang, unit=Organization.objects.get(pk="140106"), text="户口")
    assert unsent("proxy_new", zhang) == []
    assert ["转团迎泽区委办理" in text for text in said("proxy_moved", chen)] == [True]


@pytest.fixture
def late(ready, zhang, wang, winter):
    """In the night the morning's reminders are written: nobody was there to write them by day."""
    with_number(zhang, "13800009101")
    wang.email = "wang@example.com"
    wang.save(update_fields=["email"])
    zhang.email = "zhang@example.com"
    zhang.save(update_fields=["email"])
    winter.move_to(at(21, 22, 30))
    actions.decide(now())
    return ready


@ends("proxy_due", "proxy_late")
def test_reminder_of_what_was_done_meanwhile_is_not_sent(late, zhang, act):
    assert (len(said("proxy_due", zhang)), len(unsent("proxy_late"))) == (1, 2)
    act(progress.to_office, late, zhang)
    act(progress.done, late, zhang)
    actions.decide(now())
    assert (unsent("proxy_due"), unsent("proxy_late")) == ([], [])


@ends("proxy_due", "proxy_late")
def test_reminder_of_yesterday_is_not_sent_today(late, winter):
    winter.move_to(at(22, 7, 59))
    actions.decide(now())
    assert (unsent("proxy_due"), unsent("proxy_late")) == ([], [])
    winter.move_to(at(22, 9))
    actions.decide(now())
    assert len(said("proxy_due")) == 1


def test_reminder_that_waits_counts_what_is_late_now(late, zhang, chen, act, item):
    assert "1 件已经超期" in said("proxy_due", zhang)[0]
    act(progress.extend, late, zhang, days=30, text="过节") if False else None
    with looking():
        type(late).objects.filter(pk=late.pk).update(planned_on=localdate())
    actions.decide(now())
    assert said("proxy_due", zhang)[0].startswith("您手上的代办有 1 件今明两天到期，")


@ends("proxy_unheld")
def test_case_that_somebody_took_meanwhile_is_not_said_to_be_nobodys(case, zhang, he, winter, act):
    with_number(zhang, "13800009101")
    winter.move_to(at(21, 22, 30))
    actions.decide(now())
    assert len(said("proxy_unheld", zhang)) == 1
    act(progress.take, case, he)
    actions.decide(now())
    assert said("proxy_unheld", zhang) == []


@ends("proxy_stale")
def test_item_that_its_office_confirmed_is_not_said_to_grow_old(item, zhang, winter, desk_of):
    zhang.email = "zhang@example.com"
    zhang.save(update_fields=["email"])
    winter.move_to(at(8, 22, 30) + dt.timedelta(365 - 14))
    actions.decide(now())
    assert len(unsent("proxy_stale")) == 1
    with desk_of(zhang):
        items.confirm(ServiceItem.objects.get(pk=item.pk), actor=zhang, by="区医保局 李科长")
    assert unsent("proxy_stale") == []


def test_words_to_a_number_are_the_words_that_stand_in_the_morning(item, zhang, li, winter):
    """They were sealed as they were written, and a reworded text did not reach them."""
    winter.move_to(at(8, 22, 30))
    scene.at_the_door(zhang, item)
    with rls_context(scope="14", person=li.pk):
        actions.reword(
            purposes.find("proxy_moved_number"), actor=li, subject="代办", text="{item}：{state}。"
        )
    (message,) = unsent("proxy_moved_number")
    assert words_in(message) == "医保参保登记：已登记。"
