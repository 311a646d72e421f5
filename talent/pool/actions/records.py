"""The talent pool's own verbs: enter, put right, move on, follow up, take out."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate

from campaigns.counting import count
from campaigns.models import Campaign
from qingchun.accounts.audit import record_event
from qingchun.accounts.models import Membership, User
from qingchun.accounts.steps import Road, gone, stays, step, walking
from qingchun.ground.refusals import Refused, only_if
from qingchun.notifications.actions import no_longer
from qingchun.organizations.changes import LEFT
from qingchun.organizations.codes import county_of
from qingchun.organizations.happening import happen, pointing
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import acting
from talent.pool import numbers
from talent.pool.choices import Stage
from talent.pool.counts import ADDED, TALKED
from talent.pool.models import (
    DoNotContact,
    FollowUp,
    PoolWords,
    SkillTerm,
    Source,
    StageChange,
    TalentRecord,
)
from talent.pool.notices import POOL_ASK
from talent.pool.permissions import can_tend_record
from talent.pool.regions import province_of
from talent.pool.words import pairs_of
from talent.youth.permissions import can_register

SILENCE = dt.timedelta(days=60)
KNOWN = "这个手机号或身份证号在本县人才库里已经有了，请在名单里查找；本乡镇找不到的，请联系团县委。"
REFUSED = "本人已经表示不愿再联系，不能再登记。"
CHANGED = "这条记录刚被别人改过，请打开最新的内容再改。"


def terms() -> dict[str, str]:
    """Every word for a skill → the name that is kept."""
    found: dict[str, str] = {}
    for term in SkillTerm.objects.all():
        found |= dict.fromkeys([term.name, *term.others], term.name)
    return found


def kept_skills(words: Iterable[str]) -> list[str]:
    """Skills as the province calls them; what it has no word for stays as it was said."""
    known, found = terms(), []
    for word in words:
        word = known.get(word, word)[:20]
        if word and word not in found:
            found.append(word)
    return found[:12]


@transaction.atomic
def enter(
    *,
    actor: User,
    home: Organization,
    heard: str,
    phone: str = "",
    identity: str = "",
    follower: Membership | None = None,
    **facts: Any,
) -> TalentRecord:
    """Write down somebody of home who may be for the pool. It asks for nothing they must agree to.

    Needs: a cadre of the county or township, ``home`` at or below it; ``heard``, by what means
    the facts were learned. Changes: the record, its search words, its first step.
    Raises: PermissionDenied; Refused for a number that is known or must not be used.
    """
    only_if(can_register(actor) and home.code.startswith(actor.scope))
    kept, known_by = numbers.keep_phone(phone), numbers.keep_identity(identity, is_agreed=False)
    check_new(county_of(home.code), kept.mark, known_by.mark)
    today = localdate()
    record = TalentRecord(
        organization=home,
        phone_sealed=kept.sealed,
        phone_mark=kept.mark,
        phone_shown=kept.shown,
        identity_mark=known_by.mark,
        follower=follower,
        answer_by=today + SILENCE,
        next_on=today,
        sources={"*": source(heard, actor.name)},
    )
    _put(record, {k: v for k, v in facts.items() if k not in TalentRecord.AFTER_CONSENT})
    record.save(force_insert=True)
    write_words(record)
    keep_stage(record, Stage.FOUND, by_name=actor.name)
    record_event(actor, "登记人才", record)
    return record


def check_new(
    county: str, phone_mark: int | None, identity_mark: int | None, besides: int | None = None
) -> None:
    """Refuse a number that the county's pool knows already, or whose owner said no."""
    with acting("pool consent"):
        known = TalentRecord.objects.standing().filter(county=county).exclude(pk=besides)
        if (phone_mark and known.filter(phone_mark=phone_mark).exists()) or (
            identity_mark and known.filter(identity_mark=identity_mark).exists()
        ):
            raise Refused(KNOWN)
        barred = DoNotContact.objects.filter(organization_id=county, mark=phone_mark)
        if phone_mark and barred.exists():
            raise Refused(REFUSED)


def source(heard: str, who: str) -> Source:
    return {"by": str(heard), "who": who, "on": localdate().isoformat()}


def _put(record: TalentRecord, facts: Mapping[str, Any]) -> None:
    for name, value in facts.items():
        setattr(record, name, kept_skills(value) if name == "skills" else value)
    record.lives_in = province_of(record.lives_at)


