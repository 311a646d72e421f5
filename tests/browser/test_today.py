"""A day from 今天 alone, on a phone and at a desk: a county's, its city's and the province's."""

import os
import re

import pytest

from campaigns.effort import GOAL_FIELDS, GOAL_SECONDS
from tests.browser.conftest import put_back
from tests.browser.hand import Hand
from tests.looking import looked_into

QUESTION = "UPDATE campaigns_activityquestion SET answer = '', answered_by = '', answered_at = NULL"
CALLS = """UPDATE talent_talentrecord SET next_on = current_date - 2
WHERE id IN (SELECT id FROM talent_talentrecord WHERE county = '140105' AND stage <> 'rests'
             AND merged_into_id IS NULL ORDER BY next_on, id LIMIT 4)"""
CASE = """UPDATE proxy_servicerequest SET state = 'registered', agent_id = NULL, agent_name = ''
WHERE id = (SELECT min(id) FROM proxy_servicerequest WHERE county = '140105' AND ended_at IS NULL)"""

TALK = """UPDATE events_event SET starts_at = starts_at {0} interval '4 days',
ends_at = ends_at {0} interval '4 days', closes_at = closes_at {0} interval '4 days' WHERE title = '书记和返乡学子面对面'"""
PLAN = """reports_paper WHERE organization_id = '1401' AND purpose = 'plan'
ORDER BY campaign_id DESC LIMIT 1"""


@pytest.fixture
def full_morning(server):
    """The city asked something, four are to be rung, a case is nobody's, the talk is tomorrow; as it
    was, afterwards."""
    for statement in (QUESTION, CALLS, CASE, TALK.format("-")):
        put_back(statement)
    yield
    for statement in (QUESTION, TALK.format("+")):
        put_back(statement)


@pytest.fixture
def plan_in_hand(server):
    """The city writes its plan, whatever another test has brought to its end; as it was, afterwards."""
    with looked_into(os.environ["BROWSER_DATABASE_URL"]) as cursor:
        cursor.execute(f"SELECT id, state FROM {PLAN}")
        plan, state = cursor.fetchone()
    if state == "draft":
        yield
        return
    put_back(f"UPDATE reports_paper SET state = 'returned' WHERE id = {plan}")
    yield
    put_back(f"UPDATE reports_paper SET state = '{state}' WHERE id = {plan}")


def logged_by_hand(page):
    """An activity, from where the list leads to: on a phone by somebody who takes their time."""
    hand = Hand(page)
    hand.tap(page.locator(".q-chips label").first)
    hand.tap(page.locator("#places button").first)
    hand.press(page.locator("#id_participants"), "52")
    if page.locator("#asked input").count():  # at the same place on the same day
        hand.tap(page.locator("#asked input").first)
    hand.tap(page.get_by_role("button", name="提交登记"))
    page.get_by_text("已登记").first.wait_for()
    page.clock.resume()
    with looked_into(os.environ["BROWSER_DATABASE_URL"]) as cursor:
        cursor.execute("SELECT seconds, fields FROM campaigns_effort ORDER BY id DESC LIMIT 1")
        return cursor.fetchone()


@pytest.mark.parametrize("width", [390, 1440])
def test_countys_day_from_one_page(desk, full_morning, width):
    seat = desk("county140105", width)
    page = seat.page
    assert page.url.endswith("/today/")
    seat.shoot(f"today-county-{width}")

    # The city is answered in one line.
    row = page.locator(".q-todo > li", has_text="参加人数里包含志愿者吗？")
    row.get_by_label("写一句答复").fill("不包含，志愿者另外算。")
    row.get_by_role("button", name="答复").click()
    page.get_by_text("已答复。").wait_for()
    assert page.url.endswith("/today/")
    assert row.count() == 0

    # Two are rung: one does not answer, with the other something is agreed.
    calls = page.locator(".q-todo > li", has_text="回访")
    before = calls.count()
    calls.first.get_by_role("button", name="没联系上").click()
    page.get_by_text("已记下这次回访。").wait_for()
    assert page.url.endswith("/today/")
    calls.first.get_by_role("link", name="去联系").click()
    page.get_by_text("谈过了").first.click()
    page.get_by_text("电话", exact=True).first.click()
    page.get_by_role("button", name="记下").click()
    page.get_by_text("已记下这次回访。").wait_for()
    begin(page)
    assert calls.count() <= before

    # A case is taken in one tap.
    page.get_by_role("button", name="我来办").first.click()
    page.get_by_text("这件由您来办了").wait_for()
    assert page.url.endswith("/today/")

    # What is done most is in the middle of the bar, or at the head of the page; in twenty seconds.
    where = "nav.q-tab a.job" if width == 390 else "main a.btn-primary"
    page.locator(where).first.click()
    page.get_by_role("button", name="提交登记").wait_for()
    seat.shoot(f"log-{width}")
    seconds, fields = logged_by_hand(page)
    assert (seconds <= GOAL_SECONDS, fields <= GOAL_FIELDS) == (True, True), (seconds, fields)
    # Its words are ready for the group.
    assert "52人参加" in page.locator("#forward").inner_text()
    seat.shoot(f"logged-{width}")

    # Tomorrow's sign-in sheet is printed, with the names on it and nothing around them.
    begin(page)
    row = page.locator(".q-todo > li", has_text="书记和返乡学子面对面")
    row.get_by_role("link", name="签到表").click()
    page.get_by_role("heading", name="书记和返乡学子面对面签到表").wait_for()
    page.evaluate("window.print = () => { window.printed = true }")
    page.get_by_role("button", name="打印").click()
    assert page.evaluate("window.printed")
    seat.shoot(f"sign-in-sheet-{width}")
    page.emulate_media(media="print")
    assert page.locator("main tbody tr").count() >= 40
    assert not page.locator(".q-top").is_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.emulate_media(media="screen")

    # Everything else is under 更多; the board too.
    begin(page)
    page.locator("nav:visible").get_by_role("link", name="更多").click()
    page.get_by_role("link", name="本县进展").last.click()
    page.get_by_role("heading", name="小店区进展").wait_for()
    assert seat.errors == []


