"""走势: an edition's days and weeks beside the last one's; what is not known is no zero."""

import datetime as dt
import re

import pytest
import time_machine

from campaigns import catalogue
from campaigns.actions.editions import create_edition
from campaigns.actions.tallies import rebuild
from campaigns.choices import CampaignState
from campaigns.models import Activity, DayTally
from reports.boards import charts, trends
from tests.looking import looking

PAGE = "/board/trend/"
SHIFT = dt.timedelta(354)  # from one Spring Festival (2018-02-16) to the next (2019-02-05)


def entry(campaign, code, day, key="proxy", participants=10):
    stages = campaign.stages.all()
    kind = campaign.kinds.get(key=key)
    return Activity(
        organization_id=code, campaign=campaign, kind=kind, stage=trends.stage_on(day, stages),
        title="活动", place="村", held_on=day, participants=participants,
    )  # fmt: skip


@pytest.fixture
def before(campaign):
    """The winter before the notice's, over: its festival was on 16 February 2018."""
    return create_edition(
        title="2018年春节行动",
        stages=[
            (name, printed, start - SHIFT, end and end - SHIFT)
            for name, printed, start, end in catalogue.NOTICE_STAGES
        ],
        ends_on=catalogue.NOTICE_ENDS_ON - SHIFT,
        spring_festival_on=dt.date(2018, 2, 16),
        state=CampaignState.LOCKED,
        deadlines={},
    )


@pytest.fixture
def two_winters(campaign, before):
    """Of each a few entries: 小店区, one of its streets, its neighbour, the city and the province."""
    with looking():
        Activity.objects.bulk_create(
            [
                entry(campaign, "140105", dt.date(2019, 1, 3)),
                entry(campaign, "140105001", dt.date(2019, 1, 7), participants=5),
                entry(campaign, "140106", dt.date(2019, 1, 8), "warmth"),
                entry(campaign, "1401", dt.date(2019, 1, 8)),
                entry(campaign, "14", dt.date(2018, 12, 28), "publicity"),
                entry(before, "140105", dt.date(2019, 1, 3) - SHIFT),
                entry(before, "140105", dt.date(2019, 1, 3) - SHIFT),
                entry(before, "140213", dt.date(2019, 2, 1) - SHIFT, "warmth"),
            ]
        )
        for edition in (campaign, before):
            rebuild(edition)
    return campaign


def read(client, user, **asked):
    client.force_login(user)
    answer = client.get(PAGE, asked)
    assert answer.status_code == 200
    return answer.context, answer.content.decode()


def series(context, name="mine", figure="activities"):
    return {f"{one.day:%m-%d}": getattr(one, name)[figure] for one in context["points"]}


def table(context, title):
    return {
        line.label: (line.mine, line.same, line.last) for line in dict(context["tables"])[title]
    }


def test_weeks_lie_on_those_of_the_last_winter_by_the_festival(client, two_winters, li):
    context, text = read(client, li)
    mine, last = series(context), series(context, "last")
    # Weeks begin on the weekday of the festival, a Tuesday; today is Tuesday, 8 January.
    assert {day: n for day, n in mine.items() if n is not None} == {
        "12-18": 0, "12-25": 1, "01-01": 2, "01-08": 2,
    }  # fmt: skip
    assert (last["01-01"], last["01-08"], last["01-29"], last["02-05"]) == (2, 0, 1, 0)
    assert "这次正月初一是2019年2月5日，上次是2018年2月16日" in text
    point = next(one for one in context["points"] if f"{one.day:%m-%d}" == "02-05")
    assert (point.from_anchor, point.mine["activities"]) == ("春节后第 1 周", None)


def test_day_that_is_to_come_or_in_no_edition_is_empty_and_one_without_any_is_zero(
    client, two_winters, li
):
    context, text = read(client, li, by="day")
    mine = series(context)
    assert (mine["01-04"], mine["01-08"], mine["01-09"]) == (0, 2, None)
    known = [day for day, n in mine.items() if n is not None]
    assert (known[0], known[-1]) == (f"{two_winters.starts_on:%m-%d}", "01-08")
    rows = re.findall(r"<tr><th scope=\"row\"[^>]*>1月9日</th>.*?</tr>", text, re.S)
    assert re.findall(r'<td class="r">([^<]*)</td>', rows[0]) == ["—", "—", "0", "0"]


def test_by_stage_kind_and_level_beside_the_same_time_and_the_whole_of_the_last(
    client, two_winters, li
):
    context, _ = read(client, li)
    names = [stage.name for stage in two_winters.stages.all()]
    assert table(context, "分阶段") == {
        names[0]: (5, 2, 2), names[1]: (None, 0, 1), names[2]: (None, 0, 0),
    }  # fmt: skip
    kinds = table(context, "分项目")
    assert (kinds["民事代办"], kinds["送温暖"]) == ((3, 2, 2), (1, 0, 1))
    assert table(context, "分级别") == {
        "省级": (1, 0, 0), "市级": (1, 0, 0), "县级": (2, 2, 3), "乡镇": (1, 0, 0),
    }  # fmt: skip
    people, _ = read(client, li, figure="participants")
    assert table(people, "分级别")["乡镇"] == (5, 0, 0)
    by_day, _ = read(client, li, figure="participants", by="day")
    assert series(by_day, figure="participants")["01-07"] == 5


