"""Reminders: boundaries, sending at most once, by hand, and the schedule they follow."""

import datetime as dt

import pytest

from campaigns.choices import CampaignState, DeadlineType
from qingchun.ground.refusals import Refused
from qingchun.notifications.actions import decide
from qingchun.notifications.choices import ChannelName, MessageState
from qingchun.notifications.models import GroupChat, Message
from qingchun.organizations.choices import ReminderRole
from reports.papers.actions import nudges, review
from reports.papers.models import Nudge, Paper, ReminderSchedule, Summary
from reports.papers.reminders import slots, speaking
from tests.conftest import person, with_number
from tests.endings import ends
from tests.reports.test_winter import CITIES, at, rows, says, settle_plan, tick

# Boundaries


@pytest.mark.parametrize(
    ("moment", "texts"),
    [
        ("01-03 08:59", []),
        ("01-03 09:00", ["还有 7 天。"]),
        ("01-10 08:59", []),  # two days later nothing is caught up on: the 9th has said it
        ("01-10 23:59", ["今天 24 时截止。"]),
        ("01-11 00:00", ["已逾期 1 天。"]),
        ("01-17 09:00", ["已逾期 7 天。"]),
        ("01-20 09:00", []),
    ],
)
def test_both_sides_of_every_boundary(campaign, wang, moment, texts):
    """One tick in that minute on a portal that has been off before, for one city."""
    _only(campaign, "1401")
    if moment == "01-10 08:59":
        tick(at("01-09 09:00"))
        Message.objects.all().delete()
        Message.objects.all()
        ReminderSchedule.objects.create(campaign=campaign, days_before=[7])
    tick(at(moment))
    assert [m.text.split("，")[-1] for m in _reminders()] == texts


def _reminders():
    return Message.objects.filter(purpose="deadline", channel=ChannelName.INAPP).order_by("pk")


def _only(campaign, *codes):
    """All cities but these have sent everything."""
    plans = [(code, DeadlineType.PLAN) for code in set(CITIES) - set(codes)]
    for code, purpose in [*plans, *((code, DeadlineType.SUMMARY) for code in CITIES)]:
        Paper.objects.create(
            campaign=campaign, organization_id=code, purpose=purpose, state="approved",
            first_sent_at=at("01-01 09:00"), sent_at=at("01-01 09:00"),
        )  # fmt: skip


def test_same_tick_again_and_a_clock_set_back_write_nothing_new(campaign, wang):
    _only(campaign, "1401")
    tick(at("01-07 09:00"))
    tick(at("01-09 09:00"))
    before = rows()
    tick(at("01-09 09:00"))
    tick(at("01-09 08:00"))
    tick(at("01-09 09:01"))
    assert rows() == before
    assert len(before) == 2


def test_only_those_who_owe_are_reminded_and_a_returned_plan_is_in(campaign, plan, wang, li):
    _only(campaign, "1401")
    review.submit(plan, actor=wang)
    review.start_review(plan, actor=li)
    review.send_back(plan, actor=li, remarks={"text": "再写"})
    tick(at("01-09 09:00"))
    assert list(_reminders()) == []


def test_plan_taken_back_is_owed_again(campaign, plan, wang):
    _only(campaign, "1401")
    review.submit(plan, actor=wang)
    review.take_back(plan, actor=wang)
    tick(at("01-09 09:00"))
    assert len(_reminders()) == 1


@ends("deadline")
def test_sending_the_plan_cancels_what_is_not_sent(campaign, plan, wang, winter):
    """Written in quiet hours, held until eight; sent at seven by somebody who rose early."""
    _only(campaign, "1401")
    with_number(wang, "13800000001")
    ReminderSchedule.objects.create(campaign=campaign, at=dt.time(7))
    winter.move_to(at("01-09 07:00"))
    decide(at("01-09 07:00"))
    assert {m.state for m in Message.objects.all()} == {MessageState.DUE}
    winter.move_to(at("01-09 07:30"))
    review.submit(plan, actor=wang)
    assert {(m.state, m.answer) for m in Message.objects.all()} == {
        (MessageState.CANCELLED, "已经办好，不用再发")
    }
    tick(at("01-09 08:00"))
    assert rows() == []


def test_several_for_one_person_on_one_day_are_one_message_and_each_can_be_taken_out(
    campaign, wang, winter
):
    """王太原 also holds a post in 大同; of the two things one is settled before it is sent."""
    from qingchun.accounts.models import Membership

    _only(campaign, "1401", "1402")
    Membership.objects.create(
        user=wang, organization_id="1402", role="editor", duty=ReminderRole.LEAD
    )
    ReminderSchedule.objects.create(campaign=campaign, at=dt.time(7))
    winter.move_to(at("01-09 07:00"))
    decide(at("01-09 07:00"))
    (message,) = Message.objects.all()
    assert [line["unit"] for line in message.lines] == ["1401", "1402"]
    settle_plan(campaign, "1401", at("01-09 07:10"))
    tick(at("01-09 08:00"))
    (row,) = rows()
    assert row[0] == "01-09 08:00"
    assert row[3] == says("大同市", "实施方案", "1月10日", "还有 1 天。")


