"""Whom somebody promised to speak with today."""

from collections import defaultdict

from django.db.models import Count, Q
from django.utils.timezone import localdate

from qingchun.accounts.choices import MembershipState
from qingchun.notifications.deciding import morning_of
from qingchun.notifications.recipients import people_of, persons_of
from qingchun.notifications.writing import drafts_of, words_of
from qingchun.organizations.codes import county_of
from qingchun.organizations.walls import acting
from talent.pool.models import TalentRecord
from talent.pool.notices import FOLLOW_UP


def talks_that_are_due(now):
    """In the morning of a day on which talks fall due, whoever is to have them hears how many."""
    if not (due_at := morning_of(now)):
        return
    today = localdate(now)
    talks = _talks(today)
    words = words_of(FOLLOW_UP) if talks else None
    for (unit, person), (people, late) in talks.items():
        if not people:
            continue  # told on their own day
        values = {"people": people, "late": f"，另有 {late} 位已过约定的日子" if late else ""}
        yield from drafts_of(
            FOLLOW_UP, [person], thing=unit, unit=unit, values=values, due_at=due_at,
            offset=today, link="/pool/today/", words=words,
        )  # fmt: skip


def _talks(today):
    """(unit, person) → (due today, overdue). Nobody named: whoever is responsible in the unit,
    or in its county."""
    with acting("what is due"):
        rows = list(
            TalentRecord.objects.due(today)
            .order_by()
            .values_list("organization_id", "follower__user", "follower__state")
            .annotate(
                people=Count("pk", filter=Q(next_on=today)),
                late=Count("pk", filter=Q(next_on__lt=today)),
            )
        )
    if not any(people for *_, people, _ in rows):
        return {}
    codes = {code for code, *_ in rows} | {county_of(code) for code, *_ in rows}
    leads = people_of(codes)
    named = {p.pk: p for p in persons_of(*{user for _, user, *_ in rows if user})}
    found = defaultdict(lambda: (0, 0))
    for code, user, state, people, late in rows:
        own = named.get(user) if state == MembershipState.ACTIVE else None
        for person in [own] if own else leads[code].lead or leads[county_of(code)].lead:
            before = found[county_of(code), person]
            found[county_of(code), person] = (before[0] + people, before[1] + late)
    return found