@pytest.mark.parametrize(
    ("asked", "mine", "last"),
    [
        ({"kind": "warmth"}, 1, 1),
        ({"level": "township"}, 1, 0),
        ({"level": "county", "kind": "proxy"}, 1, 2),
        ({"stage": "1"}, 5, 2),
        ({"stage": "2"}, None, 1),
        ({"unit": "1401"}, 4, 2),
        ({"unit": "140106"}, 1, 0),
        ({"unit": "1402"}, 0, 1),
    ],
)
def test_narrowed_to_a_kind_a_level_a_stage_or_a_unit(client, two_winters, li, asked, mine, last):
    context, _ = read(client, li, **asked)

    def total(name):
        known = [n for n in series(context, name).values() if n is not None]
        return sum(known) if known else None

    assert (total("mine"), total("last")) == (mine, last)


def test_nobody_sees_more_than_their_own(client, two_winters, zhang, wang, zhou, zhao):
    for user, mine in ((zhang, 2), (wang, 4), (zhou, 0), (zhao, 2)):
        context, _ = read(client, user)
        assert sum(n or 0 for n in series(context).values()) == mine
    client.force_login(zhang)
    assert [client.get(PAGE, {"unit": code}).status_code for code in ("140106", "1401", "99")] == [
        404
    ] * 3


def test_wrong_choice_is_said_and_nothing_is_drawn(client, two_winters, li):
    context, text = read(client, li, kind="nothing", by="hour")
    assert "请先改好条件" in text
    assert "points" not in context
    assert "q-chart" not in text


def test_edition_that_is_in_preparation_is_beside_nobodys(client, two_winters, before, li, wang):
    with looking():
        type(before).objects.filter(pk=before.pk).update(state=CampaignState.PREPARING)
    context, text = read(client, wang)
    assert context["before"] is None
    assert "还没有同一季的上一次行动可以对照" in text
    assert "上次" not in text.replace("上一次", "")


def test_a_summer_between_two_winters_is_beside_neither(client, two_winters, before, li):
    with looking():
        summer = before.__class__.objects.get(pk=before.pk)
        summer.pk = None
        summer.season, summer.title = "summer", "2018年夏季行动"
        summer.starts_on, summer.ends_on = dt.date(2018, 7, 1), dt.date(2018, 8, 31)
        summer.save(force_insert=True)
    context, _ = read(client, li)
    assert series(context, "last")["01-01"] == 2


def test_edition_without_a_festival_is_laid_on_the_other_by_its_first_day(
    client, two_winters, before, li
):
    with looking():
        type(before).objects.filter(pk=before.pk).update(spring_festival_on=None)
    context, text = read(client, li, by="day")
    assert "两次行动按各自的第一天对齐" in text
    assert context["points"][0].from_anchor == "第 1 天"


def test_edition_that_never_ends_is_drawn_as_far_as_a_chart_goes(client, two_winters, li):
    with looking():
        edition = type(two_winters).objects.filter(pk=two_winters.pk)
        edition.update(ends_on=two_winters.starts_on + dt.timedelta(900))
    context, _ = read(client, li, by="day")
    assert len(context["points"]) <= trends.MOST_DAYS


def test_what_was_held_after_the_end_is_said_beside_the_chart(client, two_winters, li):
    with time_machine.travel("2019-06-01 09:00+08:00", tick=False), looking():
        Activity.objects.bulk_create([entry(two_winters, "140105", dt.date(2019, 5, 4))])
        rebuild(two_winters)
        _, text = read(client, li)
    assert "另有 1 场的日子在行动的起止日期以外" in text


def test_days_that_are_not_counted_yet_are_said(client, two_winters, li):
    assert "还在汇总" not in read(client, li)[1]
    with looking():
        DayTally.objects.filter(organization_id="140106").delete()
    assert "还在汇总" in read(client, li)[1]
    assert "还在汇总" not in read(client, li, unit="140105")[1]


def test_chart_is_drawn_by_the_server_with_a_table_beside(client, two_winters, li):
    _, text = read(client, li)
    assert text.count('<svg class="q-chart') == 2  # for a wide screen, and for a phone
    assert "<script" not in text[text.index("<main") :]
    assert "data-print" in text
    assert "排名" not in text


def test_same_queries_for_one_entry_and_for_many(
    client, campaign, log, zhang, li, django_assert_num_queries
):
    log(zhang)
    client.force_login(li)
    client.get(PAGE)
    with django_assert_num_queries(QUERIES):
        client.get(PAGE)
    for day in range(1, 7):
        log(zhang, held_on=dt.date(2019, 1, day))
    with django_assert_num_queries(QUERIES):
        client.get(PAGE)


QUERIES = 10


def test_bars_and_lines_leave_out_what_is_not_known():
    drawn = charts.drawn(
        [1, 0, None, None], [None, 4, None, 8], ["甲", "乙", "丙", "丁"], width=440, height=200
    )
    assert [bar["value"] for bar in drawn["bars"]] == [1, 0]
    assert drawn["bars"][1]["h"] == "0"
    assert [len(line.split()) for line in drawn["lines"]] == [1, 1]
    assert [line["label"] for line in drawn["grid"]] == ["0", "2", "4", "6", "8"]


@pytest.mark.parametrize(
    ("most", "labels"),
    [
        (0, ["0", "1"]), (1, ["0", "1"]), (3, ["0", "1", "2", "3"]),
        (37, ["0", "10", "20", "30", "40"]), (1_032_006, ["0", "500,000", "1,000,000", "1,500,000"]),
    ],
)  # fmt: skip
def test_grid_stands_at_round_numbers(most, labels):
    drawn = charts.drawn([most], [None], ["甲"], width=440, height=200)
    assert [line["label"] for line in drawn["grid"]] == labels
