"""我的: see, correct, take along, take back, be forgotten."""

import datetime as dt
import json
import re
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.utils.timezone import now

from campaigns import counting
from campaigns.actions import mergers
from campaigns.models import RecordTally
from qingchun.accounts.models import User
from qingchun.accounts.phones import phone_mark
from qingchun.notifications.models import Message
from talent.youth.actions import groups, leaving, people, questions
from talent.youth.choices import ConsentPurpose
from talent.youth.exports import as_rows
from talent.youth.models import CheckIn, Consent, Question, Youth
from tests import walls
from tests.conftest import with_number
from tests.events import scene
from tests.looking import looking
from tests.talent.conftest import PHONE, check_in_by_phone


def traces(*words):
    """(table, column) in which any of the words stands, in the whole database."""
    found = []
    with looking(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public'"
        )
        for table, column in cursor.fetchall():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" WHERE "{column}"::text LIKE ANY(%s)',
                [[f"%{word}%" for word in words]],
            )
            if cursor.fetchone()[0]:
                found.append((table, column))
    return found


@pytest.fixture
def cast(li, wang, zhou, zhang, sun, wu, zhao, chen):
    return {
        "province": li, "city": wang, "other city": zhou, "county": zhang, "next county": sun,
        "far county": wu, "township": zhao, "youth": chen, "anonymous": None,
    }  # fmt: skip


@pytest.fixture
def known(campaign, group, zhang, phone_desk):
    """Somebody of whom there is all there can be, signed in at ``phone_desk``."""
    check_in_by_phone(phone_desk, name="陈无痕", kind="student", agree_messages="on")
    phone_desk.post(
        "/check-in/more/",
        {"wants": ["job", "pool"], "agree_pool": "on", "school": "无痕大学", "trade": "无痕行业"},
    )
    with looking():
        youth = Youth.objects.select_related("organization", "user").get()
    phone_desk.post(f"/my/groups/{group.pk}/join/")
    phone_desk.post("/my/questions/", {"kind": "consult", "text": "无痕的问题"})
    with looking():
        question = Question.objects.get()
        people.note_contact(youth, actor=zhang, means="phone", text="无痕，聊过")
        questions.answer(question, actor=zhang, text="答复无痕同志")
        groups.send_note(group, actor=zhang, kind="news", title="新消息", text="都看看")
    return youth


def test_person_sees_what_is_kept(known, phone_desk):
    page = phone_desk.get("/my/").content.decode()
    for shown in ("陈无痕", "138****2001", "无痕大学", "接收家乡消息", "自动删除全部资料"):
        assert shown in page
    assert PHONE not in page


def test_person_corrects_it_and_the_figure_follows(known, phone_desk):
    phone_desk.post("/my/correct/", {"name": "陈改名", "kind": "founder", "lives_at": "太原市"})
    with looking():
        youth = Youth.objects.get()
        assert (youth.name, youth.kind, youth.lives_at) == ("陈改名", "founder", "太原市")
        assert counting.differences() == []
    assert RecordTally.objects.get(key="checkin-founder").value == 1


def test_person_takes_everything_along(known, phone_desk):
    answer = phone_desk.get("/my/data.json")
    data = json.loads(answer.content)
    assert data["基本信息"]["姓名"] == "陈无痕"
    assert data["基本信息"]["手机号"] == PHONE
    assert data["报到"][0]["需要"] == "找工作、加入人才库"
    assert [c["事项"] for c in data["同意"]] == [
        "个人信息处理告知书", "接收家乡消息", "加入乡村振兴青年人才库",
    ]  # fmt: skip
    assert data["联络群"][0]["群名"] == "小店区返乡学子群"
    assert data["咨询和意见"][0]["内容"] == "无痕的问题"
    assert data["联系记录"][0]["情况"] == "无痕，聊过"
    sheet = openpyxl.load_workbook(BytesIO(phone_desk.get("/my/data.xlsx").content)).active
    rows = list(sheet.values)
    assert rows[0] == ("部分", "项目", "内容")
    assert ("基本信息", "手机号", PHONE) in rows


def test_person_with_one_of_everything_takes_a_table_along(campaign, plan, cast):
    """Signed up, asked, answered, paired: a cell holds text whatever an app keeps."""
    walls.build(campaign, plan, cast)
    desk = Client()
    desk.force_login(cast["youth"])
    answer = desk.get("/my/data.xlsx")
    assert answer.status_code == 200
    rows = list(openpyxl.load_workbook(BytesIO(answer.content)).active.values)
    parts = {re.sub(r" \d+$", "", row[0]) for row in rows}
    assert {"基本信息", "活动报名", "民事代办", "青春有约资料"} <= parts


def test_answers_to_an_event_are_taken_along_by_their_questions(known, phone_desk, zhang):
    asked = [{"key": "q1", "label": "坐哪趟车", "kind": "text", "required": False}]
    event = scene.opened(zhang, questions=asked)
    scene.joined(known.user, event, given={"q1": "G601"})
    data = json.loads(phone_desk.get("/my/data.json").content)
    assert data["活动报名"][0]["回答"] == {"坐哪趟车": "G601"}
    rows = openpyxl.load_workbook(BytesIO(phone_desk.get("/my/data.xlsx").content)).active.values
    assert ("活动报名", "回答", "坐哪趟车：G601") in list(rows)


