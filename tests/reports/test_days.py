"""日历: what all units do, by month and week, on its day and in no other order."""

import datetime as dt

import pytest
from django.utils.timezone import make_aware

from campaigns.actions.log import delete_activity
from campaigns.actions.undertakings import undertake
from qingchun.organizations.walls import rls_context
from services.events.models import Event
from tests.conftest import unit
from tests.looking import looking

PAGE = "/board/days/"


def event(campaign, code, day, title, state="open", hour=9):
    begins = make_aware(dt.datetime(2019, 1, day, hour))
    with looking():
        return Event.objects.create(
            organization_id=code, campaign=campaign, kind="sharing", title=title, place="会堂",
            starts_at=begins, ends_at=begins + dt.timedelta(hours=2), state=state,
            opens_at=begins - dt.timedelta(9), closes_at=begins - dt.timedelta(1),
            contact_name="张", contact_phone="13800000000",
            held_at=begins if state == "held" else None,
            cancelled_why="下雪" if state == "cancelled" else "",
        )  # fmt: skip


def read(client, user, **asked):
    client.force_login(user)
    answer = client.get(PAGE, asked)
    assert answer.status_code == 200
    return answer.context, answer.content.decode()


def items(context):
    """Day → (kind, title) of what stands on it."""
    return {
        f"{day.date:%m-%d}": [(item.kind, item.title) for item in day.items]
        for day in context["days"]
        if day.items
    }


@pytest.fixture
def january(campaign, log, zhang, sun, undertaken):
    log(zhang, title="讲堂")
    log(sun, title="慰问", held_on=dt.date(2019, 1, 5))
    event(campaign, "140105", 20, "就业分享")
    event(campaign, "1402", 20, "大同的分享", hour=14)
    event(campaign, "140105", 21, "取消的", state="cancelled")
    event(campaign, "140105", 22, "草稿", state="draft")
    event(campaign, "140105", 3, "办过的", state="held")
    return campaign


def test_month_holds_what_was_logged_what_is_planned_and_the_days_of_all(client, january, li):
    context, text = read(client, li)
    found = items(context)
    assert found["01-03"] == [("event", "办过的")]
    assert found["01-07"] == [("logged", "讲堂")]
    assert found["01-20"] == [("event", "就业分享"), ("event", "大同的分享")]
    assert ("mark", "统一行动日") in found["01-26"]
    assert ("mark", "春节") not in {one for rows in found.values() for one in rows}
    assert "01-21" not in found  # what was called off is not held
    assert not any(title == "草稿" for rows in found.values() for _, title in rows)
    assert len(context["days"]) % 7 == 0
    assert (context["days"][0].date.weekday(), context["on"].month) == (0, 1)
    assert "统一行动日：太原市" in text
    assert "排名" not in text


def test_each_sees_their_own_and_a_unit_below_that_is_asked_for(
    client, january, wang, zhang, sun, zhou
):
    assert items(read(client, wang)[0])["01-20"] == [("event", "就业分享")]
    assert "01-05" not in items(read(client, zhang)[0])
    assert items(read(client, sun)[0]).keys() & {"01-05", "01-07"} == {"01-05"}
    assert items(read(client, wang, unit="140106")[0]).keys() & {"01-05", "01-07"} == {"01-05"}
    assert items(read(client, zhou)[0])["01-20"] == [("event", "大同的分享")]
    client.force_login(zhang)
    assert [client.get(PAGE, {"unit": code}).status_code for code in ("140106", "1402")] == [
        404,
        404,
    ]


def test_township_has_its_own_days(client, january, log, zhao):
    log(zhao, title="街道的")
    assert items(read(client, zhao)[0])["01-07"] == [("logged", "街道的")]
    context, _ = read(client, zhao)
    assert [day.logged for day in context["days"] if day.logged] == [1]


def test_of_a_full_day_a_few_are_named_and_the_rest_counted(client, january, log, zhang):
    for number in range(5):
        log(zhang, title=f"第{number}场")
    context, text = read(client, zhang)
    (day,) = [day for day in context["days"] if day.date == dt.date(2019, 1, 7)]
    assert ([item.kind for item in day.items], day.more) == (["logged"] * 2, 4)
    assert "还有 4 场" in text
    assert "since=2019-01-07&amp;until=2019-01-07" in text
    week, _ = read(client, zhang, view="week")
    (day,) = [day for day in week["days"] if day.date == dt.date(2019, 1, 7)]
    assert (len(day.items), day.more, len(week["days"])) == (6, 0, 7)


def test_days_that_are_the_same_for_all_are_none_of_the_few(client, january, zhang):
    for hour in (9, 14, 19):
        event(january, "140105", 11, f"{hour} 点的", hour=hour)
    context, _ = read(client, zhang)
    (day,) = [day for day in context["days"] if day.date == dt.date(2019, 1, 11)]
    assert ([item.kind for item in day.items], day.more) == (["mark", "event", "event"], 1)


def test_what_was_deleted_is_no_longer_named(client, campaign, log, zhang):
    with rls_context(scope="140105", person=zhang.pk):
        delete_activity(log(zhang), actor=zhang, reason="重复")
    assert items(read(client, zhang)[0]).get("01-07") is None


def test_next_and_last_month_and_any_usual_way_to_say_a_day(client, january, zhang):
    for said, month in (("2月5日", 2), ("20190205", 2), ("今天", 1), ("2018-12-31", 12)):
        context, _ = read(client, zhang, on=said)
        assert context["on"].month == month
    context, text = read(client, zhang, on="2019-02-05")
    assert ("mark", "春节") in items(context)["02-05"]
    assert (context["back"].month, context["forth"].month) == (1, 3)
    assert "2019年2月" in text


def test_day_that_is_none_is_said(client, january, zhang):
    context, text = read(client, zhang, on="二月三十")
    assert "请先改好条件。哪一天前后：请写成" in text
    assert "days" not in context


def test_empty_month_says_what_will_be_here(client, campaign, zhang):
    _, text = read(client, zhang, on="2019-06-01")
    assert "这段时间还没有活动" in text


def test_same_queries_for_one_entry_and_for_many(
    client, campaign, log, zhang, wang, li, django_assert_num_queries
):
    log(zhang)
    for user, queries in ((li, 12), (wang, 12), (zhang, 11)):
        client.force_login(user)
        client.get(PAGE)
        with django_assert_num_queries(queries):
            client.get(PAGE)
    for number in range(1, 8):
        log(zhang, held_on=dt.date(2019, 1, number))
        event(campaign, "140105", 10 + number, f"第{number}场")
    undertake(
        campaign, unit("1402"), rows={"140213": ["proxy"]}, own={}, featured="proxy",
        action_day=dt.date(2019, 1, 27),
    )  # fmt: skip
    for user, queries in ((li, 12), (wang, 12), (zhang, 11)):
        client.force_login(user)
        client.get(PAGE)
        with django_assert_num_queries(queries):
            client.get(PAGE)
