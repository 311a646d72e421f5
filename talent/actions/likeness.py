"""Two records that may be one person: put together by hand, taken apart again, or told apart."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from campaigns.counting import count
from qingchun.accounts.audit import write_down
from qingchun.organizations.refusals import Refused
from qingchun.organizations.walls import as_clerk
from talent.actions.pool import write_words
from talent.choices import Agreed, Verdict
from talent.counts import ADDED
from talent.models import FollowUp, Likeness, StageChange, TalentRecord
from talent.permissions import can_tend_record

# What the kept record takes from the other: facts it lacks, and the numbers with their seals.
NUMBERS = ("phone_sealed", "phone_mark", "phone_shown", "identity_sealed", "identity_mark")
AGREEMENT = ("agreed", "agreed_on", "agreed_version", "answer_by", "paper", "stage")


def pairs_in(user, most=50):
    """(one, other) records of one's people that look alike and were not told apart."""
    found = TalentRecord.objects.visible_to(user).namesakes()
    records = list(found.select_related("organization").order_by("name", "pk")[: most * 2])
    apart = set(
        Likeness.objects.visible_to(user)
        .filter(verdict=Verdict.DIFFERENT)
        .values_list("kept", "double")
    )
    pairs = []
    for number, one in enumerate(records):
        for other in records[number + 1 :]:
            same = ("county", "name", "birth_year", "village")
            if any(getattr(one, name) != getattr(other, name) for name in same):
                break
            if (one.pk, other.pk) not in apart:
                pairs.append((one, other))
    return pairs[:most]


def _check(kept, double, actor):
    if not (can_tend_record(actor, kept) and can_tend_record(actor, double)):
        raise PermissionDenied
    if kept.pk == double.pk or kept.merged_into_id or double.merged_into_id:
        raise Refused("请选两条不同的、没有合并过的记录。")


@transaction.atomic
def merge(kept, double, *, actor, take=()):
    """Two records are one person. ``take`` names the facts on which the double's word counts.

    The double stays, out of sight, so that it can be taken apart again: see ``part``.
    Raises: PermissionDenied; Refused.
    """
    _check(kept, double, actor)
    with as_clerk():
        changed = {
            name: getattr(double, name)
            for name in TalentRecord.FACTS
            if getattr(double, name) and (name in take or not getattr(kept, name))
        }
        if kept.agreed == Agreed.NONE and double.agreed != Agreed.NONE:
            changed |= {name: getattr(double, name) for name in AGREEMENT}
        if kept.agreed == Agreed.NONE and double.agreed == Agreed.NONE:
            changed = {k: v for k, v in changed.items() if k not in TalentRecord.AFTER_CONSENT}
        if kept.phone_mark is None:
            changed |= {name: getattr(double, name) for name in NUMBERS[:3]}
        if kept.identity_mark is None:
            changed |= {name: getattr(double, name) for name in NUMBERS[3:]}
        before = {
            name: _plain(getattr(kept, name)) for name in (*changed, "last_talked_on", "next_on")
        }
        talks = list(FollowUp.objects.filter(record=double).values_list("pk", flat=True))
        # Out of the way first: two standing records of a county never share a number.
        TalentRecord.objects.filter(pk=double.pk).update(merged_into=kept)
        for name, value in changed.items():
            setattr(kept, name, value)
        days = [day for day in (kept.last_talked_on, double.last_talked_on) if day]
        kept.last_talked_on = max(days, default=None)
        kept.version += 1
        kept.save()
        write_words(kept)
        FollowUp.objects.filter(pk__in=talks).update(record=kept)
        _count_once(kept, double, -1)
        Likeness.objects.filter(Q(kept=kept, double=double) | Q(kept=double, double=kept)).delete()
        Likeness.objects.create(
            organization_id=kept.organization_id,
            kept=kept,
            double=double,
            verdict=Verdict.SAME,
            before=before | {"version": kept.version},
            talks=talks,
            by_name=actor.name,
        )
    write_down(actor, "合并人才记录", kept, merged=double.pk)
    return kept


def _plain(value):
    if isinstance(value, memoryview | bytes):
        return {"hex": bytes(value).hex()}
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value.name if hasattr(value, "storage") else value


def _count_once(kept, double, by):
    """One person came into the pool once, whatever two records said."""
    with as_clerk():
        ours = StageChange.objects.filter(record=kept, is_new=True)
        theirs = StageChange.objects.filter(record=double)
        if by < 0 and ours.exists():
            for step in theirs.filter(is_new=True):
                StageChange.objects.filter(pk=step.pk).update(is_new=False, people=0)
                if step.campaign_id:
                    count(ADDED, step.campaign_id, step.organization_id, -1)
        if by > 0:
            for step in theirs.filter(people=0):
                StageChange.objects.filter(pk=step.pk).update(is_new=True, people=1)
                if step.campaign_id:
                    count(ADDED, step.campaign_id, step.organization_id)


@transaction.atomic
def part(likeness, *, actor):
    """Take a merger back: both are as they were, and each has its own talks.

    Raises: PermissionDenied; Refused when the kept record was changed since.
    """
    kept, double = likeness.kept, likeness.double
    if not can_tend_record(actor, kept):
        raise PermissionDenied
    if likeness.verdict != Verdict.SAME or double.merged_into_id != kept.pk:
        raise Refused("这两条没有合并，不用分开。")
    before = dict(likeness.before)
    if before.pop("version") != kept.version:
        raise Refused("合并以后这条记录又改过，不能自动分开。请新登记另一位。")
    with as_clerk():
        for name, value in before.items():
            value = bytes.fromhex(value["hex"]) if isinstance(value, dict) else value
            setattr(kept, name, value)
        kept.version += 1
        kept.save()
        kept.refresh_from_db()
        write_words(kept)
        TalentRecord.objects.filter(pk=double.pk).update(merged_into=None)
        FollowUp.objects.filter(pk__in=likeness.talks).update(record=double)
        _count_once(kept, double, 1)
        likeness.delete()
    write_down(actor, "分开人才记录", kept, parted=double.pk)


@transaction.atomic
def tell_apart(one, other, *, actor):
    """Not the same person: they are not suggested again."""
    _check(one, other, actor)
    first, second = sorted((one.pk, other.pk))
    Likeness.objects.get_or_create(
        kept_id=first,
        double_id=second,
        defaults={
            "organization_id": one.organization_id,
            "verdict": Verdict.DIFFERENT,
            "by_name": actor.name,
        },
    )
    write_down(actor, "确认不是同一人", one, other=other.pk)
