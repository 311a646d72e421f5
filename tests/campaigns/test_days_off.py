"""Days off: what the law fixes in every year, what is announced and put in force, what it moves."""

import ast
import datetime as dt
import re

import chinese_calendar
import pytest
import time_machine
from django.conf import settings
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from campaigns import calendar
from campaigns.announcement import read
from campaigns.days_off import in_force
from campaigns.models import DaysOff
from campaigns.workdays import KNOWN, LAST_CARRIED, LAW, Announced, Days, fixed, law_of
from qingchun.accounts.models import AuditEvent
from qingchun.jobs.actions import work
from reports.papers.models import ReminderSchedule
from tests.campaigns.announced import announcement

D = dt.date
# Looked up for these years, not computed: 春节, 清明, 端午, 中秋.
BY_THE_MOON = {
    2027: (D(2027, 2, 6), D(2027, 4, 5), D(2027, 6, 9), D(2027, 9, 15)),
    2028: (D(2028, 1, 26), D(2028, 4, 4), D(2028, 5, 28), D(2028, 10, 3)),
    2029: (D(2029, 2, 13), D(2029, 4, 4), D(2029, 6, 16), D(2029, 9, 22)),
    2030: (D(2030, 2, 3), D(2030, 4, 5), D(2030, 6, 5), D(2030, 9, 12)),
}
EVERY = [
    (year, day, name) for year in range(2019, 2036) for day, name in sorted(fixed(year).items())
]


@pytest.mark.parametrize(("year", "day", "name"), EVERY)
def test_day_that_the_law_fixes_is_off_announced_or_not(year, day, name):
    assert not calendar.is_workday(day)
    assert KNOWN.holiday(day)
    if year <= LAST_CARRIED:
        assert chinese_calendar.is_holiday(day)
        assert KNOWN.holiday(day) in (name, "国庆节", "中秋节")


@pytest.mark.parametrize("year", BY_THE_MOON)
def test_days_of_the_moon_and_the_sun_are_where_almanacs_have_them(year):
    festival, qingming, dragon, autumn = BY_THE_MOON[year]
    names = {}
    for day, name in fixed(year).items():
        names.setdefault(name, []).append(day)
    assert sorted(names["春节"]) == [festival + dt.timedelta(n) for n in (-1, 0, 1, 2)]
    assert (names["清明节"], names["端午节"]) == ([qingming], [dragon])
    assert autumn in [*names.get("中秋节", []), *names["国庆节"]]
    assert len(fixed(year)) == 13 - (autumn.month == 10)


def test_each_wording_of_the_law_has_its_source():
    assert [law["since"] for law in LAW["law"]] == sorted(law["since"] for law in LAW["law"])
    for law in LAW["law"]:
        assert re.fullmatch(r"国务院令第\d{3}号", law["number"])
        assert law["decided_on"].year < law["since"]
    assert (law_of(2024)["since"], law_of(2025)["since"]) == (2014, 2025)


def test_five_working_days_after_29_december_2026_cross_new_years_day():
    assert calendar.forward_workdays(D(2026, 12, 29), 5) == D(2027, 1, 6)


def test_year_without_announcement_has_the_festival_and_makes_up_for_weekends():
    """1 and 2 May 2027 are a Saturday and a Sunday: the two working days after them are off."""
    assert [KNOWN.is_workday(D(2027, 5, day)) for day in range(3, 6)] == [False, False, True]
    festival = [KNOWN.is_workday(D(2027, 2, day)) for day in range(4, 16)]
    assert festival == [True, *[False] * 10, True]  # 除夕 (5 February) to 初七, and a weekend


def test_library_is_followed_to_the_day_where_nobody_has_entered_anything():
    first, last = D(2004, 1, 1), D(LAST_CARRIED, 12, 31)
    every = (first + dt.timedelta(n) for n in range((last - first).days + 1))
    assert [day for day in every if KNOWN.is_workday(day) != chinese_calendar.is_workday(day)] == []


offs = st.sets(st.integers(0, 364), max_size=15)


@hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(offs, offs, st.integers(-20, 340), st.integers(1, 40))
def test_last_day_laid_out_anew_is_as_many_working_days_away(off, work, start, count):
    first = D(2027, 1, 1)
    days = [first + dt.timedelta(n) for n in range(365)]
    worked = frozenset(days[n] for n in work - off if days[n].weekday() > 4) - fixed(2027).keys()
    now = Days({2027: Announced({days[n]: "春节" for n in off}, worked)})
    begun = first + dt.timedelta(start)
    for was, then in ((KNOWN, now), (now, KNOWN)):
        assert then.laid_anew(begun, was.forward(begun, count), was) == then.forward(begun, count)
    changed = set(now.changed(KNOWN))
    around = [first + dt.timedelta(n) for n in range(-40, 420)]
    assert changed == {day for day in around if now.is_workday(day) != KNOWN.is_workday(day)}


# Which modules count working days by no announcement: those that ask no database, and what compares.
PURE = {
    "campaigns/calendar.py", "campaigns/views/days_off.py", "reports/papers/reminders.py",
    "services/proxy/demo.py",
}  # fmt: skip
COUNTING = {"is_workday", "workdays", "forward_workdays", "back_workdays", "KNOWN"}


def counts_by_itself(node):
    named = isinstance(node, ast.ImportFrom) and {one.name for one in node.names} & COUNTING
    return named and node.module in ("campaigns.calendar", "campaigns.workdays")


def test_whatever_counts_working_days_asks_which_are_in_force():
    found = set()
    for app in ("campaigns", "talent", "services", "reports"):
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            if any(map(counts_by_itself, ast.walk(tree))):
                found.add(path.relative_to(settings.BASE_DIR).as_posix())
    assert found == PURE


# On a page


@pytest.fixture
def desk(li):
    client = Client()
    client.force_login(li)
    return client


@pytest.fixture
def december():
    with time_machine.travel("2026-12-01 09:00+08:00", tick=False) as clock:
        yield clock


def put(desk, year=2027, text=None, **more):
    """Paste it, look at the calendar, confirm what stands there. Returns: the last answer."""
    typed = {"year": year, "text": text or announcement(year)} | more
    page = desk.post("/days-off/new/", typed).content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen, page
    return desk.post("/days-off/new/", typed | {"seen": seen[1]}, follow=True)


def test_province_pastes_a_year_sees_it_as_a_calendar_and_puts_it_in_force(desk, december):
    typed = {"year": 2027, "text": announcement(2027)}
    page = desk.post("/days-off/new/", typed).content.decode()
    assert "还没有启用" in page
    assert re.search(r'<li class="work">9<small>班</small>', page)
    assert not DaysOff.objects.exists()
    page = put(desk).content.decode()
    assert "正在启用" in page
    kept = DaysOff.objects.get()
    assert (kept.number, kept.source, kept.issued_on) == (
        1,
        "国办发明电〔2026〕7号",
        D(2026, 11, 4),
    )
    assert (kept.entered_by, kept.text) == ("李省", typed["text"].strip())
    assert in_force().is_workday(D(2027, 1, 4))
    assert work() == 1
    days = in_force()
    assert not days.is_workday(D(2027, 1, 4))
    assert days.is_workday(D(2027, 1, 9))
    page = desk.get("/days-off/?year=2027").content.decode()
    assert "按国办发明电〔2026〕7号" in page
    assert "在用" in page
    done = AuditEvent.objects.filter(verb__in=["录入放假安排", "启用放假安排"])
    assert done.count() == 2


def test_another_version_takes_its_place_and_the_first_is_kept(desk, december):
    put(desk)
    work()
    assert "和现在用的日历一样" in put(desk).content.decode()
    put(desk, text=announcement(2027, was="1月9日（周六）上班", now="1月10日（周日）上班"))
    work()
    assert [one.number for one in DaysOff.objects.all()] == [2, 1]
    assert [in_force().is_workday(D(2027, 1, day)) for day in (9, 10)] == [False, True]


def test_what_was_not_seen_is_not_put_in_force(desk, december):
    typed = {"year": 2027, "text": announcement(2027)}
    page = desk.post("/days-off/new/", typed).content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]
    changed = announcement(2027, was="1月9日（周六）上班", now="1月10日（周日）上班")
    page = desk.post("/days-off/new/", typed | {"text": changed, "seen": seen}).content.decode()
    assert "还没有启用" in page
    assert not DaysOff.objects.exists()