def write_words(record: TalentRecord) -> None:
    pairs = pairs_of(record)
    PoolWords.objects.update_or_create(
        record_id=record.pk, defaults={"pairs": pairs, "is_said": True}
    )


def keep_stage(record: TalentRecord, stage: Stage, *, by_name: str) -> StageChange:
    """Keep one step; the first into the pool is what the edition at work counts."""
    campaign, is_new = Campaign.objects.at_work(), False
    with acting("pool consent"):
        if stage == Stage.POOL:
            same = Q(record=record) | Q(record__merged_into=record)
            is_new = not StageChange.objects.filter(same, is_new=True).exists()
        if is_new and campaign:
            count(ADDED, campaign.pk, record.organization_id)
        return StageChange.objects.create(
            organization_id=record.organization_id,
            record=record,
            stage=stage,
            campaign=campaign,
            is_new=is_new,
            by_name=by_name,
        )


@transaction.atomic
def change(
    record: TalentRecord,
    *,
    actor: User,
    version: int,
    heard: str,
    phone: str | None = None,
    identity: str | None = None,
    **facts: Any,
) -> TalentRecord:
    """Put a record right; each fact that changes keeps how it was learned, from whom and when.

    ``phone`` and ``identity`` are None where they stay. Raises: PermissionDenied; Refused when
    somebody else changed the record meanwhile, for a known number, and for what waits for the
    person's consent.
    """
    only_if(can_tend_record(actor, record))
    changed = changed_facts(record, facts)
    if not record.is_agreed and (waiting := set(changed) & set(TalentRecord.AFTER_CONSENT)):
        names = "、".join(TalentRecord._meta.get_field(n).verbose_name for n in sorted(waiting))
        raise Refused(f"{names}要等本人同意以后才能填写。请先征询，或者拍一张纸质同意书。")
    sources = dict(record.sources)
    sources |= dict.fromkeys(changed, source(heard, actor.name))
    before = record.version
    _renumber(record, phone, identity, sources, source(heard, actor.name))
    _put(record, changed)
    record.sources, record.version = sources, before + 1
    if before != version or not _save_over(record, before):
        raise Refused(CHANGED)
    write_words(record)
    record_event(actor, "修改人才", record, fields=sorted(changed))
    return record


def changed_facts(record: TalentRecord, facts: dict[str, Any]) -> dict[str, Any]:
    if "skills" in facts:
        facts = facts | {"skills": kept_skills(facts["skills"])}
    return {name: value for name, value in facts.items() if getattr(record, name) != value}


def _renumber(
    record: TalentRecord,
    phone: str | None,
    identity: str | None,
    sources: dict[str, Source],
    heard: Source,
) -> None:
    if phone is not None and numbers.open_phone(record.phone_sealed) != phone:
        kept = numbers.keep_phone(phone)
        check_new(county_of(record.organization_id), kept.mark, None, record.pk)
        record.phone_sealed, record.phone_mark, record.phone_shown = (
            kept.sealed, kept.mark, kept.shown,
        )  # fmt: skip
        sources["phone"] = heard
        # Whoever has the number before got the address, and whoever has this one was not asked.
        TalentRecord.objects.filter(pk=record.pk).update(claim_digest=None, asked_at=None)
        no_longer(record, purposes=(POOL_ASK,))
    if identity:
        kept = numbers.keep_identity(identity, is_agreed=record.is_agreed)
        check_new(county_of(record.organization_id), None, kept.mark, record.pk)
        record.identity_sealed, record.identity_mark = kept.sealed, kept.mark
        sources["identity"] = heard


def _save_over(record: TalentRecord, before: int) -> int:
    """Save what a cadre may have changed, if nobody else did meanwhile."""
    names = (
        *TalentRecord.FACTS, "phone_sealed", "phone_mark", "phone_shown", "identity_sealed",
        "identity_mark", "lives_in", "sources", "version",
    )  # fmt: skip
    return TalentRecord.objects.filter(pk=record.pk, version=before).update(
        **{name: getattr(record, name) for name in names}
    )


POOL = Road(
    "talent", TalentRecord, state="stage",
    order=("contacted", "pool", "returned", "started", "rests", "remove"),
)  # fmt: skip


NO_CONSENT = "入库要本人同意。请先发短信征询，或者拍一张签字的纸质同意书。"


