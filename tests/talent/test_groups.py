"""Liaison groups: kept, joined, written to, and never without somebody responsible for long."""

import datetime as dt
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from qingchun.accounts.actions import posts
from qingchun.accounts.models import Membership
from qingchun.ground.refusals import Refused
from qingchun.notifications.actions import decide
from qingchun.notifications.models import Message
from qingchun.organizations.choices import ReminderRole, Role
from qingchun.organizations.walls import rls_context
from talent.youth.actions import groups, people
from talent.youth.choices import ConsentPurpose
from talent.youth.models import GroupMember, GroupNote, LiaisonGroup, Youth
from tests.conftest import person
from tests.looking import looking
from tests.talent.conftest import warm
from tests.walls import jpeg


def text_of(response):
    return response.content.decode()


@pytest.mark.notice("3.10.1")
def test_group_is_made_and_shown_to_its_class(zhang, arrive, at):
    form = {
        "name": "小店区返乡学子群", "kind": "student", "capacity": "500", "state": "open",
        "responsible": zhang.acting.pk, "picture": jpeg(),
        "expires_on_year": "2019", "expires_on_month": "1", "expires_on_day": "15",
    }  # fmt: skip
    answer = at(zhang).post("/groups/new/", form)
    group = LiaisonGroup.objects.get()
    assert answer.url == f"/groups/{group.pk}/"
    assert (group.responsible, group.expires_on) == (zhang.acting, dt.date(2019, 1, 15))
    student, worker = arrive("学子", kind="student"), arrive("务工", kind="worker")
    page = text_of(at(student.user).get("/check-in/done/"))
    assert "小店区返乡学子群" in page
    assert re.search(r"<dt>责任人</dt>\s*<dd>张小店", page)
    assert "小店区返乡学子群" not in text_of(at(worker.user).get("/check-in/done/"))
    picture = at(student.user).get(f"/groups/{group.pk}/picture/")
    assert b"".join(picture)[:2] == b"\xff\xd8"
    assert at(worker.user).get(f"/groups/{group.pk}/picture/").status_code == 404


def test_second_group_of_a_name_is_refused(zhang, group, at):
    form = {"name": group.name, "kind": "all", "capacity": "200", "state": "open"}
    assert "同名的群" in text_of(at(zhang).post("/groups/new/", form))
    assert LiaisonGroup.objects.count() == 1


def test_change_on_a_version_that_is_past_is_refused(zhang, group):
    """The page brings two texts together first: tests/test_edits.py."""
    with rls_context(scope="140105", person=zhang.pk):
        groups.change_group(group, actor=zhang, version=1, name="甲")
        with pytest.raises(Refused, match="别的同志刚改过这个群"):
            groups.change_group(group, actor=zhang, version=1, name="乙")
    group.refresh_from_db()
    assert group.name == "甲"


def test_joining_is_counted_once(group, arrive, at):
    youth = arrive(kind="student")
    desk = at(youth.user)
    for _ in range(2):
        desk.post(f"/my/groups/{group.pk}/join/")
    group.refresh_from_db()
    assert group.joined == 1


@pytest.mark.parametrize(("first", "second"), [(True, True), (True, False), (False, True)])
def test_merged_person_is_in_the_group_once(group, arrive, zhang, first, second):
    kept, double = arrive("李重名", kind="student"), arrive("李重名", kind="student")
    with looking():
        for youth, joins in ((kept, first), (double, second)):
            if joins:
                groups.join(group, youth, user=youth.user)
        Youth.objects.filter(pk=double.pk).update(user=None)
        people.merge(kept, Youth.objects.get(pk=double.pk), actor=zhang)
        member = GroupMember.objects.get()
    group.refresh_from_db()
    assert (member.youth_id, member.joined_at is None, group.joined) == (kept.pk, False, 1)


def test_full_group_is_not_shown(group, arrive, at):
    LiaisonGroup.objects.update(capacity=1, joined=1)
    youth = arrive(kind="student")
    assert group.name not in text_of(at(youth.user).get("/check-in/done/"))
    with looking():
        assert GroupMember.objects.count() == 0


def test_cadre_sees_who_has_not_joined_and_marks_it(group, arrive, zhang, at):
    arrive("李没进", kind="student")
    desk = at(zhang)
    assert "李**" in text_of(desk.get(f"/groups/{group.pk}/"))
    with looking():
        member = GroupMember.objects.get()
    desk.post(f"/members/{member.pk}/joined/")
    assert "李**" not in text_of(desk.get(f"/groups/{group.pk}/"))


def test_township_marks_its_own_in_a_group_of_the_county(group, arrive, zhao, zhang, at):
    """The county's log has it, which the township itself does not write."""
    arrive("李坞城", home="140105001", kind="student")
    Membership.objects.filter(user=zhao).update(role=Role.EDITOR)
    with looking():
        member = GroupMember.objects.get()
    assert at(zhao).post(f"/members/{member.pk}/joined/").status_code == 302
    with looking():
        assert GroupMember.objects.get().joined_at is not None
    assert "标记入群" in text_of(at(zhang).get(f"/groups/{group.pk}/"))


