import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied

from campaigns.actions import log as actions
from campaigns.choices import CampaignState
from campaigns.models import Activity, Tally
from campaigns.permissions import SLIP
from qingchun.accounts.models import AuditEvent
from qingchun.ground.refusals import Refused
from tests.conftest import person

NEW = "/activities/new/"


@pytest.fixture
def typed(campaign):
    return {
        "entry": str(uuid.uuid4()), "kind": "proxy", "held_on_year": 2019, "held_on_month": 1,
        "held_on_day": 7, "place": "政务大厅", "participants": 46,
    }  # fmt: skip


@pytest.mark.notice("4.2.1")
def test_county_logs_an_activity(client, zhang, typed):
    client.force_login(zhang)
    page = client.post(NEW, typed, follow=True)
    assert "已登记，县、市、省的进展已经更新。" in page.content.decode()
    activity = Activity.objects.get()
    assert (activity.organization_id, activity.title, activity.stage) == (
        "140105", "政务大厅民事代办（1月7日）", 1,
    )  # fmt: skip


@pytest.mark.notice("4.1.3")
def test_kinds_of_the_approved_plan_come_first(client, zhang, undertaken):
    client.force_login(zhang)
    page = client.get(NEW)
    assert [kind.key for kind in page.context["first"]] == ["talent_pool", "proxy"]
    assert len(page.context["rest"]) == 8


@pytest.mark.notice("3.0.1")
def test_township_works_with_its_countys_kinds(client, zhao, undertaken, typed):
    client.force_login(zhao)
    assert [kind.key for kind in client.get(NEW).context["first"]] == ["talent_pool", "proxy"]
    client.post(NEW, typed)
    assert Activity.objects.get().organization_id == "140105001"


def test_sent_twice_is_logged_once(client, zhang, typed):
    client.force_login(zhang)
    client.post(NEW, typed)
    page = client.post(NEW, typed, follow=True)
    assert "没有重复登记" in page.content.decode()
    assert Activity.objects.count() == 1
    assert Tally.objects.get().activities == 1


def test_id_of_another_countys_entry_is_of_no_use(client, zhang, sun, log, typed):
    theirs = log(sun)
    client.force_login(zhang)
    page = client.post(NEW, typed | {"entry": str(theirs.pk)})
    assert "编号不能用" in page.content.decode()
    assert page.context["form"]["place"].value() == "政务大厅"
    theirs.refresh_from_db()
    assert (theirs.organization_id, theirs.place) == ("140106", "政务大厅")
    assert Activity.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"participants": -1}, "participants", "人数不能是负数"),
        ({"participants": 2_000_000}, "participants", "人数太大了"),
        ({"participants": "许多"}, "participants", "请填写整数"),
        ({"held_on_day": 9}, "held_on", "日期还没到"),
        (
            {"held_on_year": 2018, "held_on_month": 12, "held_on_day": 20},
            "held_on",
            "2018年12月21日开始",
        ),
        ({"held_on_month": 2, "held_on_day": 30}, "held_on", "没有这一天"),
        ({"place": ""}, "place", "请填写地点"),
        ({"kind": "football"}, "kind", "没有这个项目"),
        ({"kind": ""}, "kind", "请选择项目"),
    ],
)
def test_wrong_input_names_its_field_and_keeps_the_rest(
    client, zhang, typed, change, field, reason
):
    client.force_login(zhang)
    page = client.post(NEW, typed | change)
    assert reason in page.context["form"].errors[field][0]
    assert reason in page.content.decode()
    kept = "政务大厅" if "place" not in change else ""
    assert page.context["form"]["place"].value() == kept
    assert not Activity.objects.exists()


def test_first_day_and_today_can_be_logged(log, zhang):
    log(zhang, held_on=dt.date(2018, 12, 21))
    log(zhang, held_on=dt.date(2019, 1, 8))
    assert [a.stage for a in Activity.objects.order_by("held_on")] == [1, 1]


