"""Pictures of an entry on a phone: too many at once, a page that goes too soon, a network that is lost."""

import pytest

from tests.browser.test_the_story import picture

COLOURS = [f"#{n}{n}5fb8" for n in range(10, 20)]


def file(colour):
    return {"name": f"{colour[1:]}.jpg", "mimeType": "image/jpeg", "buffer": picture(colour)}


@pytest.fixture
def phone(desk):
    return desk("county140105", 390)


def test_ten_at_once_after_one_are_nine(phone):
    page = phone.go("/activities/new/")
    page.set_input_files("#id_photos", [file("#123456")])
    page.locator("#photo-list img").wait_for()
    page.set_input_files("#id_photos", [file(colour) for colour in COLOURS])
    page.locator("#photo-list progress").first.wait_for(state="detached")
    page.get_by_text("最多放 9 张").wait_for()
    page.wait_for_function("!document.querySelector('#photo-list progress')")
    assert page.locator("#photo-list img").count() == 9
    page.reload()
    page.locator("#photo-list img").nth(8).wait_for()
    assert page.locator("#photo-list img").count() == 9


def test_browser_asks_before_the_page_goes_whose_pictures_have_not_gone_up(phone):
    page, asked = phone.go("/activities/new/"), []
    page.on("dialog", lambda dialog: asked.append(dialog.type))
    page.locator(".q-chips label").first.click()  # a browser asks only for who has touched the page
    page.set_input_files("#id_photos", [file("#123456")])
    page.locator("#photo-list img").wait_for()
    phone.go("/today/")
    assert asked == []
    page = phone.go("/activities/new/")
    page.locator(".q-chips label").first.click()
    page.route("**/photos/", lambda route: None)  # it is under way, and does not come through
    page.set_input_files("#id_photos", [file("#654321")])
    page.locator("#photo-list progress").wait_for()
    page.evaluate("location.href = '/today/'")
    page.wait_for_url("**/today/")
    assert asked == ["beforeunload"]


def test_picture_that_could_not_be_taken_away_stays(phone):
    page = phone.go("/activities/new/")
    page.set_input_files("#id_photos", [file("#123456")])
    page.locator("#photo-list img").wait_for()
    page.route("**/photos/*/remove/", lambda route: route.abort())
    page.get_by_role("button", name="删去这张照片").click()
    page.get_by_text("网络不通，照片没有删去").wait_for()
    assert page.locator("#photo-list img").count() == 1
    page.unroute("**/photos/*/remove/")
    page.get_by_role("button", name="删去这张照片").click()
    page.locator("#photo-list img").wait_for(state="detached")
    assert page.locator("#photo-error").inner_text() == ""
