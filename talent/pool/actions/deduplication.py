"""Two records that may be one person: put together by hand, taken apart again, or told apart."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from campaigns.counting import count
from qingchun.accounts.audit import record_event
from qingchun.accounts.models import User
from qingchun.ground.refusals import Refused, only_if
from qingchun.organizations.changes import MERGED
from qingchun.organizations.happening import happen, pointing
from qingchun.organizations.walls import acting
from talent.pool.actions.records import write_words
from talent.pool.choices import Verdict
from talent.pool.counts import ADDED
from talent.pool.models import FollowUp, Likeness, StageChange, TalentRecord
from talent.pool.permissions import can_tend_record
from talent.youth.models import Youth

# What the kept record takes from the other: facts it lacks, and the numbers with their seals.
PHONE = ("phone_sealed", "phone_mark", "phone_shown")
IDENTITY = ("identity_sealed", "identity_mark")
AGREEMENT = ("agreed", "agreed_on", "agreed_version", "answer_by", "paper", "stage")
ASKED = ("asked_at", "answer_by")
WHOSE = ("youth_id", "user_id")
# What others go on changing after a merger without a new version of the facts.
AFTERWARDS = ("follower_id", "last_talked_on", "next_on")


def pairs_in(user: User, most: int = 50) -> list[tuple[TalentRecord, TalentRecord]]:
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


def _check(kept: TalentRecord, double: TalentRecord, actor: User) -> None:
    only_if(can_tend_record(actor, kept) and can_tend_record(actor, double))
    if kept.pk == double.pk or kept.merged_into_id or double.merged_into_id:
        raise Refused("请选两条不同的、没有合并过的记录。")


def are_of_two(one: TalentRecord, other: TalentRecord) -> bool:
    """Whether each has an account of its own, or a check-in: those are put together first."""
    return any(
        getattr(one, name) and getattr(other, name) and getattr(one, name) != getattr(other, name)
        for name in WHOSE
    )


@transaction.atomic
def merge(
    kept: TalentRecord, double: TalentRecord, *, actor: User, take: Collection[str] = ()
) -> TalentRecord:
    """Two records are one person. ``take`` names the facts on which the double's word counts.

    The double stays, out of sight, so that it can be taken apart again: see ``part``.
    Raises: PermissionDenied; Refused.
    """
    _check(kept, double, actor)
    if are_of_two(kept, double):
        raise Refused(
            "两条记录各有本人的报到或账号。请先在“返乡青年”里合并报到，这里会一并合成一条。"
        )
    put_together(kept, double, by_name=actor.name, take=take)
    record_event(actor, "合并人才记录", kept, merged=double.pk)
    return kept


def put_together(
    kept: TalentRecord, double: TalentRecord, *, by_name: str, take: Collection[str] = ()
) -> None:
    """The merger itself, for whoever may: facts, numbers, consent, person, dates and talks.

    Needs: two standing records of one county, not ``are_of_two``; a transaction.
    """
    with acting("merge"):
        _lock(kept, double)
        after = _taken(kept, double, take) | _dates(kept, double)
        after |= {name: getattr(kept, name) or getattr(double, name) for name in WHOSE}
        before = {name: _plain(getattr(kept, name)) for name in after}
        whose = {name: getattr(double, name) for name in WHOSE}
        talks = list(FollowUp.objects.filter(record=double).values_list("pk", flat=True))
        # Out of the way first: two standing records of a county never share a number, nor two
        # records a check-in.
        nobody = dict.fromkeys(WHOSE)
        TalentRecord.objects.filter(pk=double.pk).update(merged_into=kept, **nobody)
        _set(kept, after)
        happen(MERGED, pointing(TalentRecord=[double]), after=kept)
        Likeness.objects.filter(Q(kept=kept, double=double) | Q(kept=double, double=kept)).delete()
        left = {name: _plain(after[name]) for name in (*AFTERWARDS, *WHOSE)}
        Likeness.objects.create(
            organization_id=kept.organization_id,
            kept=kept,
            double=double,
            verdict=Verdict.SAME,
            before=before | {"version": kept.version, "left": left, "whose": whose},
            talks=talks,
            by_name=by_name,
        )


def _lock(*records: TalentRecord) -> None:
    """Nobody changes either meanwhile; what others have changed counts."""
    pks = [record.pk for record in records]
    list(TalentRecord.objects.filter(pk__in=pks).order_by("pk").select_for_update())
    for record in records:
        record.refresh_from_db()
        if record.merged_into_id:
            raise Refused("这两条刚被别人合并过，请刷新页面再看。")


def _taken(kept: TalentRecord, double: TalentRecord, take: Collection[str]) -> dict[str, Any]:
    """What the kept record says from now on, where it differs from what it said."""

    def of_double(*names: str) -> dict[str, Any]:
        return {name: getattr(double, name) for name in names}

    lacking = [name for name in TalentRecord.FACTS if name in take or not getattr(kept, name)]
    taken = {name: value for name, value in of_double(*lacking).items() if value}
    if not kept.is_agreed and double.is_agreed:
        taken |= of_double(*AGREEMENT)
    if not (kept.is_agreed or double.is_agreed):
        taken = {k: v for k, v in taken.items() if k not in TalentRecord.AFTER_CONSENT}
        if kept.asked_at is None and double.asked_at:
            taken |= of_double(*ASKED)
    for mark, names in (("phone_mark", PHONE), ("identity_mark", IDENTITY)):
        if getattr(kept, mark) is None:
            taken |= of_double(*names)
    return taken


def _dates(kept: TalentRecord, double: TalentRecord) -> dict[str, Any]:
    """Whoever promised to speak with somebody does so on the earlier of the two days."""
    talked = filter(None, (kept.last_talked_on, double.last_talked_on))
    promised = filter(None, (kept.next_on, double.next_on))
    return {
        "follower_id": kept.follower_id or double.follower_id,
        "last_talked_on": max(talked, default=None),
        "next_on": min(promised, default=None),
    }


def _set(record: TalentRecord, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(record, name, value)
    record.version += 1
    record.save(update_fields=[*values, "version"])
    record.refresh_from_db()
    write_words(record)


def _plain(value: Any) -> Any:
    if isinstance(value, memoryview | bytes):
        return {"hex": bytes(value).hex()}
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value.name if hasattr(value, "storage") else value


def count_once(steps: QuerySet, *, after: TalentRecord, **_: Any) -> int:
    """One person came into the pool once, whatever two records said."""
    if not StageChange.objects.filter(record=after, is_new=True).exists():
        return 0
    found = list(steps.filter(is_new=True))
    for step in found:
        StageChange.objects.filter(pk=step.pk).update(is_new=False, people=0)
        if step.campaign_id:
            count(ADDED, step.campaign_id, step.organization_id, -1)
    return len(found)


def _count_twice(double: TalentRecord) -> None:
    for step in StageChange.objects.filter(record=double, people=0):
        StageChange.objects.filter(pk=step.pk).update(is_new=True, people=1)
        if step.campaign_id:
            count(ADDED, step.campaign_id, step.organization_id)


@transaction.atomic
def part(likeness: Likeness, *, actor: User) -> None:
    """Take a merger back: both are as they were, and each has its own talks and person.

    What was agreed with the person since stays with the kept record.
    Raises: PermissionDenied; Refused when the kept record was changed since, or the county has
    another record of the double's number.
    """
    kept, double = likeness.kept, likeness.double
    only_if(can_tend_record(actor, kept))
    if likeness.verdict != Verdict.SAME or double.merged_into_id != kept.pk:
        raise Refused("这两条没有合并，不用分开。")
    if kept.merged_into_id:
        raise Refused("合成的这条后来又并进了别的记录，请先把那一次分开。")
    before = dict(likeness.before)
    left, own = before.pop("left", {}), before.pop("whose", None)
    if before.pop("version") != kept.version:
        raise Refused("合并以后这条记录又改过，不能自动分开。请新登记另一位。")
    _refuse_shared_numbers(kept, double, before)
    with acting("merge"):
        since = {name for name, was in left.items() if _plain(getattr(kept, name)) != was}
        back = {name: value for name, value in before.items() if name not in since}
        if own is None:  # merged before it was kept what the double had
            own = {name: left[name] for name in WHOSE if back.get(name, 0) is None}
        whose = {name: value for name, value in own.items() if name not in since}
        _set(kept, {name: _given_back(value) for name, value in back.items()})
        TalentRecord.objects.filter(pk=double.pk).update(merged_into=None, **whose)
        FollowUp.objects.filter(pk__in=likeness.talks).update(record=double)
        _count_twice(double)
        likeness.delete()
    record_event(actor, "分开人才记录", kept, parted=double.pk)


def _given_back(value: Any) -> Any:
    return bytes.fromhex(value["hex"]) if isinstance(value, dict) else value


def _refuse_shared_numbers(
    kept: TalentRecord, double: TalentRecord, before: Mapping[str, Any]
) -> None:
    """A county keeps a number once: what took the double's meanwhile is named."""
    others = TalentRecord.objects.standing().filter(county=double.county).exclude(pk=kept.pk)
    for name in ("phone_mark", "identity_mark"):
        mark = getattr(double, name)
        if mark is None:
            continue
        if before.get(name, getattr(kept, name)) == mark:
            raise Refused("两条是同一个号码，本县只能留一条，不能分开。")
        if others.filter(**{name: mark}).exists():
            raise Refused("这个号码在本县已经另有一条记录，不能分开。请先核对那一条。")


@transaction.atomic
def tell_apart(one: TalentRecord, other: TalentRecord, *, actor: User) -> None:
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
    record_event(actor, "确认不是同一人", one, other=other.pk)


def bring_records(rows: QuerySet, *, after: Youth, by_name: str, **_: Any) -> int:
    """One record in the pool: the double's becomes the kept one's, or part of it."""
    ours, theirs = (
        TalentRecord.objects.theirs(Q(youth=after)),
        TalentRecord.objects.theirs(Q(pk__in=rows.values("pk"))),
    )
    for record in theirs:
        if ours and ours[0] != record:
            TalentRecord.objects.filter(pk=record.pk).update(youth=None)
            put_together(ours[0], record, by_name=by_name)
        else:
            TalentRecord.objects.filter(pk=record.pk).update(youth=after, user=after.user_id)
    return len(theirs)
