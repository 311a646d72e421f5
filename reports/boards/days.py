"""A calendar of what units do: what was logged, what can be signed up for, days that are the same for
all. Days stand in their order, and units in no order of theirs.

Of each day the first few are named and the rest counted: from an index of the log that each level
has in this order, and from the counts of each day; never by reading a day's whole log.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, OuterRef, Subquery, Sum, Window
from django.db.models.functions import Left, RowNumber, TruncDate
from django.utils.timezone import localtime, make_aware

from campaigns.days_off import in_force_for
from campaigns.models import Activity, Campaign, DayTally, Undertaking
from qingchun.ground.links import address_of
from qingchun.ground.standby import reading
from qingchun.organizations.codes import (
    CITY,
    county_of,
    is_below_county,
    is_county,
    is_near,
    is_province,
)
from qingchun.organizations.models import Organization
from services.events.choices import EventState
from services.events.models import Event

# Of the log of one day, the newest: by the index that the lists of this level are read by.
NAMED = """
SELECT d.day::date, a.id, a.title, o.short_name
FROM generate_series(%(first)s::date, %(last)s::date, '1 day') d (day)
CROSS JOIN LATERAL (
    SELECT id, title, organization_id FROM campaigns_activity
    WHERE deleted_at IS NULL AND campaign_id = %(campaign)s{of_unit} AND held_on = d.day::date
    ORDER BY held_on DESC, logged_at DESC, id DESC LIMIT %(few)s
) a JOIN organizations_organization o ON o.code = a.organization_id
"""


@dataclass(frozen=True)
class Item:
    """Something of a day. ``kind``: mark, event or logged; ``when``: at what hour, where it has one."""

    kind: str
    title: str
    unit: str = ""
    when: str = ""
    url: str = ""


@dataclass
class Day:
    """``events`` and ``logged``: how many there are, named or not."""

    date: dt.date
    items: list[Item] = field(default_factory=list)
    events: int = 0
    logged: int = 0
    is_today: bool = False
    is_outside: bool = False  # of another month than the one that is looked at
    is_off: bool = False

    @property
    def look(self) -> str:
        """Its classes."""
        said = {"out": self.is_outside, "now": self.is_today, "none": not self.items}
        return " ".join(name for name, is_so in said.items() if is_so)

    @property
    def more(self) -> int:
        """How many are not named."""
        named = sum(item.kind != "mark" for item in self.items)
        return max(0, self.events + self.logged - named)


def days_between(
    first: dt.date, last: dt.date, *, campaign: Campaign, unit: Organization, user: Any,
    today: dt.date, few: int,
) -> list[Day]:  # fmt: skip
    """Every day from one to the other. Needs: the edition with its stages and deadlines, a unit in
    scope. ``few``: how many events, and how many entries, are named. Four queries."""
    is_off = in_force_for(user).holiday
    found = {
        day: Day(day, is_today=day == today, is_off=bool(is_off(day)))
        for day in _every(first, last)
    }
    for day, item in _marks(campaign, unit):
        if day in found:
            found[day].items.append(item)
    for event in _events(first, last, campaign, unit.code, few):
        found[event.day].items.append(_of_event(event, user))
        found[event.day].events = event.of_day
    for day, pk, title, name in _named(first, last, campaign, unit.code, few):
        found[day].items.append(
            Item("logged", title, name, url=address_of("campaigns:activity", pk))
        )
    for day, number in _logged(first, last, campaign, unit.code):
        found[day].logged = number
    return list(found.values())


def _every(first: dt.date, last: dt.date) -> Iterable[dt.date]:
    return (first + dt.timedelta(n) for n in range((last - first).days + 1))


def _marks(campaign: Campaign, unit: Organization) -> Iterable[tuple[dt.date, Item]]:
    """Days that are the same for all, and those on which whole cities act."""
    for stage in campaign.stages.all():
        yield stage.starts_on, Item("mark", f"{stage.name}开始")
    for deadline in campaign.deadlines.all():
        yield deadline.enforced_on, Item("mark", f"{deadline.get_purpose_display()}截止")
    if campaign.spring_festival_on:
        yield campaign.spring_festival_on, Item("mark", "春节")
    undertaken = Undertaking.objects.filter(campaign=campaign, action_day__isnull=False)
    name = Organization.objects.filter(code=Left(OuterRef("organization_id"), CITY)).values("name")
    found = undertaken.within(county_of(unit.code))
    found = found.annotate(code=Left("organization_id", CITY), city=Subquery(name)).order_by("code")
    cities: dict[dt.date, list[str]] = defaultdict(list)
    for day, _, city in found.values_list("action_day", "code", "city").distinct():
        cities[day].append(city)
    for day, names in cities.items():
        yield day, Item("mark", "统一行动日", "" if is_near(unit.code) else "、".join(names))


def _events(
    first: dt.date, last: dt.date, campaign: Campaign, code: str, few: int
) -> Iterable[Any]:
    """The first few of each day, with how many that day has (``of_day``); what became an entry of the
    log stands there."""
    shown = Event.objects.within(code).published().exclude(state=EventState.CANCELLED)
    shown = shown.filter(activity=None)
    begins, ends = (
        make_aware(dt.datetime.combine(day, dt.time())) for day in (first, last + dt.timedelta(1))
    )
    shown = shown.filter(campaign=campaign, starts_at__gte=begins, starts_at__lt=ends)
    shown = shown.select_related("organization")
    by_day = {"partition_by": [F("day")]}
    found = shown.annotate(day=TruncDate("starts_at")).annotate(
        turn_of_day=Window(RowNumber(), order_by=["starts_at", "pk"], **by_day),
        of_day=Window(Count("pk"), **by_day),
    )
    return found.filter(turn_of_day__lte=few).order_by("starts_at", "pk")


def _of_event(event: Any, user: Any) -> Item:
    begins, is_own = localtime(event.starts_at), event.organization_id == user.scope
    return Item(
        "event", event.title, event.organization.short_name, f"{begins:%-H:%M}",
        address_of(f"events:{'desk_event' if is_own else 'event'}", event.pk),
    )  # fmt: skip


def _named(first: dt.date, last: dt.date, campaign: Campaign, code: str, few: int) -> list[tuple]:
    column = "organization_id" if is_below_county(code) else "county" if is_county(code) else "city"
    of_unit = "" if is_province(code) else f" AND {column} = %(code)s"
    given = {"first": first, "last": last, "campaign": campaign.pk, "code": code, "few": few}
    with reading().cursor() as cursor:
        cursor.execute(NAMED.format(of_unit=of_unit), given)
        return cursor.fetchall()


def _logged(first: dt.date, last: dt.date, campaign: Campaign, code: str) -> Iterable[tuple]:
    """(day, how many): a township, which is not counted by itself, has few enough to be."""
    span = {"campaign": campaign, "held_on__range": (first, last)}
    if is_below_county(code):
        found = Activity.objects.filter(organization=code, **span).live()
        return found.order_by().values_list("held_on").annotate(n=Count("pk"))
    found = DayTally.objects.within(code).filter(**span).order_by()
    return found.values_list("held_on").annotate(n=Sum("activities"))
