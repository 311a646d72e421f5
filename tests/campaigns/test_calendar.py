import datetime as dt

import pytest

from campaigns import calendar

D = dt.date


@pytest.mark.parametrize(
    ("printed", "year", "meaning"),
    [
        ("2月30日前", 2019, (D(2019, 2, 28), D(2019, 2, 28))),
        ("2月30日", 2020, (D(2020, 2, 29), D(2020, 2, 29))),
        ("1月10日前", 2019, (D(2019, 1, 10), D(2019, 1, 10))),
        ("1月中旬", 2019, (D(2019, 1, 11), D(2019, 1, 20))),
        ("2月底", 2019, (D(2019, 2, 28), D(2019, 2, 28))),
        ("2月下旬", 2024, (D(2024, 2, 21), D(2024, 2, 29))),
    ],
)
def test_what_a_printed_day_can_mean(printed, year, meaning):
    assert calendar.meanings(printed, year) == meaning


def test_a_day_lasts_until_its_last_second_in_shanxi():
    closes = calendar.closes_at(D(2019, 1, 10))
    assert closes.isoformat() == "2019-01-11T00:00:00+08:00"


@pytest.mark.parametrize(
    ("year", "festival", "days"),
    [(2019, D(2019, 2, 5), 23), (2026, D(2026, 2, 17), 11), (2023, D(2023, 1, 22), 37)],
)
def test_end_of_february_lies_as_far_from_the_festival_as_the_notice_knows(year, festival, days):
    assert calendar.spring_festival(year) == festival
    assert (D(year, 2, 28) - festival).days == days


def test_make_up_working_days_count():
    # Saturday and Sunday before the holiday of 2019 were worked.
    assert calendar.is_workday(D(2019, 2, 2))
    assert calendar.is_workday(D(2019, 2, 3))
    assert not calendar.is_workday(D(2019, 2, 4))
    assert calendar.workdays(D(2019, 2, 1), D(2019, 2, 11)) == 4


def test_deadline_in_the_holiday_is_warned_of():
    found = calendar.examine(D(2019, 2, 6), "", since=D(2019, 1, 1))
    assert "落在春节假期里" in found.warnings


def test_fewer_than_five_working_days_are_warned_of():
    found = calendar.examine(D(2019, 1, 10), "", since=D(2019, 1, 7))
    assert found.workdays["市级"] == 4
    assert found.warnings[0].endswith("不足 5 个工作日")
    assert calendar.examine(D(2019, 3, 29), "", since=D(2019, 2, 1)).warnings == ()


def test_both_ways_to_carry_a_deadline_to_a_new_year():
    by_calendar, by_festival = calendar.proposals(
        D(2019, 2, 28),
        begins=D(2018, 12, 21),
        old_festival=D(2019, 2, 5),
        year=2026,
        today=D(2019, 1, 8),
    )
    assert (by_calendar.day, by_calendar.basis) == (D(2026, 2, 28), "按公历同日")
    assert (by_festival.day, by_festival.basis) == (D(2026, 3, 12), "按春节后第 23 天")


def test_last_of_february_stays_the_last():
    assert calendar.same_day_in(D(2019, 2, 28), 1) == D(2020, 2, 29)
    assert calendar.same_day_in(D(2019, 1, 10), 7) == D(2026, 1, 10)