def test_lists_and_choices_are_written_out_in_a_cell():
    kept = {
        "部分": {"甲": {"问": ["一", "二"]}, "乙": [{"名": "值"}, "词"], "丙": True, "丁": None}
    }
    assert list(as_rows(kept)) == [
        ("部分", "甲", "问：一，二"), ("部分", "乙", "名：值\n词"), ("部分", "丙", "是"), ("部分", "丁", ""),
    ]  # fmt: skip


def test_withdrawn_consent_takes_the_wish_with_it(known, phone_desk):
    phone_desk.post("/my/consents/pool/")
    with looking():
        assert CheckIn.objects.get().wants == ["job"]
        consent = Consent.objects.get(purpose=ConsentPurpose.POOL)
    assert consent.withdrawn_at is not None


def test_withdrawn_messages_are_not_sent(known, phone_desk):
    due = Message.objects.filter(purpose="group_note", state="due")
    assert due.count() == 1
    phone_desk.post("/my/consents/messages/")
    assert due.count() == 0


def test_basic_consent_is_not_withdrawn_by_the_way(known, phone_desk):
    answer = phone_desk.post("/my/consents/basic/", follow=True).content.decode()
    assert "请用页面下方的“删除账号”" in answer
    with looking():
        assert Consent.objects.filter(purpose="basic", withdrawn_at=None).count() == 1


def test_consent_is_given_again_after_it_was_withdrawn(known, phone_desk):
    phone_desk.post("/my/consents/messages/")
    phone_desk.post("/my/consents/messages/", {"give": "1", "agree": "on"})
    with looking():
        standing = Consent.objects.filter(purpose="messages").order_by("pk")
        assert [c.withdrawn_at is None for c in standing] == [False, True]


def test_traces_are_there_to_be_found(known):
    """Without this the next test would also pass by looking nowhere."""
    found = {table for table, _ in traces("无痕", PHONE)}
    assert {"talent_youth", "accounts_user", "talent_question", "talent_contact"} <= found


def test_account_is_deleted_and_no_trace_is_left(known, phone_desk, group):
    figures = dict(RecordTally.objects.values_list("key", "value"))
    unsure = phone_desk.post("/my/delete/", follow=True)
    assert "请先勾选" in unsure.content.decode()
    phone_desk.post("/my/delete/", {"sure": "yes"})
    assert traces("无痕", PHONE) == []
    with looking():
        assert not User.objects.filter(pk=known.user_id).exists()
        assert CheckIn.objects.get().youth is None
        assert Question.objects.get().text == "（本人已删除）"
        assert counting.differences() == []
    assert dict(RecordTally.objects.values_list("key", "value")) == figures
    group.refresh_from_db()
    assert group.joined == 0
    assert phone_desk.get("/my/").status_code == 302


def test_cadre_who_checked_in_keeps_the_account_of_their_post(campaign, zhang, at):
    with_number(zhang, "13800007777")
    desk = at(zhang)
    form = {
        "name": "张小店", "kind": "worker", "age": "adult", "lives_at": "太原市", "stay": "good",
        "agree_basic": "on",
    }  # fmt: skip
    assert desk.post("/140105/check-in/", form).status_code == 302
    desk.post("/my/delete/", {"sure": "yes"})
    with looking():
        assert Youth.objects.count() == 0
    assert desk.get("/board/").status_code == 200


def test_person_is_forgotten_when_the_time_is_over(known, settings):
    settings.YOUTH_RETENTION_DAYS = 730
    known.active_at = now() - dt.timedelta(729)
    with looking():
        known.save()
    assert leaving.forget_old(now()) == 0
    assert leaving.forget_old(now() + dt.timedelta(2)) == 1
    assert traces("无痕", PHONE) == []


def test_number_that_never_checked_in_is_forgotten_after_a_month(campaign, phone_desk, zhang):
    from tests.accounts.test_codes import code_in, enter, send
    from tests.conftest import uncounted

    uncounted()
    enter(phone_desk, code_in(send(phone_desk)))
    leaving.forget_old(now() + dt.timedelta(29))
    with looking():
        assert User.objects.filter(phone_mark=phone_mark(PHONE)).exists()
    leaving.forget_old(now() + dt.timedelta(31))
    with looking():
        assert not User.objects.filter(phone_mark=phone_mark(PHONE)).exists()
        assert User.objects.filter(pk=zhang.pk).exists()


def test_day_on_which_data_ends_is_the_one_that_is_shown(known, settings):
    settings.YOUTH_RETENTION_DAYS = 10
    known.active_at = dt.datetime(2019, 1, 8, 9, tzinfo=dt.UTC)
    assert leaving.kept_until(known) == dt.date(2019, 1, 18)


def test_people_of_a_closed_unit_go_to_its_successor(campaign, arrive):
    from qingchun.organizations.models import Organization

    arrive("跟着走", home="140106")
    Organization.objects.filter(pk="140106").update(
        closed_on=dt.date(2019, 1, 1), succeeded_by="140105"
    )
    assert mergers.carry_out()["140106"]["talent.Youth"] == 1
    with looking():
        assert Youth.objects.get().organization_id == "140105"
        assert counting.differences() == []