def test_silent_on_spring_festival_but_for_the_last_day_itself():
    schedule = ReminderSchedule(late_days=3)
    days = [f"{s.at:%m-%d %H:%M}" for s in slots(schedule, dt.date(2019, 2, 10))]
    # The 3rd is a make-up working day; the 4th to the 10th are off; the 10th is the day itself.
    assert days == [
        "02-03 09:00", "02-10 09:00", "02-10 15:00", "02-11 09:00", "02-12 09:00", "02-13 09:00",
    ]  # fmt: skip


def test_last_day_is_not_held_by_quiet_hours_and_others_are(campaign, wang):
    _only(campaign, "1401")
    ReminderSchedule.objects.create(
        campaign=campaign, at=dt.time(7), on_the_day=[dt.time(7)], days_before=[1]
    )
    tick(at("01-09 07:00"))
    assert rows() == []
    tick(at("01-09 08:00"))
    assert [row[0] for row in rows()] == ["01-09 08:00"]
    tick(at("01-10 07:00"))
    assert [row[0] for row in rows(purpose="deadline")] == ["01-09 08:00", "01-10 07:00"]


def test_reminder_that_was_not_sent_before_the_next_is_not_sent_after_it(campaign, wang):
    _only(campaign, "1401")
    with_number(wang, "13800000001")
    decide(at("01-07 09:00"))
    decide(at("01-09 09:00"))
    states = {
        (m.due_at, m.state, m.answer) for m in Message.objects.filter(channel=ChannelName.SMS)
    }
    assert states == {
        (at("01-07 09:00"), MessageState.CANCELLED, "已由后一条提醒代替"),
        (at("01-09 09:00"), MessageState.DUE, ""),
    }


def test_nothing_but_the_last_day_goes_out_at_night_after_an_outage(
    campaign, wang, settings, tmp_path
):
    settings.OUTBOX_ROOT = tmp_path
    _only(campaign, "1401")
    with_number(wang, "13800000001")
    decide(at("01-09 09:00"))
    tick(at("01-09 23:00"))
    assert rows(channel=ChannelName.SMS) == []
    tick(at("01-10 08:00"))
    assert [row[0] for row in rows(channel=ChannelName.SMS)] == ["01-10 08:00"]


def test_group_chat_of_the_unit_is_told_as_well(campaign, wang):
    _only(campaign, "1401")
    GroupChat.objects.create(organization_id="1401", robot="wecom", name="太原群", sealed_url="x")
    decide(at("01-09 09:00"))
    found = Message.objects.filter(channel=ChannelName.GROUP)
    assert [(m.organization_id, m.recipient_id, m.state) for m in found] == [("1401", None, "due")]


def test_other_editions_and_those_switched_off_say_nothing(campaign, wang):
    _only(campaign, "1401")
    ReminderSchedule.objects.create(campaign=campaign, is_on=False)
    tick(at("01-09 09:00"))
    ReminderSchedule.objects.update(is_on=True)
    for state in (CampaignState.PREPARING, CampaignState.LOCKED):
        type(campaign).objects.update(state=state)
        tick(at("01-09 09:00"))
    assert rows() == []


def test_portal_that_was_off_catches_up_on_the_latest_alone():
    schedule, due = ReminderSchedule(), dt.date(2019, 1, 10)
    found = speaking(schedule, due, at("01-11 08:00"))
    assert [f"{slot.at:%m-%d %H:%M}" for slot in found] == ["01-10 15:00", "01-11 09:00"]
    assert speaking(schedule, due, at("01-19 09:00")) == []


@pytest.mark.parametrize("owing", [["1401"], ["1401", "1402", "1403", "1404"]])
def test_deciding_takes_as_many_queries_for_one_city_as_for_many(
    campaign, owing, django_assert_num_queries
):
    for code in owing:
        person(f"p{code}", f"责任人{code}", code)
    _only(campaign, *owing)
    with django_assert_num_queries(30):
        decide(at("01-09 09:00"))
    assert Message.objects.filter(purpose="deadline").count() == len(owing)


# By hand


def test_province_reminds_those_who_owe_at_most_once_an_hour(campaign, wang, zhou, li, winter):
    deadline = campaign.deadlines.get(purpose=DeadlineType.PLAN)
    _only(campaign, "1401", "1403")
    done = nudges.remind_now(deadline, actor=li)
    assert [unit.code for unit in done.told] == ["1401"]
    assert done.passed_over == []
    assert [unit.code for unit in done.without_anybody] == ["1403"]
    winter.shift(dt.timedelta(minutes=59))
    assert [u.code for u in nudges.remind_now(deadline, actor=li).passed_over] == ["1401"]
    winter.shift(dt.timedelta(minutes=1))
    assert [u.code for u in nudges.remind_now(deadline, actor=li).told] == ["1401"]
    assert [m.recipient.name for m in _reminders()] == ["王太原", "王太原"]
    assert Nudge.objects.count() == 1