def test_kinds_own_figures_are_kept_and_those_of_others_dropped(client, zhang, typed, campaign):
    sharing, exemplar = campaign.kinds.get(key="sharing"), campaign.kinds.get(key="exemplar")
    client.force_login(zhang)
    figures = {f"figure_{sharing.pk}_policies": 9, f"figure_{exemplar.pk}_found": 4}
    client.post(NEW, typed | {"kind": "sharing"} | figures)
    assert Activity.objects.get().figures == {"policies": 9}


@pytest.mark.notice("4.1.3")
def test_innovation_of_another_city_cannot_be_logged(campaign, zhang, log):
    from campaigns.models import ActivityKind

    theirs = ActivityKind.objects.create(
        campaign=campaign, key="1402-own1", number=100, group="innovation", name="云冈夜校",
        short_name="云冈夜校", run_by="大同市", city_id="1402",
    )  # fmt: skip
    with pytest.raises(Refused, match="别的市"):
        log(zhang, kind=theirs)


def test_locked_edition_is_read_only(client, zhang, log, campaign, typed):
    activity = log(zhang)
    campaign.state = CampaignState.LOCKED
    campaign.save()
    client.force_login(zhang)
    page = client.post(f"{NEW}?campaign={campaign.pk}", typed)
    assert "已经总结锁定" in page.content.decode()
    page = client.post(
        f"/activities/{activity.pk}/steps/delete-activity/", {"reason": "x"}, follow=True
    )
    assert "已经总结锁定" in page.content.decode()
    assert Activity.objects.live().count() == 1
    assert client.get(f"/activities/{activity.pk}/").context["can_edit"] is False


def test_edit_needs_a_reason_and_is_written_down(client, zhang, log, typed, winter):
    activity = log(zhang)
    winter.shift(SLIP)
    client.force_login(zhang)
    url = f"/activities/{activity.pk}/edit/"
    page = client.post(url, typed | {"version": 1, "participants": 50})
    assert "请写明修改原因" in page.content.decode()
    client.post(url, typed | {"version": 1, "participants": 50, "reason": "数错了"})
    activity.refresh_from_db()
    assert (activity.participants, activity.version) == (50, 2)
    event = AuditEvent.objects.get(verb="修改活动")
    assert (event.remark, event.facts) == ("数错了", {"changed": ["title", "participants"]})
    assert Tally.objects.get().participants == 50


def test_second_to_save_sees_what_changed_and_loses_nothing(client, zhang, log, typed):
    activity = log(zhang)
    client.force_login(zhang)
    url = f"/activities/{activity.pk}/edit/"
    client.post(url, typed | {"version": 1, "place": "先到的地点", "reason": "更正"})
    page = client.post(url, typed | {"version": 1, "place": "后到的地点", "reason": "更正"})
    text = page.content.decode()
    assert "刚才有人改过这条登记" in text
    assert "先到的地点" in text
    assert page.context["form"]["place"].value() == "后到的地点"
    again = client.post(
        url, typed | {"version": 2, "place": "后到的地点", "reason": "更正"}, follow=True
    )
    assert "已修改" in again.content.decode()


def test_delete_needs_a_reason_and_is_no_longer_counted(client, zhang, log):
    activity = log(zhang)
    client.force_login(zhang)
    page = client.post(
        f"/activities/{activity.pk}/steps/delete-activity/", {"reason": " "}, follow=True
    )
    assert "请写明原因" in page.content.decode()
    client.post(f"/activities/{activity.pk}/steps/delete-activity/", {"reason": "重复"})
    assert client.get(f"/activities/{activity.pk}/").status_code == 404
    assert not Tally.objects.exists()
    assert AuditEvent.objects.get(verb="删除活动").remark == "重复"


def test_city_checks_and_asks_and_the_county_answers(client, wang, zhang, log):
    activity = log(zhang)
    client.force_login(wang)
    client.post(f"/activities/{activity.pk}/steps/check/")
    client.post(f"/activities/{activity.pk}/steps/ask/", {"text": "有多少老人？"})
    client.force_login(zhang)
    board = client.get("/board/")
    assert "有多少老人？" in board.content.decode()
    question = activity.questions.get()
    client.post(f"/questions/{question.pk}/answer/", {"text": "八位"})
    question.refresh_from_db()
    assert (question.answer, question.answered_by) == ("八位", "张小店")
    twice = client.post(f"/questions/{question.pk}/answer/", {"text": "九位"}, follow=True)
    assert "已经有人答复" in twice.content.decode()
    activity.refresh_from_db()
    assert activity.checked_by_name == "王太原"


