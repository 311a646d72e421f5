"""Who still owes what, and the messages that follow from it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet

from campaigns.choices import CampaignState, DeadlineType
from campaigns.days_off import in_force
from campaigns.models import Campaign, Deadline, Extension
from campaigns.permissions import can_run_editions
from campaigns.workdays import Days
from qingchun.accounts.audit import record_event, subject_of
from qingchun.accounts.models import User
from qingchun.ground.edits import save_edited
from qingchun.ground.refusals import Refused, only_if
from qingchun.notifications.actions import settle, words_of
from qingchun.notifications.choices import ChannelName
from qingchun.notifications.drafts import Draft, Line, People, Person, ways_for
from qingchun.notifications.purposes import MessageType, fill
from qingchun.notifications.recipients import people_of
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import PROVINCE
from reports.papers.models import Paper, ReminderSchedule
from reports.papers.notices import DEADLINE, DIGEST
from reports.papers.reminders import Slot, how_long, ladder, slots, speaking

LINKS = {DeadlineType.PLAN: "/plans/", DeadlineType.SUMMARY: "/summaries/"}


@dataclass(frozen=True)
class Debt:
    """One city that has not sent one thing. ``due_on`` is its own last day."""

    deadline: Deadline
    unit: Organization
    due_on: dt.date

    @property
    def about(self) -> str:
        return subject_of(self.deadline)


@dataclass
class Standing:
    """One deadline with all cities: who owes, who has more time, how many were expected."""

    deadline: Deadline
    schedule: ReminderSchedule
    cities: list[Organization]
    debts: list[Debt]
    extensions: Mapping[str, dt.date]
    days: Days  # off, as they are in force

    @property
    def expected(self) -> int:
        return len(self.cities)

    @property
    def sent(self) -> list[Organization]:
        """The cities that owe nothing any more."""
        owing = {debt.unit.code for debt in self.debts}
        return [city for city in self.cities if city.code not in owing]


def schedule_of(campaign: Campaign) -> ReminderSchedule:
    """The edition's own schedule, or the usual one where nobody has changed it."""
    found = getattr(campaign, "reminder_schedule", None)
    return found or ReminderSchedule(campaign=campaign)


def open_deadlines() -> QuerySet:
    return Deadline.objects.filter(campaign__state=CampaignState.OPEN)


def with_schedules(deadlines: QuerySet) -> QuerySet:
    return deadlines.select_related("campaign__reminder_schedule").order_by("pk")


def standings(
    deadlines: Iterable[Deadline], schedule: ReminderSchedule | None = None
) -> list[Standing]:
    """How each deadline stands in this moment; four queries however many there are.

    ``schedule`` stands in for the edition's own, to try one out.
    """
    deadlines = list(deadlines)
    cities = list(Organization.objects.cities().active())
    more = Extension.objects.within(PROVINCE).filter(deadline__in=deadlines)
    until: defaultdict[int, dict[str, dt.date]] = defaultdict(dict)
    for deadline_id, code, day in more.values_list("deadline_id", "organization_id", "until_on"):
        until[deadline_id][code] = day
    sent, days = _sent(deadlines), in_force()
    return [
        Standing(
            deadline,
            schedule or schedule_of(deadline.campaign),
            cities,
            [
                Debt(deadline, city, until[deadline.pk].get(city.code, deadline.enforced_on))
                for city in cities
                if (deadline.campaign_id, deadline.purpose, city.code) not in sent
            ],
            until[deadline.pk],
            days,
        )
        for deadline in deadlines
    ]


def _sent(deadlines: Sequence[Deadline]) -> set[tuple[int, str, str]]:
    editions = {deadline.campaign_id for deadline in deadlines}
    papers = Paper.objects.within(PROVINCE).filter(campaign__in=editions).sent()
    return set(papers.values_list("campaign_id", "purpose", "organization_id"))


