"""What people see and do with messages: the bell, the inbox, the log, the words."""

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import now

from campaigns.actions import log as log_actions
from campaigns.models import CalendarKey
from qingchun.accounts.models import AuditEvent
from qingchun.notifications import purposes
from qingchun.notifications.actions import beat, settle, tell_unit
from qingchun.notifications.choices import ChannelName, MessageState
from qingchun.notifications.models import Message, Preference, Wording
from qingchun.organizations.walls import rls_context
from reports.papers.actions import review
from reports.papers.models import Plan
from reports.papers.notices import PLAN_APPROVED
from tests.conftest import person, with_number
from tests.looking import looking


@pytest.fixture
def returned(plan, wang, li):
    review.submit(plan, actor=wang)
    review.start_review(plan, actor=li)
    review.send_back(plan, actor=li, remarks={"text": "请写具体"})
    return plan


def texts(user, channel=ChannelName.INAPP):
    return [m.text for m in Message.objects.filter(recipient=user, channel=channel)]


def test_city_hears_that_its_plan_was_returned_and_then_approved(returned, wang, zhou, li):
    assert texts(wang) == ["太原市实施方案已退回，有 1 处修改意见，请修改后再报送。"]
    review.submit(returned, actor=wang)
    review.start_review(returned, actor=li)
    review.approve(returned, actor=li)
    assert texts(wang)[0] == "太原市实施方案已通过，所选活动已下达到承担单位。"
    assert texts(zhou) == []


def test_question_reaches_whoever_logged_it_and_the_answer_whoever_asked(log, zhang, wang, li):
    activity = log(zhang)
    question = log_actions.ask(activity, actor=wang, text="人数含志愿者吗？")
    assert texts(zhang) == ["团太原市委 王太原询问“上门登记”：人数含志愿者吗？"]
    with rls_context(scope="140105", person=zhang.pk):
        log_actions.answer(question, actor=zhang, text="不含{unit}。")
    assert texts(wang) == ["团小店区委答复“上门登记”：不含{unit}。"]


def test_question_about_somebody_who_left_goes_to_those_responsible(log, zhang, sun, wang):
    activity = log(zhang)
    zhang.memberships.update(state="ended", ended_at=now())
    successor = person("new", "新小店", "140105", "editor")
    log_actions.ask(activity, actor=wang, text="人数？")
    assert texts(zhang) == []
    assert len(texts(successor)) == 1


def test_told_twice_written_once_and_rolled_back_with_the_decision(plan, wang, li):
    values = {"unit": "太原市", "campaign": "x"}
    told = {"about": plan, "organization_id": "1401", "values": values, "offset": 1}
    assert tell_unit(PLAN_APPROVED, **told) == 1
    assert tell_unit(PLAN_APPROVED, **told) == 0
    assert Plan.objects.get().pk == plan.pk


def test_bell_counts_and_opening_marks_read_and_leads_there(client, returned, wang):
    client.force_login(wang)
    page = client.get("/board/").content.decode()
    assert 'aria-label="消息，1 条未读"' in page
    message = Message.objects.get(recipient=wang)
    answer = client.post(f"/messages/{message.pk}/open/")
    assert answer.url == returned.get_absolute_url()
    assert 'aria-label="消息"' in client.get("/board/").content.decode()
    message.refresh_from_db()
    assert message.read_at is not None


def test_bell_of_somebody_without_a_post(client, chen, plan):
    with looking():
        Message.objects.create(
            key="k", purpose="digest", channel=ChannelName.INAPP, organization_id="140105", recipient=chen,
            subject="试", lines=[{"text": "试", "about": "x", "unit": "1"}], state=MessageState.SENT,
            due_at=now(), try_at=now(), sent_at=now(),
        )  # fmt: skip
    client.force_login(chen)
    assert "1 条未读" in client.get("/messages/").content.decode()


