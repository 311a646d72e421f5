"""What the portal owes when somebody is asked for what is due: cases that fall due, cases that are
overdue, items that an office has to look at again."""

import datetime as dt
from collections import Counter, defaultdict

from django.db.models import Count, Q
from django.utils.timezone import localdate

from campaigns.days_off import in_force
from qingchun.accounts.audit import subject_of
from qingchun.accounts.choices import MembershipState
from qingchun.accounts.duties import PendingItem
from qingchun.notifications.deciding import morning_of
from qingchun.notifications.recipients import people_of, persons_of
from qingchun.notifications.writing import drafts_of
from qingchun.organizations.codes import city_of, county_of, is_near
from qingchun.organizations.walls import acting
from services.proxy.choices import STALE_BEFORE, WORD_HOLDS, CaseState
from services.proxy.models import ServiceItem, ServiceRequest
from services.proxy.notices import DUE, LATE, STALE, UNHELD

# Working days after which the city hears of a case that is still overdue.
CITY_AFTER = 3


def _drafts(purpose, people, unit, about, values, due_at, link):
    return drafts_of(
        purpose, people, thing=about, unit=unit, values=values, due_at=due_at,
        offset=due_at.date(), link=link,
    )  # fmt: skip


def cases_that_are_due(now):
    """In the morning: each agent of what falls due or is overdue, the county of what is overdue,
    the city of what has been so for three working days."""
    if not (due_at := morning_of(now)):
        return
    today = localdate(now)
    with acting("what is due"):
        days = in_force()
        soon = days.forward(today, 1)
        running = ServiceRequest.objects.open().exclude(state=CaseState.WAITING)
        rows = list(
            running.filter(planned_on__lte=soon)
            .order_by()
            .values_list("county", "organization", "agent__user", "agent__state")
            .annotate(
                soon=Count("pk", filter=Q(planned_on__gte=today)),
                late=Count("pk", filter=Q(planned_on__lt=today)),
                long=Count("pk", filter=Q(planned_on__lt=days.back(today, CITY_AFTER))),
            )
        )
    if not rows:
        return
    yield from _to_agents(rows, due_at)
    yield from _to_units(rows, due_at)


def _to_agents(rows, due_at):
    people = {p.pk: p for p in persons_of(*{user for *_, user, _, _, _, _ in rows if user})}
    held, nobodys = defaultdict(Counter), defaultdict(Counter)
    for county, unit, user, state, soon, late, _ in rows:
        is_held = state == MembershipState.ACTIVE and user in people
        counted = held[county, user] if is_held else nobodys[unit]
        counted.update(soon=soon, late=late)
    for (county, user), counts in held.items():
        values = {"due": _due(counts), **counts}
        yield from _drafts(
            DUE, [people[user]], county, f"proxy {county}", values, due_at, "/proxy/?mine=1"
        )
    yield from _of_nobody(nobodys, due_at)


def _due(counts):
    """What there is of both, and no word of what there is none of."""
    parts = (("soon", "今明两天到期"), ("late", "已经超期"))
    return "、".join(f"{counts[name]} 件{words}" for name, words in parts if counts[name])


def _of_nobody(nobodys, due_at):
    """Whoever answers for the unit hears of what nobody at work has, or for its county."""
    leads = people_of({*nobodys, *(county_of(unit) for unit in nobodys)}) if nobodys else {}
    names = _names_of(nobodys)
    for unit, counts in nobodys.items():
        values = {"unit": names[unit], "due": _due(counts), **counts}
        found = leads[unit].lead or leads[county_of(unit)].lead
        yield from _drafts(
            UNHELD, found, unit, f"unheld {unit}", values, due_at, "/proxy/cases/?mine=none"
        )


def _names_of(codes):
    units = ServiceRequest._meta.get_field("organization").related_model.objects
    return dict(units.filter(pk__in=codes).values_list("pk", "short_name")) if codes else {}


def _to_units(rows, due_at):
    late, long = Counter(), Counter()
    for county, *_, is_late, is_long in rows:
        late[county] += is_late
        long[county] += is_long
    counties = [county for county, count in late.items() if count]
    slow = [county for county, count in long.items() if count]
    leads = people_of({*counties, *(city_of(county) for county in slow)})
    names = _names_of(counties)
    for county in counties:
        values = {"unit": names[county], "late": late[county]}
        found = leads[county].lead
        yield from _drafts(LATE, found, county, f"late {county}", values, due_at, "/proxy/")
    for county in slow:
        values = {"unit": names[county], "late": long[county]}
        found = leads[city_of(county)].lead
        yield from _drafts(
            LATE, found, city_of(county), f"late {county}", values, due_at, "/proxy/figures/"
        )


def items_to_look_at_again(now):
    """Two weeks before an office's word is a year old, and on the day, its county hears of it."""
    if not (due_at := morning_of(now)):
        return
    today = localdate(now)
    days = [today + dt.timedelta(n) - WORD_HOLDS for n in (STALE_BEFORE, 0)]
    items = ServiceItem.objects.filter(published__isnull=False, confirmed_on__in=days)
    if not (items := list(items.select_related("published"))):
        return
    leads = people_of({item.organization_id for item in items})
    for item in items:
        day = item.good_until
        values = {"item": item.published.title, "day": f"{day:%-m月%-d日}"}
        found, link = leads[item.organization_id].lead, f"/proxy/items/{item.pk}/"
        yield from _drafts(
            STALE, found, item.organization_id, subject_of(item), values, due_at, link
        )


def open_cases(code):
    """For a hand-over: what a unit has in hand."""
    with acting("count"):
        count = ServiceRequest.objects.within(code).open().count()
    if is_near(code):
        yield PendingItem("在办的代办件", count, "/proxy/")