def test_nobody_owes_nobody_is_reminded(campaign, li):
    _only(campaign)
    with pytest.raises(Refused, match="各市都已报送"):
        nudges.remind_now(campaign.deadlines.get(purpose=DeadlineType.PLAN), actor=li)


def test_those_that_are_ticked_are_reminded_and_no_others(client, campaign, wang, zhou, li):
    _only(campaign, "1401", "1402")
    deadline = campaign.deadlines.get(purpose=DeadlineType.PLAN)
    path = f"/deadlines/{deadline.pk}/remind/"
    client.force_login(li)
    page = client.get(path).content.decode()
    assert [f'id="pick-{code}" value="{code}"' in page for code in ("1401", "1402")] == [True] * 2
    page = client.post(path, {"some": "1", "chosen": ["1402"]}, follow=True).content.decode()
    assert "已提醒 1 个市：大同市。" in page
    assert [m.recipient.name for m in _reminders()] == ["周大同"]
    # Ticked on a page that was left open: whoever has sent since owes nothing.
    for sent in ({"some": "1"}, {"some": "1", "chosen": ["1403", "不是单位"]}):
        page = client.post(path, sent, follow=True).content.decode()
        assert "请勾选要提醒的单位" in page
    assert len(_reminders()) == 1


def test_preview_and_sending_by_hand(client, campaign, wang, li):
    _only(campaign, "1401")
    deadline = campaign.deadlines.get(purpose=DeadlineType.PLAN)
    client.force_login(li)
    page = client.get(f"/deadlines/{deadline.pk}/remind/").content.decode()
    assert "太原市" in page
    assert "发给：王太原" in page
    assert "大同市" not in page
    page = client.post(f"/deadlines/{deadline.pk}/remind/", follow=True).content.decode()
    assert "已提醒 1 个市：太原市。" in page
    assert "一小时内已提醒" in page
    client.force_login(wang)
    assert "1 条未读" in client.get("/messages/").content.decode()


# The schedule


def schedule_form(**changes):
    usual = {
        "is_on": "on", "days_before": "7、3、1", "at": "09:00", "on_the_day": "09:00、15:00",
        "late_days": "7", "deputy_from": "1", "time_zone": "Asia/Shanghai",
    }  # fmt: skip
    return usual | changes


@pytest.mark.parametrize(
    ("changes", "says_so"),
    [
        ({"days_before": "7、-1"}, "这里只写截止以前的天数"),
        ({"days_before": "7、0"}, "这里只写截止以前的天数"),
        ({"days_before": "七天"}, "请写整数"),
        ({"days_before": "99"}, "最多提前 60 天"),
        ({"on_the_day": "下午"}, "请写几点几分"),
        ({"at": "25:00"}, "请写几点几分"),
        ({"at": "23:00"}, "请选 08:00 到 22:00 之间"),
        ({"late_days": "99"}, "最多连续提醒 30 天"),
        ({"time_zone": "Mars/Olympus"}, "没有这个时间，请从列表里选"),
    ],
)
def test_schedule_that_cannot_be_kept_is_refused_with_the_reason(
    client, campaign, li, changes, says_so
):
    client.force_login(li)
    page = client.post(f"/campaigns/{campaign.pk}/reminders/", schedule_form(**changes))
    text = page.content.decode()
    assert says_so in text
    assert f'value="{next(iter(changes.values()))}"' in text or "time_zone" in changes
    assert not ReminderSchedule.objects.exists()


def test_schedule_is_previewed_without_being_saved_and_then_saved(client, campaign, wang, li):
    _only(campaign, "1401")
    client.force_login(li)
    url = f"/campaigns/{campaign.pk}/reminders/"
    assert "1月9日 09:00" in client.get(url).content.decode()
    changed = schedule_form(at="10:30", on_the_day="8：00")
    page = client.post(url, changed | {"preview": "1"}).content.decode()
    assert "这是预览，还没有保存" in page
    assert "1月9日 10:30" in page
    assert "1月9日 09:00" not in page
    assert not ReminderSchedule.objects.exists()
    client.post(url, changed)
    kept = ReminderSchedule.objects.get()
    assert (kept.at, kept.on_the_day, kept.days_before) == (
        dt.time(10, 30),
        [dt.time(8)],
        [7, 3, 1],
    )


def test_city_that_sent_its_summary_is_not_reminded_again(client, campaign, wang, summary):
    client.force_login(wang)
    client.post(f"/summaries/{summary.pk}/submit/")
    assert Summary.objects.get().state == "submitted"
    assert [
        code for code in CITIES if (campaign.pk, "summary", code) in _sent_papers(campaign)
    ] == ["1401"]


def _sent_papers(campaign):
    return {
        (paper.campaign_id, paper.purpose, paper.organization_id)
        for paper in Paper.objects.filter(campaign=campaign).sent()
    }
