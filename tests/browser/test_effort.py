"""How much work it is to log an activity of each kind, counted by the page while a hand fills it in.

``make measure`` runs this over all ten kinds, three levels and five ways, and writes what the pages
counted into reports/demo/effort.csv, which the demo shows. Here every kind is done once: what is
counted must be what the file says.
"""

import csv
import os
from datetime import date, timedelta
from itertools import count

import pytest

from campaigns.catalogue import TEN
from campaigns.effort import GOAL_FIELDS, GOAL_SECONDS
from reports.demo.effort import FILE, HEAD, measured
from tests.browser.conftest import put_back
from tests.browser.hand import Hand
from tests.browser.test_the_story import picture
from tests.looking import looked_into

NAMES = {key: short for key, _, _, short, *_ in TEN}
WHO = {"county": "county140105", "township": "township140105001", "city": "city1401"}
HERE = {"county": "小店区", "township": "坞城街道", "city": "太原市"}
FIRST, TYPED = "青年活动中心", "汇丰文化广场"
# All ten stand open, whatever plan another test has brought to its end.
NO_PLAN = "DELETE FROM campaigns_undertaking WHERE organization_id IN ('1401', '140105')"
LATEST = """SELECT level, taps, keys, seconds, fields, k.key FROM campaigns_effort e
JOIN campaigns_activitykind k ON k.id = e.kind_id ORDER BY e.id DESC LIMIT 1"""


class Log:
    """The form of one unit, filled in by a hand."""

    def __init__(self, seat, level):
        self.seat, self.level, self.page = seat, level, seat.page
        seat.go("/activities/new/")
        self.hand = Hand(seat.page)
        seat.context.grant_permissions(["clipboard-read", "clipboard-write"])

    def open(self):
        self.seat.go("/activities/new/")

    def kind(self, key):
        self.hand.tap(self.page.locator(f".q-chips label:has(input[value={key}])"))

    def place(self, turn):
        self.hand.tap(self.page.locator("#places button").nth(turn))

    def yesterday(self):
        self.hand.tap(self.page.get_by_role("button", name="昨天"))

    def people(self, number):
        self.hand.press(self.page.locator("#id_participants"), number)

    def send(self):
        self.hand.tap(self.page.get_by_role("button", name="提交登记"))
        self.page.get_by_text("已登记").first.wait_for()

    # Five ways to the same entry.

    def by_chips(self, key):
        self.open()
        self.kind(key)
        self.place(0)
        self.people("46")
        self.send()

    def by_typing(self, key):
        self.open()
        self.kind(key)
        self.hand.write(self.page.locator("#id_place"), TYPED)
        self.people("86")
        self.send()

    def once_more(self, key):
        """From the page of the entry before."""
        self.page.get_by_role("link", name="再登记一次").click()
        self.page.locator("#id_place").wait_for()
        self.yesterday()
        self.people("38")
        self.send()

    def by_notice(self, key):
        self.open()
        notice = f"昨天，{HERE[self.level]}在龙城公园举办{NAMES[key]}，128名返乡青年参加。"
        self.page.evaluate("text => navigator.clipboard.writeText(text)", notice)
        self.hand.tap(self.page.get_by_text("把群里的通报贴进来"))
        self.hand.tap(self.page.get_by_role("button", name="粘贴", exact=True))
        self.page.get_by_text("原文").first.wait_for()
        assert self.page.locator("input[name=kind]:checked").get_attribute("value") == key
        self.send()

    def with_a_picture(self, key):
        self.open()
        self.kind(key)
        self.place(2)
        self.yesterday()
        self.people("60")
        file = {"name": "1.jpg", "mimeType": "image/jpeg", "buffer": picture("#17794a")}
        self.hand.photograph(self.page.locator("label[for=id_photos]"), file)
        self.page.locator("#photo-list img").first.wait_for()
        self.send()

    WAYS = (by_chips, by_typing, once_more, by_notice, with_a_picture)

    def took(self, way, key):
        """Do it, and see what the page counted. Returns: a row of the file."""
        way(self, key)
        with looked_into(os.environ["BROWSER_DATABASE_URL"]) as cursor:
            cursor.execute(LATEST)
            level, taps, keys, seconds, fields, kind = cursor.fetchone()
        assert (level, kind) == (self.level, key)
        return dict(zip(HEAD, (key, level, way.__name__, taps, keys, seconds, fields), strict=True))


