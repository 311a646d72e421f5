"""The announcement of a year's days off: read as it is printed, refused in words where it is not."""

import datetime as dt
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.announcement import read
from campaigns.workdays import KNOWN, Announced, Days
from tests.campaigns.announced import LINES, announcement

D = dt.date


@pytest.mark.parametrize("year", sorted(set(LINES) - {2027}))
def test_what_was_announced_is_read_as_the_library_has_it(year):
    found = read(announcement(year), year)
    assert found.problems == []
    days = Days({year: found.announced})
    assert [day for day in days.changed(KNOWN) if day.year == year] == []
    assert (found.number, found.issued_on) == (f"国办发明电〔{year - 1}〕7号", D(year - 1, 11, 4))


def test_the_form_of_the_brief():
    lines = LINES[2026].replace(
        "2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）", "2月15日至23日"
    ).replace("2月14日（周六）、2月28日（周六）上班", "2月14日、28日上班")  # fmt: skip
    assert "2月15日至23日放假调休，共9天。2月14日、28日上班。" in lines
    found = read(announcement(2026, lines), 2026)
    assert found.problems == []
    assert {D(2026, 2, 14), D(2026, 2, 28)} < found.announced.work
    assert sum(day.month == 2 for day in found.off) == 9


def test_days_of_the_year_before_stand_in_an_announcement():
    found = read(announcement(2023), 2023)
    assert found.off[D(2022, 12, 31)] == "元旦"
    days = Days({2023: found.announced})
    assert not days.is_workday(D(2022, 12, 31))


def test_rest_that_is_only_urged_is_no_day_off_and_is_shown():
    found = read(announcement(2024), 2024)
    assert D(2024, 2, 9) not in found.off
    assert [said.startswith("鼓励") for said in found.passed_over] == [True]


@pytest.mark.parametrize(
    "squeeze",
    [
        lambda text: text.replace("\n", ""),
        lambda text: text.replace("\n", "\r\n\r\n"),
        lambda text: text.replace("：", ":").replace("（", "(").replace("）", ")"),
        lambda text: text.replace("，", ",").replace("、1月", "，1月"),
        lambda text: text.replace("1月", " 1 月 ").replace("日", " 日"),
        lambda text: text.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        lambda text: "".join(f"<p>{line}</p>" for line in text.split("\n")),
        lambda text: re.sub(r"周(?=[一二三四五六日])", "星期", text),
        lambda text: re.sub(r"（[^）]*）", "", text),
    ],
)
@pytest.mark.parametrize("year", [2024, 2026, 2027])
def test_however_it_was_copied_it_says_the_same(year, squeeze):
    text = announcement(year)
    if "\n" not in squeeze("\n"):  # without breaks the head is one sentence with the first line
        text = text.split("通知如下。\n")[1].split("节假日期间")[0]
    else:
        text = announcement(year)
    found = read(squeeze(text), year)
    assert found.problems == []
    assert found.announced == read(announcement(year), year).announced


BAD = {
    "another year's": (2027, announcement(2026), "这是 2026 年的通知，选的是 2027 年"),
    "a weekday that is not": (2027, announcement(2027, was="1月9日（周六）", now="1月10日（周六）"),
                              "2027年1月10日是星期日，写的是“周六”"),
    "a count that is not": (2027, announcement(2027, was="共8天", now="共9天"), "写的是共 9 天，数出来是 8 天"),
    "a day that there is not": (2027, announcement(2027, was="6月9日（周三）", now="6月31日"), "没有 2027年6月31日这一天"),
    "no verb": (2027, announcement(2027, was="6月9日（周三）放假1天", now="6月9日（周三）"), "6月9日是放假还是上班，没有写"),
    "words nobody knows": (2027, announcement(2027, was="1月9日（周六）上班", now="1月9日（周六）视情况安排"), "“视情况安排”不认得"),
    "a working day to be worked": (2027, announcement(2027, was="1月9日（周六）上班", now="1月8日上班"), "1月8日是星期五，本来就上班"),
    "off and worked": (2027, announcement(2027, was="1月9日（周六）上班", now="1月2日上班"), "1月2日写成放假，又写成上班"),
    "a holiday left out": (2027, announcement(2027, was="三、清明节：4月3日（周六）至5日（周一）放假，共3天。\n", now=""),
                           "没有写清明节4月5日放假：《全国年节及纪念日放假办法》（国务院令第795号）规定这天放假"),
    "a day of the law worked": (2027, announcement(2027, was="5月1日（周六）至5日（周三）放假调休，共5天", now="5月2日至6日放假调休，共5天"),
                                "没有写劳动节5月1日放假"),
    "a span that ends before it begins": (2027, announcement(2027, was="10月1日（周五）至7日（周四）", now="10月7日至1日"), "起止日期不对"),
    "no name": (2027, "1月1日放假。", "前面没有写是哪个节"),
    "no days": (2027, announcement(2027, was="6月9日（周三）放假1天，不调休", now="放假"), "没有写放哪几天假"),
    "nothing of it": (2027, "明年放假的事，等通知。", "没有写元旦1月1日放假"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_what_is_not_understood_is_said_by_its_line(kind):
    year, text, said = BAD[kind]
    problems = read(text, year).problems
    assert any(said in problem for problem in problems), problems
    of_a_line = [problem for problem in problems if problem.startswith("第 ")]
    for problem in of_a_line:
        number = int(re.match(r"第 (\d+) 行", problem)[1])
        quoted = re.search("“(.*?)”", problem)[1].removesuffix("……")
        assert quoted in text.split("\n")[number - 1]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=80), st.integers(0, 6))
def test_no_paste_whatever_is_an_error_of_the_portal(words, at):
    lines = LINES[2027].split("\n")
    lines[at] += words
    found = read("\n".join(lines), 2027)
    assert isinstance(found.problems, list)


def test_days_are_kept_and_read_again():
    found = read(announcement(2027), 2027).announced
    assert Announced.read(found.written()) == found