def test_nobody_opens_anothers_message(client, returned, wang, zhou, zhang):
    message = Message.objects.get(recipient=wang)
    for other in (zhou, zhang):
        client.force_login(other)
        assert client.post(f"/messages/{message.pk}/open/").status_code == 404
    colleague = person("ma", "马太原", "1401")
    client.force_login(colleague)
    assert client.post(f"/messages/{message.pk}/open/").status_code == 404
    assert "已退回" not in client.get("/messages/").content.decode()


def test_read_all(client, returned, wang):
    client.force_login(wang)
    assert "全部标为已读" in client.get("/messages/").content.decode()
    client.post("/messages/read/")
    assert not Message.objects.inbox_of(wang).unread().exists()


@pytest.mark.parametrize("count", [1, 3])
def test_inbox_takes_as_many_queries_for_one_as_for_many(
    client, plan, wang, count, django_assert_num_queries
):
    values = {"unit": "太原市", "campaign": "x"}
    for number in range(count):
        tell_unit(PLAN_APPROVED, about=plan, organization_id="1401", values=values, offset=number)
    client.force_login(wang)
    client.get("/messages/")
    with django_assert_num_queries(5):
        assert client.get("/messages/").content.decode().count("q-msg ") == count


def test_person_chooses_ways_and_mutes(client, plan, wang):
    with_number(wang, "13800000001")
    client.force_login(wang)
    page = client.post("/messages/settings/", {"email": "不是邮箱", "ways": ["email"]})
    assert "邮箱写得不对" in page.content.decode()
    assert "不是邮箱" in page.content.decode()
    client.post(
        "/messages/settings/",
        {"email": "wang@example.org", "ways": ["email"], "muted": ["digest"]},
    )
    assert (Preference.objects.get().off, Preference.objects.get().muted) == (["sms"], ["digest"])
    told = {"about": plan, "organization_id": "1401", "values": {"unit": "太原市", "campaign": "x"}}
    tell_unit(PLAN_APPROVED, **told)
    assert {m.channel for m in Message.objects.all()} == {"inapp", "email"}
    Preference.objects.update(muted=["plan_approved"])
    Message.objects.all().delete()
    tell_unit(PLAN_APPROVED, **told)
    assert {m.channel for m in Message.objects.all()} == {"inapp"}


def test_settling_nothing_is_no_error(plan):
    assert settle("campaigns.deadline:1", "1401") == 0


# The province


@pytest.fixture
def failed(returned, wang):
    return Message.objects.create(
        key="f", purpose="plan_returned", channel=ChannelName.SMS, organization_id="1401", recipient=wang,
        subject="试", lines=[{"text": "试", "about": "x", "unit": "1401"}], state=MessageState.FAILED,
        due_at=now(), try_at=now(), attempts=8, answer="短信网关不接受",
    )  # fmt: skip


def test_delivery_log_is_filtered_and_sends_again(client, failed, li):
    client.force_login(li)
    page = client.get("/messages/log/?state=failed").content.decode()
    assert "短信网关不接受" in page
    assert page.count("王太原") == 1
    client.post(f"/messages/log/{failed.pk}/send-again/")
    failed.refresh_from_db()
    assert (failed.state, failed.attempts, failed.resends) == (MessageState.DUE, 0, 1)
    assert AuditEvent.objects.filter(verb="重发消息").count() == 1
    page = client.post(f"/messages/log/{failed.pk}/send-again/", follow=True)
    assert "正在等待发送" in page.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_delivery_log_takes_as_many_queries_for_one_as_for_many(
    client, failed, li, count, django_assert_num_queries
):
    for number in range(count - 1):
        failed.pk, failed.key = None, f"f{number}"
        failed.save(force_insert=True)
    client.force_login(li)
    client.get("/messages/log/")
    with django_assert_num_queries(7):
        client.get("/messages/log/?state=failed")


