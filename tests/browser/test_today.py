"""A county's morning from 今天 alone, on a phone and at a desk; then what the others begin with."""

import pytest

from tests.browser.conftest import put_back

QUESTION = "UPDATE campaigns_activityquestion SET answer = '', answered_by = '', answered_at = NULL"
CALLS = """UPDATE talent_talentrecord SET next_on = current_date - 2
WHERE id IN (SELECT id FROM talent_talentrecord WHERE county = '140105' AND stage <> 'rests'
             AND merged_into_id IS NULL ORDER BY next_on, id LIMIT 4)"""
CASE = """UPDATE proxy_servicerequest SET state = 'registered', agent_id = NULL, agent_name = ''
WHERE id = (SELECT min(id) FROM proxy_servicerequest WHERE county = '140105' AND ended_at IS NULL)"""


@pytest.fixture
def full_morning(server):
    """The city asked something, four are to be rung, a case is nobody's; as it was, afterwards."""
    for statement in (QUESTION, CALLS, CASE):
        put_back(statement)
    yield
    put_back(QUESTION)


@pytest.mark.parametrize("width", [390, 1440])
def test_countys_morning_from_one_page(desk, full_morning, width):
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
    seat.go("/today/")
    assert calls.count() <= before

    # A case is taken in one tap.
    page.get_by_role("button", name="我来办").first.click()
    page.get_by_text("这件由您来办了").wait_for()
    assert page.url.endswith("/today/")

    # What is done most is in the middle of the bar, or at the head of the page.
    where = "nav.q-tab a.job" if width == 390 else "main a.btn-primary"
    page.locator(where).first.click()
    page.get_by_role("button", name="提交登记").wait_for()
    page.go_back()

    # Everything else is under 更多; the board too.
    page.locator("nav:visible").get_by_role("link", name="更多").click()
    page.get_by_role("link", name="本县进展").last.click()
    page.get_by_role("heading", name="小店区进展").wait_for()
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
