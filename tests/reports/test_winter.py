"""The winter of 2019 walked day by day: who was reminded of what, when, and who was not."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine

from campaigns.actions.editions import extend
from campaigns.choices import DeadlineType
from qingchun.notifications.actions import decide, send_all
from qingchun.notifications.choices import MessageState
from qingchun.notifications.models import Message
from qingchun.organizations.choices import ReminderRole
from reports.papers.actions import reminders
from reports.papers.models import Plan, Summary
from tests.conftest import person

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text):
    """A moment of that winter: "01-09 09:00"."""
    day, time = text.split()
    return dt.datetime.fromisoformat(f"2019-{day}T{time}").replace(tzinfo=SHANGHAI)


def tick(moment):
    """What the minute's tick does, in process."""
    with time_machine.travel(moment, tick=False):
        decide(moment)
        send_all(lambda: moment)


def rows(**wanted):
    """Everything sent, in the order of time: (when, to whom, by which way, text)."""
    found = Message.objects.filter(state=MessageState.SENT, **wanted).select_related("recipient")
    return sorted(
        (
            f"{m.sent_at.astimezone(SHANGHAI):%m-%d %H:%M}",
            m.recipient.name if m.recipient else "群聊",
            m.get_channel_display(),
            m.text,
        )
        for m in found
    )


# The winter, worked out by hand


CITIES = {
    "1401": "太原市", "1402": "大同市", "1403": "阳泉市", "1404": "长治市", "1405": "晋城市",
    "1406": "朔州市", "1407": "晋中市", "1408": "运城市", "1409": "忻州市", "1410": "临汾市",
    "1411": "吕梁市",
}  # fmt: skip
# Each city has one person responsible; 太原 has a deputy and a secretary as well, and its
# responsible person an e-mail address.
SENT_PLAN = {
    "1401": "01-10 10:00",  # on the last day, between the two reminders
    "1402": "01-02 16:00",  # before any reminder
    "1403": "01-03 09:00",  # in the very minute of the first, but before it
    "1404": "01-10 23:59",  # at the last minute
    "1405": "01-12 18:00",  # two days late
    "1406": "01-13 12:00",  # with more time until 14 January
    "1407": "01-15 08:00",  # with more time until 14 January, and a day late all the same
    "1408": "01-05 11:00", "1409": "01-05 11:00", "1410": "01-05 11:00",
    # 1411 never
}  # fmt: skip
SENT_SUMMARY = dict.fromkeys(CITIES, "02-20 17:00") | {
    "1401": "02-22 09:30", "1410": "03-02 10:00",
}  # fmt: skip
del SENT_SUMMARY["1411"]
MORE_TIME = {"1406": "01-09 11:00", "1407": "01-09 11:00"}  # granted then, until 14 January

BEFORE, TODAY, LATE = "还有 {} 天。", "今天 24 时截止。", "已逾期 {} 天。"


def says(city, what, day, ending):
    return f"{city}{what}还没有报送，{day} 24 时前报团省委，{ending}"


def plan(when, city, ending, day="1月10日", who=None, way="站内"):
    return (when, who or f"{city}责任人", way, says(f"{city}市", "实施方案", day, ending))


def summary(when, city, ending, who=None, way="站内"):
    return (when, who or f"{city}责任人", way, says(f"{city}市", "总结", "2月28日", ending))


def digest(when, what, day, sent, owing, extended):
    names = [name for name in CITIES.values() if name not in owing]
    assert len(names) == sent  # the number is worked out by hand, the names follow from it
    text = (
        f"{what}（{day}截止）：应报 11 个市，已报 {sent} 个（{'、'.join(names)}），"
        f"未报 {owing}，准延 {extended}。"
    )
    return (when, "省基层部", "站内", text)


def all_of(make, cities, when, ending, **more):
    return [make(when, city, ending, **more) for city in cities]


