"""The desk's board and lists, the figures of city and province, and what falls due."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from qingchun.notifications.actions import decide
from qingchun.notifications.models import Message
from services.proxy import figures
from services.proxy.actions import papers, progress
from services.proxy.figures import median
from services.proxy.models import ServiceRequest
from services.proxy.views.board import columns_of
from tests.looking import looking
from tests.services import scene
from tests.services.conftest import again, warm


def many(item, actor, count, start=0):
    return [
        scene.at_the_door(actor, item, name=f"老人{n}", phone=f"1380000{7000 + n}")
        for n in range(start, start + count)
    ]


def test_board_shows_each_state_by_the_day_it_falls_due(item, ready, zhang, zhao, desk_of, at):
    waiting, later = many(item, zhao, 2)
    with desk_of(zhang):
        progress.take(waiting, actor=zhang)
        progress.wait(waiting, actor=zhang, text="缺身份证")
    with looking():
        ServiceRequest.objects.filter(pk=later.pk).update(planned_on=dt.date(2019, 1, 4))
    with desk_of(zhang):
        columns, late, unassigned = columns_of("140105")
    assert [(c.state, c.count) for c in columns] == [
        ("registered", 1), ("accepted", 1), ("at_office", 0), ("waiting", 1),
    ]  # fmt: skip
    assert (late, unassigned) == (1, 1)
    page = at(zhang).get("/proxy/").content.decode()
    assert "1 件超过了计划日期" in page


def test_township_sees_its_own_and_city_sees_figures(item, case, zhao, wang, at):
    many(item, zhao, 1)
    page = at(zhao).get("/proxy/cases/?state=all").content.decode()
    assert page.count('href="/proxy/cases/') - page.count('href="/proxy/cases/"') == 1
    page = at(wang).get("/proxy/").content.decode()
    assert "只有数字" in page
    assert at(wang).get("/proxy/cases/").status_code == 403


def test_counts_stop_at_ninety_nine(item, zhang, zhao, desk_of, monkeypatch):
    from services.proxy.views import board

    monkeypatch.setattr(board, "MOST_COUNTED", 3)
    many(item, zhao, 4)
    with desk_of(zhang):
        columns, *_ = columns_of("140105")
    assert [c.count for c in columns] == ["2+", 0, 0, 0]


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize(
    ("path", "queries"),
    [("/proxy/", 5), ("/proxy/cases/", 5), ("/proxy/cases/?state=all", 5), ("/proxy/figures/", 8)],
)
def test_pages_ask_the_same_however_many(item, zhang, zhao, at, count, path, queries):
    many(item, zhao, count)
    client = warm(at(zhang))
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    assert len(seen) - 1 == queries


def test_case_page_asks_the_same_however_much_hangs_on_it(ready, zhang, desk_of, at):
    client, seen = warm(at(zhang)), []
    for extra in (1, 12):
        with desk_of(zhang):
            for number in range(extra):
                progress.add_note(again(ready), actor=zhang, text=f"第 {number} 句", is_shown=False)
                papers.add_image(
                    ready.papers.first(), file=scene.picture(), actor=zhang
                ) if number < 2 else None
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/proxy/cases/{ready.pk}/").status_code == 200
        seen.append(len(captured) - 1)
    assert seen == [12, 12]


def test_list_is_found_by_number_name_and_phone(item, zhang, zhao, at):
    case, other = many(item, zhao, 2)
    client = at(zhang)
    for words in (case.spoken, "老人0", case.phone):
        page = client.post("/proxy/cases/", {"q": words}).content.decode()
        assert case.spoken in page
        assert other.spoken not in page
    assert "老人0" not in page.replace('value="老人0"', "")  # masked


def test_what_is_still_with_us_is_listed(item, ready, zhang, zhao, desk_of, at):
    many(item, zhao, 1)
    with desk_of(zhang):
        papers.receive(ready, actor=zhang, papers=list(ready.papers.all()))
        progress.impossible(ready, actor=zhang, text="户口不在本县")
    page = at(zhang).get("/proxy/cases/?show=with_us&state=all").content.decode()
    assert page.count(ready.spoken) >= 1
    assert page.count("老*") == 0


def test_figures_of_county_city_and_province(
    item, zhang, zhao, wang, li, desk_of, winter, at, campaign
):
    made = many(item, zhao, 3)
    with desk_of(zhang):
        for days, case in zip((0, 2, 6), made, strict=True):
            winter.move_to(dt.datetime(2019, 1, 8 + days, 10, tzinfo=dt.UTC))
            progress.take(again(case), actor=zhang)
            progress.done(again(case), actor=zhang, text="办好了")
    for user in (zhang, wang, li):
        with desk_of(user):
            rows, whole = figures.by_unit(campaign, user.acting.organization)
            items = figures.by_item(campaign, user.scope)
        assert (whole.counts["taken"], whole.counts["done"], whole.counts["in_time"]) == (3, 3, 3)
        assert (whole.counts["people"], whole.median) == (3, 2)
        assert [(row.name, row.code, row.median) for row in items] == [("医保参保登记", "医保", 2)]
        with_any = [row.name for row in rows if row.counts["done"]]
        assert with_any == {"zhang": [], "wang": ["小店区"], "li": ["太原市"]}[user.username]


def test_neighbours_figures_are_their_own(item, case, sun, zhou, campaign, desk_of):
    for user in (sun, zhou):
        with desk_of(user):
            rows, whole = figures.by_unit(campaign, user.acting.organization)
        assert whole.counts["taken"] == 0
        assert sum(row.counts["taken"] for row in rows) == 0


def test_median_of_days():
    assert [median(h) for h in ({}, {3: 1}, {1: 1, 9: 1}, {0: 2, 5: 3}, {1: 5, 30: 4})] == [
        None, 3, 1, 5, 1,
    ]  # fmt: skip


def test_what_sends_people_home_is_listed_by_how_often(item, zhang, zhao, desk_of, campaign, at):
    for number, case in enumerate(many(item, zhao, 3)):
        with desk_of(zhang):
            progress.take(case, actor=zhang)
            paper = case.papers.order_by("pk")[0 if number else 1]
            progress.wait(case, actor=zhang, wrong={paper.pk: "missing"})
    with desk_of(zhang):
        assert figures.sent_home(campaign, "140105") == [
            ("医保参保登记", "居民身份证", "没有带", 2),
            ("医保参保登记", "户口簿", "没有带", 1),
        ]


# What falls due


def told(clock, moment):
    """What is decided at that moment: (purpose, who) → the text."""
    clock.move_to(moment)
    decide(now())
    with looking():
        rows = Message.objects.filter(
            purpose__in=("proxy_due", "proxy_late", "proxy_stale"), channel="inapp"
        )
        return {(row.purpose, row.recipient.username): row.lines[0]["text"] for row in rows}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2019-01-10 09:01+08:00", {}),
        ("2019-01-11 08:59+08:00", {}),  # before nine
        ("2019-01-11 09:01+08:00", {("proxy_due", "zhang"): "您手上的代办有 1 件今明两天到期"}),
        ("2019-01-15 09:01+08:00", {
            ("proxy_due", "zhang"): "您手上的代办有 1 件已经超期",
            ("proxy_late", "zhang"): "团小店区委有 1 件代办超过计划日期",
        }),
        ("2019-01-18 09:01+08:00", {
            ("proxy_due", "zhang"): "您手上的代办有 1 件已经超期",
            ("proxy_late", "zhang"): "团小店区委有 1 件代办超过计划日期",
            ("proxy_late", "wang"): "团小店区委有 1 件代办超过计划日期",
        }),
    ],
)  # fmt: skip
def test_due_soon_and_overdue_reach_agent_county_and_city(
    ready, zhang, wang, winter, day, expected
):
    """Planned for Monday the 14th: a working day before, the day after, three working days after."""
    found = told(winter, day)
    assert set(found) == set(expected)
    assert all(found[key].startswith(text) for key, text in expected.items())


def test_nobody_is_reminded_of_what_waits_for_papers(ready, zhang, desk_of, winter):
    with desk_of(zhang):
        progress.wait(ready, actor=zhang, text="缺身份证")
    assert told(winter, "2019-01-20 09:01+08:00") == {}


def test_county_hears_two_weeks_before_an_offices_word_is_a_year_old(item, zhang, winter):
    assert told(winter, "2019-12-24 09:01+08:00") == {}
    found = told(winter, "2019-12-25 09:01+08:00")
    assert found == {
        (
            "proxy_stale",
            "zhang",
        ): "“医保参保登记”的部门确认到 1月8日满一年，到期后自动停止公开，请联系部门复核。"
    }