@pytest.fixture
def log(desk):
    """``log(level)``: the form of a unit that has logged at two places before."""
    put_back(NO_PLAN)
    turn = count(1)

    def begin(level):
        found = Log(desk(WHO[level], 390), level)
        for place in (TYPED, FIRST):
            found.open()
            found.page.locator(".q-chips label").first.click()
            found.page.fill("#id_held_on", f"{date.today() - timedelta(2)}")
            found.page.fill("#id_place", f"{place}{next(turn)}")
            found.page.fill("#id_participants", "9")
            found.send()
        return found

    return begin


def test_file_is_what_the_pages_count_of_all_ten_kinds(log):
    if os.environ.get("MEASURE"):
        rows = []
        for level in WHO:
            form = log(level)
            rows += [form.took(way, key) for key in NAMES for way in Log.WAYS]
        with FILE.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, HEAD, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        return
    said = {(row["kind"], row["level"], row["way"]): row for row in measured()}
    assert len(said) == len(NAMES) * len(WHO) * len(Log.WAYS)
    forms = {level: log(level) for level in WHO}
    for turn, key in enumerate(NAMES):
        level, way = [*WHO][turn % len(WHO)], Log.WAYS[turn % len(Log.WAYS)]
        if way is Log.once_more:
            forms[level].by_typing(key)
        counted = forms[level].took(way, key)
        assert counted == said[key, level, way.__name__], "make measure 重新量一遍"


def test_goal_is_met_by_every_kind():
    """At most two fields and twenty seconds, whichever way."""
    rows = measured()
    assert {row["kind"] for row in rows} == {*NAMES}
    assert max(row["fields"] for row in rows) <= GOAL_FIELDS
    for kind in NAMES:
        seconds = sorted(row["seconds"] for row in rows if row["kind"] == kind)
        assert seconds[len(seconds) // 2] <= GOAL_SECONDS


@pytest.mark.parametrize("width", [390, 1440])
def test_demo_shows_what_was_measured_of_all_ten_kinds(desk, width):
    seat = desk("county140105", width)
    page = seat.go("/burden/")
    rows = page.locator("#meter tbody tr")
    assert rows.count() == len(NAMES)
    assert [row for row in rows.all_inner_texts() if "还不知道" in row] == []
    seat.shoot(f"burden-meter-{width}")


def test_draft_that_is_found_again_goes_on_counting(desk):
    seat = desk("county140105", 390)
    page = seat.go("/activities/new/")
    page.locator(".q-chips label").first.click()
    page.locator("#id_participants").click()
    page.keyboard.press("4")
    page.keyboard.press("6")
    before = page.input_value("input[name=spent]").split(",")
    assert before[:2] + before[3:] == ["2", "2", "1"]
    page.reload()
    page.get_by_text("已找回上次没有提交的内容").wait_for()
    page.locator("#id_place").click()
    page.keyboard.press("A")
    taps, keys, _, fields = page.input_value("input[name=spent]").split(",")
    assert (taps, keys, fields) == ("3", "3", "2")


def test_words_of_a_form_are_not_among_what_is_counted(desk):
    seat = desk("county140105", 390)
    page = seat.go("/activities/new/")
    page.fill("#id_place", "谁也不该看见的地点")
    assert page.evaluate("/^\\d+(,\\d+){3}$/.test(document.querySelector('[name=spent]').value)")
