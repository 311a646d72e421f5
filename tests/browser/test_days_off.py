"""The province pastes a year's days off, sees them as a calendar, and puts them in force."""

from tests.browser.conftest import put_back, work
from tests.campaigns.announced import announcement


def test_announcement_is_pasted_seen_and_in_force(desk):
    year = 2027
    seat = desk("province", 1440)
    page = seat.go("/days-off/new/?year=2027")
    page.select_option("#id_year", str(year))
    page.fill("#id_text", announcement(year, was="1月9日（周六）上班", now="1月9日（周日）上班"))
    page.get_by_role("button", name="看日历").click()
    page.get_by_text("2027年1月9日是星期六，写的是“周日”").first.wait_for()
    assert "1月9日（周日）上班" in page.input_value("#id_text")
    page.fill("#id_text", announcement(year))
    page.get_by_role("button", name="看日历").click()
    page.get_by_role("heading", name="2027年日历：请和通知对一遍").wait_for()
    seat.shoot("days-off-seen")
    page.get_by_role("button", name="和通知一样，启用").click()
    page.get_by_text("正在启用").first.wait_for()
    work()
    page = seat.go("/days-off/?year=2027")
    page.get_by_text("按国办发明电〔2026〕7号").wait_for()
    seat.shoot("days-off")
    county = desk("county140105", 390)
    county.go("/days-off/?year=2027").get_by_text("按国办发明电〔2026〕7号").wait_for()
    county.shoot("days-off-390")
    put_back("DELETE FROM campaigns_daysoff")