TWO_MORE = "2 个（朔州市，至1月14日、晋中市，至1月14日）"
NINE = ["太原", "长治", "晋城", "朔州", "晋中", "运城", "忻州", "临汾", "吕梁"]
EXPECTED = [
    # The plan. 大同 and 阳泉 have sent before the first reminder and hear nothing.
    *all_of(plan, NINE, "01-03 09:00", BEFORE.format(7)),
    plan("01-03 09:00", "太原", BEFORE.format(7), way="邮件"),
    # Three more sent on 5 January.
    *all_of(plan, ["太原", "长治", "晋城", "朔州", "晋中", "吕梁"], "01-07 09:00", BEFORE.format(3)),
    plan("01-07 09:00", "太原", BEFORE.format(3), way="邮件"),
    # The day before: the deputy joins. More time was granted at 11:00, after this one.
    *all_of(plan, ["太原", "长治", "晋城", "朔州", "晋中", "吕梁"], "01-09 09:00", BEFORE.format(1)),
    plan("01-09 09:00", "太原", BEFORE.format(1), way="邮件"),
    plan("01-09 09:00", "太原", BEFORE.format(1), who="太原副职"),
    # The day itself: the secretary too. 朔州 and 晋中 have until 14 January.
    *all_of(plan, ["太原", "长治", "晋城", "吕梁"], "01-10 09:00", TODAY),
    plan("01-10 09:00", "太原", TODAY, way="邮件"),
    plan("01-10 09:00", "太原", TODAY, who="太原副职"),
    plan("01-10 09:00", "太原", TODAY, who="太原书记"),
    # 太原 sent at 10:00.
    *all_of(plan, ["长治", "晋城", "吕梁"], "01-10 15:00", TODAY),
    digest("01-10 15:00", "实施方案", "1月10日", 6, "5 个（长治市、晋城市、朔州市、晋中市、吕梁市）", TWO_MORE),
    # 长治 sent a minute before midnight. 晋中 and 朔州 are reminded of their own day: three days
    # before it was the 11th.
    *all_of(plan, ["晋城", "吕梁"], "01-11 09:00", LATE.format(1)),
    *all_of(plan, ["朔州", "晋中"], "01-11 09:00", BEFORE.format(3), day="1月14日"),
    digest("01-11 09:00", "实施方案", "1月10日", 7, "4 个（晋城市、朔州市、晋中市、吕梁市）", TWO_MORE),
    *all_of(plan, ["晋城", "吕梁"], "01-12 09:00", LATE.format(2)),
    digest("01-12 09:00", "实施方案", "1月10日", 7, "4 个（晋城市、朔州市、晋中市、吕梁市）", TWO_MORE),
    plan("01-13 09:00", "吕梁", LATE.format(3)),
    *all_of(plan, ["朔州", "晋中"], "01-13 09:00", BEFORE.format(1), day="1月14日"),
    digest("01-13 09:00", "实施方案", "1月10日", 8, "3 个（朔州市、晋中市、吕梁市）", TWO_MORE),
    # 朔州 sent on the 13th at noon, within its time.
    plan("01-14 09:00", "吕梁", LATE.format(4)),
    plan("01-14 09:00", "晋中", TODAY, day="1月14日"),
    plan("01-14 15:00", "晋中", TODAY, day="1月14日"),
    digest("01-14 09:00", "实施方案", "1月10日", 9, "2 个（晋中市、吕梁市）", TWO_MORE),
    # 晋中 sent on the 15th at eight, before the first reminder of being late.
    plan("01-15 09:00", "吕梁", LATE.format(5)),
    digest("01-15 09:00", "实施方案", "1月10日", 10, "1 个（吕梁市）", TWO_MORE),
    plan("01-16 09:00", "吕梁", LATE.format(6)),
    digest("01-16 09:00", "实施方案", "1月10日", 10, "1 个（吕梁市）", TWO_MORE),
    plan("01-17 09:00", "吕梁", LATE.format(7)),
    digest("01-17 09:00", "实施方案", "1月10日", 10, "1 个（吕梁市）", TWO_MORE),
    # Then silence: seven days late was the last. The summary: most sent on 20 February.
    *all_of(summary, ["太原", "临汾", "吕梁"], "02-21 09:00", BEFORE.format(7)),
    summary("02-21 09:00", "太原", BEFORE.format(7), way="邮件"),
    *all_of(summary, ["临汾", "吕梁"], "02-25 09:00", BEFORE.format(3)),
    *all_of(summary, ["临汾", "吕梁"], "02-27 09:00", BEFORE.format(1)),
    *all_of(summary, ["临汾", "吕梁"], "02-28 09:00", TODAY),
    *all_of(summary, ["临汾", "吕梁"], "02-28 15:00", TODAY),
    digest("02-28 15:00", "总结", "2月28日", 9, "2 个（临汾市、吕梁市）", "0 个"),
    *all_of(summary, ["临汾", "吕梁"], "03-01 09:00", LATE.format(1)),
    digest("03-01 09:00", "总结", "2月28日", 9, "2 个（临汾市、吕梁市）", "0 个"),
    *all_of(summary, ["临汾", "吕梁"], "03-02 09:00", LATE.format(2)),
    digest("03-02 09:00", "总结", "2月28日", 9, "2 个（临汾市、吕梁市）", "0 个"),
    *[
        row
        for number in range(3, 8)
        for row in (
            summary(f"03-0{number} 09:00", "吕梁", LATE.format(number)),
            digest(f"03-0{number} 09:00", "总结", "2月28日", 10, "1 个（吕梁市）", "0 个"),
        )
    ],
]  # fmt: skip