@dataclass(frozen=True)
class Item:
    """One thing to say to one person or group, before what falls together is put together."""

    who: str
    recipient_id: int | None
    organization_id: str
    purpose: MessageType
    ways: tuple[str, ...]
    slot: Slot
    line: Line
    link: str


def reminders(moment: dt.datetime) -> list[Draft]:
    """Drafts of all reminders and digests that should have gone out by ``moment``."""
    found = [s for s in standings(with_schedules(open_deadlines())) if s.schedule.is_on]
    at_hand = [(s, debt, slot) for s in found for debt, slot in _speaking(s, moment)]
    digests = [(s, slot) for s in found if (slot := _digest_slot(s, moment))]
    if not at_hand and not digests:
        return []
    codes = {debt.unit.code for _, debt, _ in at_hand} | ({PROVINCE} if digests else set())
    people, words = people_of(codes), {p: words_of(p) for p in (DEADLINE, DIGEST)}
    items = []
    for standing, debt, slot in at_hand:
        items += items_of(standing, debt, slot, people[debt.unit.code], words[DEADLINE], moment)
    for standing, slot in digests:
        items += _digest_items(standing, slot, people[PROVINCE], words[DIGEST])
    return put_together(items, words, moment)


def _speaking(standing: Standing, moment: dt.datetime) -> Iterator[tuple[Debt, Slot]]:
    for debt in standing.debts:
        for slot in speaking(standing.schedule, debt.due_on, moment, standing.days):
            yield debt, slot


def items_of(
    standing: Standing,
    debt: Debt,
    slot: Slot,
    people: People,
    words: tuple[str, str],
    moment: dt.datetime,
) -> list[Item]:
    today = moment.astimezone(ZoneInfo(standing.schedule.time_zone)).date()
    said = {
        "unit": debt.unit.name,
        "what": debt.deadline.get_purpose_display(),
        "day": standing.days.printed(debt.due_on),
        "when": how_long(debt.due_on, max(today, slot.day)),
    }
    line: Line = {
        "about": debt.about, "unit": debt.unit.code, "text": fill(words[1], said), "values": said,
    }  # fmt: skip
    link, code = LINKS[debt.deadline.purpose], debt.unit.code
    told = ladder(people, slot.offset, standing.schedule.deputy_from)
    found = [
        Item(f"u{p.pk}", p.pk, code, DEADLINE, ways_for(p, DEADLINE), slot, line, link)
        for p in told
    ]
    if people.has_group:
        found.append(Item(f"o{code}", None, code, DEADLINE, (ChannelName.GROUP,), slot, line, link))
    return found


def _digest_slot(standing: Standing, moment: dt.datetime) -> Slot | None:
    """The province hears on the last day, and each day on which somebody is late.

    Of the last day it is the last reminder that counts: more is known by then.
    """
    own = slots(standing.schedule, standing.deadline.enforced_on, standing.days)
    last_day = [slot for slot in own if slot.is_last_day][-1:]
    late = [
        slot
        for debt in standing.debts
        for slot in slots(standing.schedule, debt.due_on, standing.days)
        if slot.offset > 0
    ]
    come = [slot for slot in [*last_day, *late] if slot.at <= moment]
    latest = max(come, key=lambda slot: slot.at, default=None)
    today = moment.astimezone(ZoneInfo(standing.schedule.time_zone)).date()
    return latest if latest and latest.day == today else None


def digest_text(standing: Standing, words: tuple[str, str]) -> str:
    until = standing.extensions
    more = [f"{c.name}，至{until[c.code]:%-m月%-d日}" for c in standing.cities if c.code in until]
    said = {
        "what": standing.deadline.get_purpose_display(),
        "day": standing.days.printed(standing.deadline.enforced_on),
        "expected": standing.expected,
        "sent": _listed([city.name for city in standing.sent]),
        "owing": _listed([debt.unit.name for debt in standing.debts]),
        "extended": _listed(more),
    }
    return fill(words[1], said)


def _listed(names: Sequence[str]) -> str:
    return f"{len(names)} 个（{'、'.join(names)}）" if names else "0 个"


