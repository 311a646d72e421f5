"""A record of the pool goes along with its person, or with its unit."""

from typing import Any

from django.db.models import Q, QuerySet

from campaigns.counting import count
from qingchun.accounts.claims import same_name
from qingchun.organizations.changes import MOVED as CHANGE
from qingchun.organizations.codes import county_of
from qingchun.organizations.happening import follow, happen, pointing
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import acting
from talent.pool.actions.deduplication import are_of_two, put_together
from talent.pool.actions.records import write_words
from talent.pool.counts import TALKED
from talent.pool.models import DoNotContact, FollowUp, TalentRecord

MOVED = "随本人转来"


def records(rows: QuerySet, *, after: Organization, **_: Any) -> int:
    found = TalentRecord.objects.theirs(Q(pk__in=rows.values("pk")))
    for record in found:
        move_record(record, after)
    return len(found)


def move_record(record: TalentRecord, home: Organization) -> None:
    """The pool's part of it, with what was merged into it. Where the new county knows the number
    already, both become its record."""
    with acting("hand over"):
        known = _known_there(record, home)
        is_one = known and same_name(known.name, record.name) and not are_of_two(known, record)
        if known and not is_one:
            # Another of the family: a county keeps a number once, and both of them.
            record.phone_sealed, record.phone_mark, record.phone_shown = None, None, ""
            record.save(update_fields=["phone_sealed", "phone_mark", "phone_shown"])
        if known and is_one:
            TalentRecord.objects.filter(pk=record.pk).update(follower=None)
            put_together(known, record, by_name=MOVED)
            said = FollowUp.objects.filter(record=known, organization=record.organization_id)
            talks(said, after=known.organization)
        _take_along(record, home)


def answers(rows: QuerySet, *, after: Organization, **_: Any) -> int:
    """What a county said of a number ends when its person goes; of a county that was merged it went
    along, and stands with the record."""
    return rows.exclude(organization=county_of(after.code)).delete()[0]


def _known_there(record: TalentRecord, home: Organization) -> TalentRecord | None:
    if not record.phone_mark:
        return None
    standing = TalentRecord.objects.standing().filter(county=county_of(home.code))
    return standing.filter(phone_mark=record.phone_mark).exclude(pk=record.pk).first()


def _take_along(record: TalentRecord, home: Organization) -> None:
    """The record and its doubles: none of them stays behind where somebody no longer is."""
    TalentRecord.objects.filter(pk=record.pk).update(organization=home, follower=None)
    happen(CHANGE, pointing(TalentRecord=[record]), after=home)
    record.refresh_from_db()
    write_words(record)
    for double in record.doubles.all():
        _take_along(double, home)


def talks(rows: QuerySet, *, after: Organization, **_: Any) -> int:
    for talk in rows.filter(campaign__isnull=False, reached=True):
        count(TALKED[talk.means], talk.campaign_id, talk.organization_id, -1)
        count(TALKED[talk.means], talk.campaign_id, after.code)
    return rows.update(organization=after)


def follow_unit(records: QuerySet, *, after: Organization, **_: Any) -> int:
    """The pool of a unit that was merged; whom both counties know is one record."""
    found = list(records.standing())
    for record in found:
        move_record(record, after)
    # A double whose record went elsewhere before.
    left = list(records.exclude(pk__in=[record.pk for record in found]))
    for record in left:
        _take_along(record, after)
    return len(found) + len(left)


def keep_refusals(rows: QuerySet, *, after: Organization, **_: Any) -> int:
    """Who refused in one of two counties has refused in both."""
    refused = rows.filter(refused=True).values("mark")
    known = DoNotContact.objects.filter(organization=after, refused=False, mark__in=refused)
    return known.update(refused=True) + follow(rows, after=after)