def test_nobody_checks_their_own(zhang, log):
    with pytest.raises(PermissionDenied):
        actions.check(log(zhang), actor=zhang)


def test_changed_entry_is_to_be_checked_again(client, wang, zhang, log, typed):
    activity = log(zhang)
    actions.check(activity, actor=wang)
    client.force_login(zhang)
    client.post(f"/activities/{activity.pk}/edit/", typed | {"version": 1, "reason": "更正"})
    activity.refresh_from_db()
    assert activity.checked_at is None


@pytest.mark.notice("4.2.2")
def test_media_coverage_hangs_on_its_activity(client, zhang, log):
    activity = log(zhang)
    client.force_login(zhang)
    said = {"title": "报道", "outlet": "日报", "published_on_year": 2019, "published_on_month": 1}
    late = client.post(
        f"/activities/{activity.pk}/coverage/", said | {"published_on_day": 20}, follow=True
    )
    assert "发表日期还没到" in late.content.decode()
    client.post(f"/activities/{activity.pk}/coverage/", said | {"published_on_day": 8})
    assert [c.outlet for c in activity.coverage.all()] == ["日报"]
    client.post(f"/coverage/{activity.coverage.get().pk}/remove/")
    assert not activity.coverage.exists()
    assert [e.verb for e in AuditEvent.objects.order_by("pk")][-2:] == [
        "添加媒体报道",
        "删去媒体报道",
    ]


def test_list_is_narrowed_by_kind_day_unit_checked_and_words(
    client, wang, zhang, sun, log, campaign
):
    log(zhang, title="上门办身份证")
    log(sun, title="车站送温暖", kind=campaign.kinds.get(key="warmth"), held_on=dt.date(2019, 1, 2))
    client.force_login(wang)

    def titles(query):
        return [row["title"] for row in client.get(f"/activities/?{query}").context["page"]]

    assert titles("") == ["上门办身份证", "车站送温暖"]
    assert titles("kind=warmth") == ["车站送温暖"]
    assert titles("unit=140105") == ["上门办身份证"]
    assert titles("since=2019-01-05") == ["上门办身份证"]
    assert titles("until=2019-01-05") == ["车站送温暖"]
    assert titles("checked=yes") == []
    assert titles("q=身份证") == ["上门办身份证"]
    # A parameter narrows the scope and cannot replace it.
    assert titles("unit=1402") == []
    assert titles("since=昨天") == ["上门办身份证"]


@pytest.mark.parametrize("entries", [1, 3, 30])
def test_county_list_costs_the_same_whatever_its_length(
    client, zhang, log, django_assert_num_queries, entries
):
    for number in range(entries):
        log(zhang, title=f"活动{number}")
    client.force_login(zhang)
    client.get("/activities/")
    with django_assert_num_queries(8):
        client.get("/activities/")


@pytest.mark.parametrize("questions", [1, 3])
def test_page_of_an_activity_costs_the_same(
    client, wang, zhang, log, django_assert_num_queries, questions
):
    activity = log(zhang, figures={"taken": 3})
    for number in range(questions):
        actions.ask(activity, actor=wang, text=f"问{number}")
    client.force_login(zhang)
    client.get("/activities/")
    with django_assert_num_queries(11):
        client.get(f"/activities/{activity.pk}/")


def test_liaison_does_not_check(client, zhao, log, zhang):
    client.force_login(zhao)
    assert client.post(f"/activities/{log(zhang).pk}/steps/check/").status_code == 404


def test_reviewer_does_not_log(client, campaign):
    reader = person("reader", "看", "140105", "reviewer")
    client.force_login(reader)
    assert client.get(NEW).status_code == 403