@pytest.mark.notice("3.10.2")
def test_note_goes_to_those_who_agreed_and_to_nobody_else(group, arrive, zhang, at):
    agreed = arrive("同意的", kind="student", agreed={ConsentPurpose.MESSAGES})
    arrive("没同意的", kind="student")
    arrive("别的群的", kind="worker", agreed={ConsentPurpose.MESSAGES})
    note = {"kind": "policy", "title": "安居补贴", "text": "每月 600 元。"}
    answer = at(zhang).post(f"/groups/{group.pk}/note/", note, follow=True)
    assert "发给 1 位同意接收的青年" in text_of(answer)
    sent = Message.objects.filter(purpose="group_note")
    assert {m.recipient_id for m in sent} == {agreed.user_id}
    assert {m.channel for m in sent} == {"inapp", "sms"}
    assert sent[0].text == "团小店区委：安居补贴。每月 600 元。"
    assert GroupNote.objects.get().people == 1
    group.refresh_from_db()
    assert group.noted_at is not None


def test_city_group_is_written_to_and_shows_the_city_nobody(wang, arrive, at):
    made = groups.make_group(
        actor=wang, organization_id="1401", name="太原市返乡青年群", kind="all", capacity=500,
        responsible=wang.acting, deputy=None,
    )  # fmt: skip
    youth = arrive("李在县里", agreed={ConsentPurpose.MESSAGES})
    note = groups.send_note(made, actor=wang, kind="news", title="新路", text="通车了")
    assert note.people == 1
    page = text_of(at(wang).get(f"/groups/{made.pk}/"))
    assert "李**" not in page
    assert youth.masked_phone not in page


def test_neighbour_cannot_write_to_a_group(group, sun, at):
    note = {"kind": "news", "title": "a", "text": "b"}
    assert at(sun).post(f"/groups/{group.pk}/note/", note).status_code == 404
    assert GroupNote.objects.count() == 0


@pytest.mark.notice("3.10.2")
def test_group_without_a_responsible_person_is_listed_above(group, wang, zhang, at):
    desk = at(wang)
    assert "没有责任人的群" not in text_of(desk.get("/groups/"))
    posts.hand_over(zhang.acting, actor=wang, name="新来的", phone="13800006666")
    assert "没有责任人的群" in text_of(desk.get("/groups/"))


def test_city_is_told_of_a_group_made_without_anybody(wang, zhang, at):
    form = {"name": "没人管的群", "kind": "all", "capacity": "200", "state": "open"}
    at(zhang).post("/groups/new/", form)
    (told,) = Message.objects.filter(purpose="group_alone")
    assert told.recipient == wang
    assert "没人管的群" in told.text


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        ("2019-01-13 12:00+08:00", 0),
        ("2019-01-14 08:59+08:00", 0),
        ("2019-01-14 09:00+08:00", 1),
        ("2019-01-14 23:00+08:00", 1),
        ("2019-01-15 12:00+08:00", 0),
    ],
)
def test_responsible_person_is_warned_the_day_before_the_picture_ends(group, zhang, moment, told):
    LiaisonGroup.objects.update(expires_on=dt.date(2019, 1, 15))
    with time_machine.travel(moment, tick=False):
        decide(now())
        decide(now())
    warned = Message.objects.filter(purpose="group_code", channel="inapp")
    assert [m.recipient for m in warned] == [zhang] * told


def test_group_whose_keeper_has_left_warns_those_responsible_in_the_unit(group, zhang):
    other = person("other", "李接手", "140105")
    Membership.objects.filter(user=other).update(duty=ReminderRole.LEAD)
    LiaisonGroup.objects.update(expires_on=dt.date(2019, 1, 15), responsible=None)
    with time_machine.travel("2019-01-14 09:00+08:00", tick=False):
        decide(now())
    warned = Message.objects.get(purpose="group_code", channel="inapp")
    assert warned.recipient == other


def test_lists_cost_the_same_with_one_and_with_thirty(group, zhang, arrive, at):
    desk = warm(at(zhang))

    def cost(url):
        with CaptureQueriesContext(connection) as seen:
            assert desk.get(url).status_code == 200
        return len(seen) - 1  # putting back the test's scope

    arrive("甲一", kind="student")
    one = cost("/groups/"), cost(f"/groups/{group.pk}/")
    for number in range(30):
        groups.make_group(
            actor=zhang, organization_id="140105", name=f"第 {number} 群", capacity=500,
            responsible=zhang.acting, deputy=None,
        )  # fmt: skip
        arrive("甲一", kind="student")
    assert (one, (cost("/groups/"), cost(f"/groups/{group.pk}/"))) == ((5, 7), (5, 7))