def _digest_items(
    standing: Standing, slot: Slot, people: People, words: tuple[str, str]
) -> list[Item]:
    line: Line = {
        "about": subject_of(standing.deadline),
        "unit": PROVINCE,
        "text": digest_text(standing, words),
    }
    link = LINKS[standing.deadline.purpose]
    # Two digests of one day at different times are two messages: neither may swallow the other.
    slot = Slot(slot.at, slot.offset, slot.at.hour * 60 + slot.at.minute)
    return [
        Item(f"u{p.pk}", p.pk, PROVINCE, DIGEST, ways_for(p, DIGEST), slot, line, link)
        for p in people.reviewers
    ]


def put_together(
    items: Iterable[Item], words: Mapping[MessageType, tuple[str, str]], moment: dt.datetime
) -> list[Draft]:
    """Several things for one person on one day are one message, at the earliest of their times."""
    together = defaultdict(list)
    for item in items:
        together[item.who, item.purpose.key, item.slot.day, item.slot.round].append(item)
    drafts = []
    for (who, purpose, day, number), group in together.items():
        due_at = min(item.slot.at for item in group)
        if due_at > moment:
            continue
        first = group[0]
        for way in dict.fromkeys(way for item in group for way in item.ways):
            drafts.append(
                Draft(
                    key=f"{purpose}|{day:%Y%m%d}.{number}|{who}|{way}",
                    purpose=purpose,
                    channel=way,
                    organization_id=first.organization_id,
                    recipient_id=first.recipient_id,
                    subject=words[first.purpose][0],
                    lines=[item.line for item in group],
                    due_at=due_at,
                    link=first.link,
                    is_urgent=any(item.slot.is_last_day for item in group),
                )
            )
    return drafts


@transaction.atomic
def change_schedule(schedule: ReminderSchedule, *, actor: User, changed: Iterable[str]) -> None:
    """Save a schedule that a form has filled. What was sent already is not sent again."""
    only_if(can_run_editions(actor))
    if schedule.campaign.is_locked:
        raise Refused("这次行动已经总结锁定，不再提醒。")
    save_edited(schedule, changed)
    record_event(actor, "修改提醒安排", schedule.campaign, changed=changed)


@dataclass
class Coming:
    """One line of the preview: at this moment, about this deadline, these units and people."""

    at: dt.datetime
    deadline: Deadline
    offset: int
    told: list[tuple[Organization, list[Person]]]
    without_anybody: list[Organization]
    said: str  # of its day, where that is no ordinary working day

    @property
    def days(self) -> int:
        return abs(self.offset)


def coming(
    schedule: ReminderSchedule, deadlines: Iterable[Deadline], moment: dt.datetime
) -> list[Coming]:
    """Who would get what, when, if nobody sent anything from now on."""
    found = standings(deadlines, schedule)
    people = people_of({debt.unit.code for standing in found for debt in standing.debts})
    rows: dict[tuple[dt.datetime, int, int], Coming] = {}
    for standing in found:
        for debt in standing.debts:
            unit = people[debt.unit.code]
            for slot in slots(schedule, debt.due_on, standing.days):
                if slot.at <= moment:
                    continue
                key = (slot.at, standing.deadline.pk, slot.offset)
                said = standing.days.said(slot.day)
                row = Coming(slot.at, debt.deadline, slot.offset, [], [], said)
                row = rows.setdefault(key, row)
                if told := ladder(unit, slot.offset, schedule.deputy_from):
                    row.told.append((debt.unit, told))
                else:
                    row.without_anybody.append(debt.unit)
    return [rows[key] for key in sorted(rows)]


def paper_is_in(paper: Paper) -> None:
    """Called in the transaction that sends a paper: what is not sent yet is cancelled."""
    for deadline in Deadline.objects.filter(campaign=paper.campaign, purpose=paper.purpose):
        settle(subject_of(deadline), paper.organization_id)
