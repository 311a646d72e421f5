"""A clip on a phone whose network comes and goes, and its film on the entry's page."""

from math import ceil

import pytest

from tests.browser.conftest import work
from tests.films import long_film

PLAYS = """video => new Promise((done) => {
  video.muted = true;
  video.onseeked = () => done([video.readyState >= 2, Math.round(video.duration), video.videoWidth]);
  video.onloadeddata = () => { video.currentTime = 4; };
  video.preload = "auto"; video.load();
})"""


@pytest.fixture
def phone(desk):
    return desk("county140105", 390)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "座谈.mp4"
    path.write_bytes(long_film())
    return path


class Network:
    """Lets so many parts through, then none until it is back."""

    def __init__(self, page, lets):
        self.lets, self.passed = lets, 0
        page.route("**/clips/*/parts/", self.passes)

    def passes(self, route):
        if self.lets == 0:
            route.abort()
            return
        self.lets, self.passed = self.lets - 1, self.passed + 1
        route.continue_()


def test_clip_goes_on_after_the_network_was_lost_and_plays(phone, file):
    page = phone.go("/activities/new/")
    network = Network(page, lets=2)
    page.locator(".q-chips label").first.click()
    page.set_input_files("#id_clip", file)
    page.get_by_text("网络不通，影像传到").wait_for()
    phone.shoot("clip-cut-390")
    # What is typed is kept, so is the part that came: the page is loaded anew, the same one chosen.
    page.fill("#id_place", "坞城街道二楼会议室")
    page.reload()
    page.get_by_text("再选同一段就从这里接着传").wait_for()
    network.lets = 1
    page.set_input_files("#id_clip", file)
    page.get_by_text("网络不通，影像传到").wait_for()
    page.fill("#id_participants", "31")
    if not page.locator("input[name=kind]:checked").count():
        page.locator(".q-chips label").first.click()
    page.get_by_role("button", name="提交登记").click()  # it waits for the clip
    network.lets = 99
    page.wait_for_url("**/activities/*-*/?logged=*", timeout=60_000)
    # No byte was sent twice.
    assert network.passed == ceil(len(long_film()) / 1_000_000) > 3
    page.get_by_text("影像正在处理").wait_for()
    work()
    page.reload()
    video = page.locator("video")
    assert video.evaluate(PLAYS) == [True, 5, 320]
    phone.shoot("clip-390")


def test_what_is_no_film_is_refused_in_words_and_may_be_chosen_anew(phone, file, tmp_path):
    page = phone.go("/activities/new/")
    wrong = tmp_path / "照片.mp4"
    wrong.write_bytes(b"\xff\xd8\xff" + bytes(3_000_000))
    page.set_input_files("#id_clip", wrong)
    page.get_by_text("不是能播放的影像").first.wait_for()
    assert page.locator("#clip-list figure").count() == 0
    page.set_input_files("#id_clip", file)
    page.get_by_text("影像传完了").wait_for()
    assert page.locator("#clip-error").inner_text() == ""
    work()
    page.locator("#clip-list img").wait_for()
    phone.shoot("clip-sent-390")
    page.get_by_role("button", name="删去这段影像").click()
    page.reload()
    page.wait_for_load_state("networkidle")
    assert page.locator("#clip-list figure").count() == 0