def _stage(stage: Stage, key: str, *came_from: Stage, **more: Any) -> Callable[..., None]:
    """The step to a stage: kept in the record's history, and counted when it is the first in."""

    @step(POOL, tuple((was, stage) for was in came_from), "改变人才阶段", key=key,
          may=can_tend_record, label=stage.label, said=f"阶段改为“{stage.label}”。", **more)  # fmt: skip
    def act(record: TalentRecord, *, actor: User) -> None:
        with walking(act, record, actor) as walk:
            walk.noted["stage"] = stage.value
            if stage == Stage.RESTS and no_longer(record, purposes=(POOL_ASK,)):
                walk.facts |= {"asked_at": None, "claim_digest": None}  # nobody was asked yet
        keep_stage(record, stage, by_name=actor.name)

    return act


def _needs_consent(record: TalentRecord) -> str:
    return "" if record.is_agreed else NO_CONSENT


FOUND, CONTACTED, IN_POOL, RETURNED, STARTED, RESTS = Stage
MOVE_TO = {
    CONTACTED: _stage(CONTACTED, "contacted", FOUND, RESTS),
    IN_POOL: _stage(
        IN_POOL, "pool", RETURNED, RESTS, needs=_needs_consent,
        says=dict.fromkeys((FOUND, CONTACTED), NO_CONSENT),
    ),
    RETURNED: _stage(RETURNED, "returned", IN_POOL, STARTED),
    STARTED: _stage(STARTED, "started", IN_POOL, RETURNED),
    RESTS: _stage(RESTS, "rests", FOUND, CONTACTED, IN_POOL, RETURNED, STARTED),
}  # fmt: skip


@step(POOL, stays(*Stage), "指定联系人", may=can_tend_record)
def assign(record: TalentRecord, *, actor: User, follower: Membership | None) -> None:
    """Say who speaks with somebody from now on; nobody: whoever of the unit is responsible."""
    with walking(assign, record, actor) as walk:
        walk.facts["follower"] = follower
        walk.noted["follower"] = follower.pk if follower else None


@step(POOL, ((FOUND, CONTACTED), *stays(*Stage)), "回访", may=can_tend_record)
def follow_up(
    record: TalentRecord,
    *,
    actor: User,
    means: str,
    reached: bool,
    next_on: dt.date | None = None,
    text: str = "",
    promised: str = "",
    on: dt.date | None = None,
) -> FollowUp:
    """Keep a conversation, and when the next one is due. It is counted when somebody was reached.

    Raises: PermissionDenied; Refused for a day that lies ahead.
    """
    today = localdate()
    on = on or today
    campaign = Campaign.objects.at_work(on)
    with walking(follow_up, record, actor) as walk:
        if on > today:
            raise Refused("回访日期不能晚于今天，请改一下。")
        talk = FollowUp.objects.create(
            organization_id=record.organization_id, record=record, campaign=campaign, means=means,
            reached=reached, text=text, promised=promised, on=on, next_on=next_on,
            by_name=actor.name,
        )  # fmt: skip
        is_first = reached and record.stage == FOUND
        walk.to = CONTACTED if is_first else record.stage
        walk.facts["next_on"], walk.noted["talk"] = next_on, talk.pk
        if reached:
            walk.facts["last_talked_on"] = max(on, record.last_talked_on or on)
    if reached and campaign:
        count(TALKED[means], campaign.pk, record.organization_id)
    if is_first:
        keep_stage(record, CONTACTED, by_name=actor.name)
    return talk


def take_out(record: TalentRecord, *, refused: bool | None = None) -> None:
    """Remove a record and every word about the person; steps and talks stay as counts.

    ``refused``: True or False keeps a mark of the number so that nobody writes or calls again;
    None keeps none. Called by the actions that may.
    """
    with acting("pool consent"):
        if refused is not None and record.phone_mark:
            DoNotContact.objects.get_or_create(
                organization_id=county_of(record.organization_id),
                mark=record.phone_mark,
                defaults={"refused": refused},
            )
        no_longer(record)
        for double in record.doubles.all():
            take_out(double, refused=refused)
        happen(LEFT, pointing(TalentRecord=[record]))
        if record.paper:
            transaction.on_commit(lambda: record.paper.storage.delete(record.paper.name))
        record.delete()


@step(POOL, gone(*Stage), "移出人才库", may=can_tend_record, label="移出",
      ask="移出后登记的信息全部删除，不能恢复。确定吗？",
      said="已移出人才库，登记的信息都删除了。")  # fmt: skip
def remove(record: TalentRecord, *, actor: User, why: str) -> None:
    """Take somebody out who should not be there; ``why`` is kept, without a name."""
    with walking(remove, record, actor) as walk:
        walk.remark = why
    take_out(record)