def begin(page):
    """Back to the list, by the first tab."""
    page.locator("nav a[href='/today/']:visible").first.click()
    page.wait_for_url("**/today/")


@pytest.mark.parametrize("width", [390, 1440])
def test_citys_day_from_one_page(desk, plan_in_hand, width):
    seat = desk("city1401", width)
    page = seat.page
    seat.shoot(f"today-city-{width}")

    # The plan is gone on with: a part is written, and keeps itself.
    plan = page.locator(".q-todo > li", has_text="实施方案")
    plan.locator("a.btn").click()
    page.get_by_role("link", name="继续写").click()
    page.fill("#media_text", f"各县每周推送一篇，宽屏窄屏都看过（{width}）。")
    page.locator("#media .q-saved", has_text="已保存").wait_for()

    # How the counties are getting on is one tap from the list; one of them is asked.
    begin(page)
    page.get_by_role("link", name="看进展").last.click()
    page.get_by_role("heading", name="太原市进展").wait_for()
    page.locator("#counties").get_by_role("row", name="小店区").get_by_role("link").nth(1).click()
    page.locator(".q-act", has_text="团小店区委").first.click()
    page.get_by_label("要问的事").fill(f"照片是当天拍的吗（{width}）？")
    page.get_by_role("button", name="提出询问").click()
    page.get_by_text("已向小店区").or_(page.get_by_text("提出。")).first.wait_for()
    seat.shoot(f"city-has-asked-{width}")

    # It waits for the county at once.
    county = desk("county140105", width)
    county.page.get_by_text(f"照片是当天拍的吗（{width}）？").first.wait_for()
    assert seat.errors == []


@pytest.mark.parametrize(("width", "does"), [(390, "退回修改"), (1440, "通过")])
def test_provinces_day_from_one_page(desk, width, does):
    seat = desk("province", width)
    page = seat.page
    seat.shoot(f"today-province-{width}")

    # The first plan that waits is read, and returned or agreed to; it waits no more. It may be one that is
    # being read already; not a change to one that was agreed to.
    read = re.compile("审阅")
    row = page.locator(".q-todo > li", has=page.get_by_role("link", name=read))
    row = row.filter(has_not_text="变更").first
    what = row.locator("b").inner_text()
    is_begun = row.get_by_role("link", name="接着审阅").count()
    row.get_by_role("link", name=read).click()
    if not is_begun:
        page.get_by_role("button", name="开始审阅").click()
    if does == "退回修改":
        page.get_by_text("对“统一行动日”写意见").click()
        page.fill("#remark_action_day", "请写明各县分会场的时间。")
    page.get_by_role("button", name=does).click()
    page.get_by_text("已退回修改" if does == "退回修改" else "已下达到承担单位").first.wait_for()
    begin(page)
    assert page.locator(".q-todo > li", has_text=what).count() == 0

    # The map is one tap away.
    page.get_by_role("link", name="看进展").last.click()
    page.locator(".q-map").wait_for()
    assert seat.errors == []


@pytest.mark.parametrize("username", ["province", "city1401", "township140105001"])
def test_others_begin_with_what_waits_for_them(desk, username):
    for width in (390, 1440):
        seat = desk(username, width)
        assert seat.page.get_by_role("heading", level=1).inner_text().startswith(("有", "今天"))
        seat.shoot(f"today-{username}-{width}")
        assert seat.page.locator("nav.q-tab a").count() == 5
        seat.go("/more/")
        seat.shoot(f"more-{username}-{width}")