@pytest.fixture
def cities(campaign):
    """One person responsible in each city, named after it; 太原 has three people."""
    people = {}
    for code, name in CITIES.items():
        short = name.removesuffix("市")
        people[code] = person(f"lead{code}", f"{short}责任人", code, "editor")
    wang = people["1401"]
    wang.email = "wang@example.org"
    wang.save()
    _duty(wang, ReminderRole.LEAD)
    _duty(person("deputy", "太原副职", "1401", "editor"), ReminderRole.DEPUTY)
    _duty(person("secretary", "太原书记", "1401", "reviewer"), ReminderRole.SECRETARY)
    person("digest", "省基层部", "14", "reviewer")
    return people


def _duty(user, duty):
    user.memberships.update(duty=duty)


@pytest.fixture
def province(cities):
    """Grants time, and is no reviewer, so that the digest has one reader."""
    return person("grants", "李省", "14")


def settle_plan(campaign, code, moment, model=Plan):
    with time_machine.travel(moment, tick=False):
        paper, _ = model.objects.get_or_create(
            campaign=campaign, organization_id=code, purpose=model.PURPOSE
        )
        model.objects.filter(pk=paper.pk).update(
            state="submitted", first_sent_at=moment, sent_at=moment
        )
        reminders.paper_is_in(paper)


def settle_summary(campaign, people, code, moment):
    settle_plan(campaign, code, moment, Summary)


@pytest.mark.notice("4.1.2", "5.1.2")
def test_winter_of_2019_day_by_day(campaign, cities, settings, tmp_path, province):
    """1 January to 8 March; what happens in the minute of a tick happens before it."""
    settings.OUTBOX_ROOT = tmp_path
    province.memberships.update(role="editor")
    steps = [(moment, 0, act) for moment, act in _happenings(campaign, cities, province)]
    steps += [(moment, 1, lambda m=moment: tick(m)) for moment in _looks_at_the_clock()]
    for _, _, act in sorted(steps, key=lambda step: step[:2]):
        act()
    assert rows() == sorted(EXPECTED)
    assert Message.objects.exclude(state=MessageState.SENT).count() == 0


def _looks_at_the_clock():
    """Around the hours at which something may go out; round the clock on the last days."""
    start = at("01-01 00:00")
    moments = (start + dt.timedelta(minutes=30 * n) for n in range(67 * 48))
    busy = (8, 9, 15)
    whole = {dt.date(2019, 1, 10), dt.date(2019, 1, 14), dt.date(2019, 2, 28)}
    return [m for m in moments if m.hour in busy or m.date() in whole]


def _happenings(campaign, people, province):
    found = []
    for code, when in SENT_PLAN.items():
        found.append((at(when), lambda c=code, w=when: settle_plan(campaign, c, at(w))))
    for code, when in SENT_SUMMARY.items():
        found.append((at(when), lambda c=code, w=when: settle_summary(campaign, people, c, at(w))))
    for code, when in MORE_TIME.items():
        found.append((at(when), lambda c=code, w=when: _more_time(campaign, province, c, at(w))))
    return found


def _more_time(campaign, province, code, moment):
    with time_machine.travel(moment, tick=False):
        province.acting.role = "admin"
        extend(
            campaign.deadlines.get(purpose=DeadlineType.PLAN),
            actor=province,
            organization=province.acting.organization.__class__.objects.get(pk=code),
            until_on=dt.date(2019, 1, 14),
            reason="来函说明",
        )