def test_bad_paste_says_which_line_and_loses_nothing(desk, december):
    typed = {
        "year": 2027, "text": announcement(2027, was="共8天", now="共9天"), "source": "国办发明电〔2026〕8号",
        "issued_on": "2026-11-05", "link": "https://www.gov.cn/zhengce/2027.htm",
    }  # fmt: skip
    page = desk.post("/days-off/new/", typed).content.decode()
    assert "第 6 行没有看懂" in page
    assert "共9天" in page
    for name in ("source", "issued_on", "link"):
        assert f'value="{typed[name]}"' in page
    assert 'name="seen"' not in page


def test_days_that_differ_from_the_library_are_shown_beside_it(desk, december):
    text = announcement(2026, was="1月4日（周日）上班", now="1月10日（周六）上班")
    page = desk.post("/days-off/new/", {"year": 2026, "text": text}).content.decode()
    rows = re.findall(r'<th scope="row">(.*?)</th>\s*<td>(.*?)</td>\s*<td>(.*?)</td>', page, re.S)
    assert rows == [("2026年1月4日", "放假", "上班"), ("2026年1月10日", "上班", "放假")]


def test_cadres_see_the_days_and_the_province_alone_enters_them(december, wang, zhang):
    for user in (wang, zhang):
        client = Client()
        client.force_login(user)
        page = client.get("/days-off/?year=2027").content.decode()
        assert "还没有公布" in page
        assert "除夕到初七" in page
        assert "录入通知" not in page
        assert client.get("/days-off/new/").status_code == 403
        assert client.post("/days-off/new/", {"year": 2027, "text": "x"}).status_code == 403


# Deadlines on days that are no ordinary working days


@pytest.mark.parametrize("year", range(2020, 2036))
def test_copy_page_says_of_each_day_that_nobody_works_what_it_is(desk, campaign, year):
    page = desk.get(f"/campaigns/{campaign.pk}/copy/?year={year}&by_festival=no").content.decode()
    rows = re.findall(
        r"(\d{4})年(\d+)月(\d+)日</td>.*?<td class=\"q-error\">(.*?)</td>", page, re.S
    )
    assert len(rows) == 4
    for *day, said in rows:
        day = D(*map(int, day))
        if day.weekday() > 4:
            assert f"星期{'一二三四五六日'[day.weekday()]}" in said or "假期里" in said, day
        if not KNOWN.is_workday(day):
            assert said, day


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (D(2026, 1, 10), "这天是星期六"),
        (D(2026, 2, 28), "这天是星期六，调休上班"),
        (D(2027, 1, 10), "这天是星期日"),
        (D(2033, 1, 1), "落在元旦假期里"),
        (D(2026, 10, 3), "落在国庆节假期里"),
    ],
)
def test_what_is_said_of_such_days(day, said):
    assert said in calendar.examine(day, "", since=day - dt.timedelta(90)).warnings


def test_deadline_and_extension_on_a_weekend_say_so_once_decided(desk, campaign):
    deadline = campaign.deadlines.get(purpose="plan")
    sent = {"enforced_on": "2019-01-12", "reason": "顺延"}
    page = desk.post(f"/campaigns/deadlines/{deadline.pk}/", sent, follow=True).content.decode()
    assert "1月12日是星期六，请留意。" in page
    assert "这天是星期六" in page
    sent = {"organization": "1401", "until_on": "2019-01-13", "reason": "来函"}
    page = desk.post(
        f"/campaigns/deadlines/{deadline.pk}/extend/", sent, follow=True
    ).content.decode()
    assert "1月13日是星期日，请留意。" in page


def test_reminder_of_a_day_on_a_weekend_says_so(desk, campaign, wang):
    from reports.papers.actions.reminders import reminders

    campaign.deadlines.filter(purpose="plan").update(enforced_on=D(2019, 1, 12))
    moment = dt.datetime(2019, 1, 11, 9, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    texts = [line["text"] for draft in reminders(moment) for line in draft.lines]
    assert any("1月12日（星期六）" in text for text in texts), texts
    assert ReminderSchedule.objects.count() == 0
    page = desk.get(f"/campaigns/{campaign.pk}/reminders/").content.decode()
    assert "（星期六）" in page


def test_announcement_of_a_year_reads_the_same_from_its_row(db, december):
    found = read(announcement(2027), 2027).announced
    DaysOff.objects.create(
        year=2027, number=1, text="x", days=found.written(), source="x", issued_on=D(2026, 11, 4),
        entered_by="李省", applied_at=dt.datetime(2026, 12, 1, tzinfo=dt.UTC),
    )  # fmt: skip
    assert in_force().announced == {2027: found}
