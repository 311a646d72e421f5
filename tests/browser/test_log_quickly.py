"""An entry in a few taps: days and places to tap, words that are spoken, and on to the group."""

from datetime import date, timedelta

from tests.browser.conftest import work
from tests.browser.test_the_story import picture

# The browser's ear, which a machine without a microphone has not.
HEARS = """window.SpeechRecognition = class {
  start() { window.heard = this; }
  stop() { this.onend(); }
};"""
SAYS = "words => { heard.onresult({ results: [[{ transcript: words }]] }); heard.onend(); }"
SHARES = """navigator.canShare = () => true;
navigator.share = async (what) => { window.shared = [what.text, (what.files || []).length]; };"""


def log(page, place):
    page.locator(".q-chips label").first.click()
    page.fill("#id_place", place)
    page.fill("#id_participants", "31")
    page.get_by_role("button", name="提交登记").click()
    page.get_by_text("已登记").first.wait_for()


def test_day_and_place_are_one_tap_each_and_shown_as_chosen(desk):
    seat = desk("county140105", 390)
    log(seat.go("/activities/new/"), "龙城公园南门")
    page = seat.go("/activities/new/")
    yesterday = page.get_by_role("button", name="昨天")
    yesterday.click()
    assert page.input_value("#id_held_on") == f"{date.today() - timedelta(1)}"
    assert yesterday.get_attribute("aria-pressed") == "true"
    place = page.locator("#places button").first
    place.click()
    assert (page.input_value("#id_place"), place.inner_text()) == ("龙城公园南门", "龙城公园南门")
    # What is typed instead takes the mark off again.
    page.fill("#id_place", "别处")
    assert place.get_attribute("aria-pressed") == "false"
    seat.shoot("chips-390")


def test_list_of_today_offers_what_was_done_last_once_more(desk):
    seat = desk("county140105", 390)
    log(seat.go("/activities/new/"), "晋阳里社区")
    page = seat.go("/today/")
    page.locator(".q-fill a", has_text="晋阳里社区").click()
    assert page.input_value("#id_place") == "晋阳里社区"
    assert page.locator("input[name=kind]:checked").count() == 1
    page = seat.go("/today/")
    page.get_by_role("link", name="贴群里的通报").click()
    assert page.locator("#notice").is_visible()


def test_words_may_be_spoken_where_the_browser_hears(desk):
    seat = desk("county140105", 390)
    seat.page.add_init_script(HEARS)
    page = seat.go("/activities/new/")
    page.fill("#id_place", "坞城街道")
    button = page.get_by_role("button", name="用说的填地点")
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    page.get_by_text("正在听").wait_for()
    page.evaluate(SAYS, "二楼会议室。")
    assert page.input_value("#id_place") == "坞城街道二楼会议室"
    assert button.get_attribute("aria-pressed") == "false"
    button.click()
    page.evaluate("heard.onerror({ error: 'not-allowed' })")
    page.get_by_text("浏览器没有让用麦克风").wait_for()
    # It may speak a notice too.
    page.get_by_text("把群里的通报贴进来").click()
    page.get_by_role("button", name="用说的填群里的通报").click()
    page.evaluate(SAYS, "今天在文化馆开展民事代办服务86人次")
    page.get_by_text("原文").first.wait_for()
    assert page.input_value("#id_participants") == "86"


def test_nothing_is_offered_where_the_browser_cannot_hear(desk):
    seat = desk("county140105", 390)
    seat.page.add_init_script(
        "delete window.SpeechRecognition; delete window.webkitSpeechRecognition"
    )
    page = seat.go("/activities/new/")
    assert page.get_by_role("button", name="用说的填").count() == 0


def test_words_and_pictures_go_on_to_the_group(desk):
    seat = desk("county140105", 390)
    seat.context.grant_permissions(["clipboard-read", "clipboard-write"])
    seat.page.add_init_script(SHARES)
    page = seat.go("/activities/new/")
    file = {"name": "1.jpg", "mimeType": "image/jpeg", "buffer": picture("#1d5fb8")}
    page.set_input_files("#id_photos", [file])
    page.locator("#photo-list img").first.wait_for()
    log(page, "太原南站东广场")
    said = page.locator("#forward").inner_text()
    assert "在太原南站东广场开展" in said
    page.get_by_role("button", name="复制文字").click()
    page.get_by_text("已复制").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == said
    work()  # the picture is made anew
    page.reload()
    page.get_by_text("带 1 张照片").wait_for()
    seat.shoot("forward-390")
    page.get_by_role("button", name="分享").click()
    assert page.evaluate("window.shared") == [said, 1]