def test_province_sees_that_the_beat_stopped(client, li, winter):
    client.force_login(li)
    assert "定时任务还没有运行过" in client.get("/messages/log/").content.decode()
    beat("tick", now())
    assert "定时任务运行正常" in client.get("/messages/log/").content.decode()
    winter.shift(dt.timedelta(minutes=5, seconds=1))
    client.logout()
    client.force_login(li)
    assert "没有动静，消息发不出去" in client.get("/messages/log/").content.decode()


def test_words_are_changed_and_an_unknown_field_is_refused_when_saved(client, plan, wang, li):
    client.force_login(li)
    url = "/messages/words/plan_approved/"
    for text, says in (
        ("{unit}好，{nobody}", "没有“{nobody}”这一项。可以用的是：{unit}、{campaign}。"),
        ("{unit.pk}", "没有“{unit.pk}”这一项"),
        ("{unit", "花括号没有成对"),
        ("{unit:>9}", "花括号里只写名称"),
        ("{}", "没有“{}”这一项"),
    ):
        page = client.post(url, {"subject": "试", "text": text}).content.decode()
        assert says in page.replace("&gt;", ">"), text
        assert text in page.replace("&gt;", ">")
    assert not Wording.objects.exists()
    client.post(url, {"subject": "通过了", "text": "{unit}的方案通过了。"})
    told = {"about": plan, "organization_id": "1401", "values": {"unit": "太原市", "campaign": "x"}}
    tell_unit(PLAN_APPROVED, **told)
    assert texts(wang) == ["太原市的方案通过了。"]


def test_purpose_with_a_field_it_does_not_have_cannot_be_registered():
    with pytest.raises(ValueError, match="没有"):
        purposes.MessageType("x", "试", {"unit": "太原"}, "试", "{what}")


def test_send_due_rehearses_without_writing(campaign, wang, capsys):
    said = io.StringIO()
    call_command("send_due", "--at", "2019-01-09T09:00+08:00", "--dry-run", stdout=said)
    assert said.getvalue() == (
        "2019-01-09 09:00 站内 团太原市委 王太原 截止提醒："
        "太原市实施方案还没有报送，1月10日 24 时前报团省委，还有 1 天。\n共 1 条。\n"
    )
    assert Message.objects.count() == 0
    call_command("send_due", "--at", "2019-01-09T09:00+08:00", stdout=said)
    assert Message.objects.count() == 1
    with pytest.raises(CommandError, match="2019-01-09T09:00"):
        call_command("send_due", "--at", "明天")


# The calendar


def test_calendar_feed_opens_by_its_private_address_alone(client, campaign, wang, li):
    from campaigns.actions.editions import extend

    extend(
        campaign.deadlines.get(purpose="plan"), actor=li, organization=wang.acting.organization,
        until_on=dt.date(2019, 1, 14), reason="来函",
    )  # fmt: skip
    client.force_login(wang)
    page = client.post("/calendar/").content.decode()
    path = page.split('value="http://127.0.0.1:8000')[1].split('"')[0]
    client.logout()
    feed = client.get(path)
    assert feed["Content-Type"] == "text/calendar; charset=utf-8"
    text = feed.content.decode().replace("\r\n ", "")
    assert "DTSTART;VALUE=DATE:20190114" in text
    assert "DTSTART;VALUE=DATE:20190228" in text
    assert "SUMMARY:实施方案截止（24 时前）" in text
    assert client.get("/calendar/guess.ics").status_code == 404
    client.force_login(wang)
    client.post("/calendar/drop/")
    assert client.get(path).status_code == 404
    assert not CalendarKey.objects.exists()


# Who is reminded first


def test_administrator_sets_who_is_reminded_first(client, wang, li):
    post = wang.memberships.get()
    client.force_login(li)
    client.post(f"/people/{post.pk}/duty/", {"duty": "lead"})
    post.refresh_from_db()
    assert post.duty == "lead"
    client.post(f"/people/{post.pk}/duty/", {"duty": "boss"})
    post.refresh_from_db()
    assert post.duty == "lead"
