"""In and out of the pool by the person's own will: asked, joined, claimed, refused, silent."""

import hashlib
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate, now

from qingchun.accounts import claims
from qingchun.accounts.audit import CLAIMED, record_event
from qingchun.accounts.models import User
from qingchun.accounts.proving import persons_of, proved_phone
from qingchun.accounts.steps import Moves, Walk, by_the_portal, stays, step, walking
from qingchun.ground.links import link_to
from qingchun.ground.pictures import as_jpeg, open_picture
from qingchun.ground.quiet import after_quiet_hours
from qingchun.ground.refusals import Refused
from qingchun.notifications.actions import no_longer, tell_number
from qingchun.organizations.codes import county_of
from qingchun.organizations.walls import acting
from talent.pool import numbers
from talent.pool.actions.records import (
    POOL,
    SILENCE,
    changed_facts,
    keep_stage,
    source,
    write_words,
)
from talent.pool.choices import IN_THE_POOL, Agreed, FoundBy, Heard, Stage
from talent.pool.models import DoNotContact, TalentRecord
from talent.pool.notices import POOL_ASK
from talent.pool.permissions import can_tend_record
from talent.pool.regions import province_of
from talent.youth.choices import ConsentPurpose
from talent.youth.models import ConsentText, Youth

MOST_AT_ONCE = 200
# What somebody may put right about themselves.
OWN_FACTS = (
    "name", "village", "birth_year", "education", "trade", "skills", "experience", "doing",
    "lives_at", "intention", "project", "project_field", "employs", "supports", "support_text",
)  # fmt: skip


# Whoever agrees is in the pool, and stays where they are there.
INTO: Moves = tuple((stage, Stage.POOL) for stage in Stage if stage not in IN_THE_POOL)
AGREES = (*INTO, *stays(*IN_THE_POOL))


def version_now() -> int:
    newest = ConsentText.objects.filter(purpose=ConsentPurpose.POOL).order_by("-version")
    return newest.values_list("version", flat=True).first()


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


# Asked


RESTING = "这位现在暂不联系。要征询，请先把阶段改为“已联系”。"


def _not_to_be_asked(record: TalentRecord) -> str:
    if record.is_agreed:
        return "本人已经同意，不用再征询。"
    if not record.phone_mark:
        return "没有手机号，不能发短信。请上门请本人签纸质同意书。"
    if not (settings.CODES_ARE_SENT or settings.SHOW_CODES):
        # Sixty days of silence would take out somebody who was never asked.
        return "没有接通短信平台，不能发短信征询。请上门请本人签纸质同意书。"
    if record.asked_at:
        return "已经征询过，一位只发一次短信。可以打电话，或者请本人签纸质同意书。"
    return ""


@step(POOL, stays(Stage.FOUND, Stage.CONTACTED), "征询入库意愿", may=can_tend_record,
      needs=_not_to_be_asked, says={Stage.RESTS: RESTING})  # fmt: skip
def ask(record: TalentRecord, *, actor: User) -> str:
    """Send the person an address by short message, where they agree, put right or refuse.

    Only a digest of the address is kept. From now they have sixty days.
    Raises: PermissionDenied; Refused without a number, or when they agreed or were asked before.
    """
    token, until = secrets.token_urlsafe(12), after_quiet_hours(now()).date() + SILENCE
    with walking(ask, record, actor) as walk:
        walk.facts |= {"claim_digest": digest_of(token), "asked_at": now(), "answer_by": until}
    values = {
        "unit": actor.acting.organization.short_name,
        "link": link_to(f"/join/{token}/"),
        "day": f"{until:%-m月%-d日}",
    }
    phone = numbers.open_phone(record.phone_sealed)
    told = {"about": record, "organization_id": record.organization_id, "values": values}
    tell_number(POOL_ASK, phone, days=3, **told)
    return token


def ask_all(*, actor: User) -> int:
    """Ask everybody of the actor's unit who was not asked yet. Returns: how many were."""
    waiting = TalentRecord.objects.visible_to(actor).to_be_asked().order_by("pk")
    people = list(waiting[:MOST_AT_ONCE])
    for record in people:
        ask(record, actor=actor)
    return len(people)


# Joined


def join_by_consent(youth: Youth, purposes: Collection[str]) -> None:
    if ConsentPurpose.POOL in purposes:
        join(youth)


@transaction.atomic
def join(youth: Youth) -> TalentRecord:
    """Somebody who checked in agreed to be in the pool: make their record, or agree on the one
    that home had made. Called where the consent is given."""
    with acting("pool consent"):
        if persons_of(youth.phone).count() < 2:  # of a family, one says nothing for the other
            barred = DoNotContact.objects.filter(organization_id=county_of(youth.organization_id))
            barred.filter(mark=_mark_of(youth.phone)).delete()
        record = _known(youth)
        if record is None:
            record = TalentRecord.objects.create(
                organization_id=youth.organization_id, found_by=FoundBy.CHECKIN, name=youth.name,
                next_on=localdate(), answer_by=localdate() + SILENCE,
            )  # fmt: skip
        elif record.user_id is None:
            record_event(None, CLAIMED, record, by="本人")
        agree_by_check_in(record, youth=youth)
    return record


@step(POOL, AGREES, "报到时同意入库", may=by_the_portal, own=True)
def agree_by_check_in(record: TalentRecord, *, youth: Youth, actor: User | None = None) -> None:
    """What a check-in knows is theirs to say; their account and their number come with it."""
    with _agreeing(agree_by_check_in, record, actor, _facts_of(youth)) as walk:
        walk.facts |= {"youth": youth, "user_id": youth.user_id}
        mark = _mark_of(youth.phone)
        # A county keeps a number once: of two under one number the second is reached by check-in.
        if mark and not record.phone_mark and not _is_kept(mark, record.organization_id):
            kept = numbers.keep_phone(youth.phone)
            walk.facts |= {
                "phone_sealed": kept.sealed, "phone_mark": kept.mark, "phone_shown": kept.shown,
            }  # fmt: skip


def _mark_of(phone: str) -> int | None:
    return numbers.phone_mark(phone) if phone else None


def _known(youth: Youth) -> TalentRecord | None:
    own = _own(youth)
    if own or not youth.phone:
        return own
    standing = TalentRecord.objects.standing().filter(county=county_of(youth.organization_id))
    found = standing.filter(phone_mark=_mark_of(youth.phone), youth=None).first()
    is_theirs = found and claims.same_name(found.name, youth.name)
    if is_theirs and found.user_id is None:
        is_theirs = claims.opens_freely(youth.phone, youth.name)
    return found if is_theirs and found.user_id in (None, youth.user_id) else None


def _own(youth: Youth) -> TalentRecord | None:
    """The record of a check-in; what it was merged into is theirs."""
    found = TalentRecord.objects.theirs(Q(youth=youth))
    return found[0] if found else None


def _is_kept(mark: int | None, code: str) -> bool:
    return TalentRecord.objects.standing().filter(county=county_of(code), phone_mark=mark).exists()


def _facts_of(youth: Youth) -> dict[str, str]:
    """What a check-in knows that a record can hold."""
    studies = " ".join(filter(None, (youth.school, youth.major)))
    facts = {"name": youth.name, "lives_at": youth.lives_at, "doing": (youth.trade or studies)[:60]}
    return {name: value for name, value in facts.items() if value}


@contextmanager
def _agreeing(
    act: Callable[..., Any],
    record: TalentRecord,
    actor: User | None,
    facts: Mapping[str, Any] | None = None,
    how: Agreed | None = Agreed.SITE,
    who: str = "本人",
) -> Iterator[Walk]:
    """Walk a step by which somebody agrees: the consent, what came with it, into the pool.

    Past the wall, since a person writes no unit's records.
    """
    with acting("pool consent"):
        with walking(act, record, actor) as walk:
            agreed = how or record.agreed
            heard = source(Heard.VISIT if agreed == Agreed.PAPER else Heard.SELF, who)
            walk.to = Stage.POOL if record.stage not in IN_THE_POOL else record.stage
            said = changed_facts(record, dict(facts or {}))
            known = {"*": heard} | record.sources
            walk.facts |= said | {
                "sources": known | dict.fromkeys([*said, "agreed"], heard),
                "lives_in": province_of(said.get("lives_at", record.lives_at)),
                "agreed": agreed, "agreed_on": localdate(), "agreed_version": version_now(),
                "answer_by": None, "claim_digest": None, "version": record.version + 1,
            }  # fmt: skip
            yield walk
        no_longer(record, purposes=(POOL_ASK,))
        write_words(record)
        if walk.to != walk.came_from:
            keep_stage(record, Stage.POOL, by_name=who)


def _not_yet(record: TalentRecord) -> str:
    return "" if record.is_agreed else "本人还没有同意入库。"


def already(record: TalentRecord) -> str:
    return "本人已经同意过了。" if record.is_agreed else ""


def keep_up(youth: Youth) -> None:
    """A person who put their check-in right meant the pool too."""
    with acting("pool consent"):
        record = _own(youth)
        if record and record.is_agreed:
            put_right_by_check_in(record, youth=youth)


@step(POOL, AGREES, "本人更正报到信息", may=by_the_portal, own=True, needs=_not_yet)
def put_right_by_check_in(record: TalentRecord, *, youth: Youth, actor: User | None = None) -> None:
    with _agreeing(put_right_by_check_in, record, actor, _facts_of(youth), None):
        pass


@step(POOL, INTO, "纸质同意入库", may=can_tend_record, needs=already,
      says=dict.fromkeys(IN_THE_POOL, "本人已经同意过了。"))  # fmt: skip
def agree_on_paper(record: TalentRecord, *, actor: User, paper: File) -> None:
    """The signed paper's picture is the consent. Raises: also Refused without one."""
    with _agreeing(agree_on_paper, record, actor, how=Agreed.PAPER, who=actor.name) as walk:
        if not paper:
            raise Refused("请拍一张本人签字的纸质同意书。")
        _, picture = as_jpeg(open_picture(paper))
        record.paper.save(f"pool-{record.pk}.jpg", picture, save=False)
        walk.facts["paper"] = record.paper.name


# Claimed


def record_by(token: str) -> TalentRecord | None:
    """The record an address was sent for, or None. Whoever has the address got the message."""
    with acting("claim"):
        asked = TalentRecord.objects.select_related("organization")
        found = asked.theirs(Q(claim_digest=digest_of(token)))
        return found[0] if found else None


def records_of(user: User) -> tuple[list[TalentRecord], int]:
    """(what counties hold about somebody, how many more by their number that bear another name).

    What bears their name is claimed by this; the others stay shut: ``open_by_name``.
    """
    with acting("claim"):
        shut = claim(user)
        known = TalentRecord.objects.select_related("organization").order_by("pk")
        return known.theirs(Q(user=user))[:5], shut


def claim(user: User) -> int:
    """Take what bears their number and name. Needs: the clerk. Returns: how many bear another."""
    theirs, shut = claims.sort(_unclaimed(user), user)
    for record in theirs:
        claims.take(record, user=user)
    return len(shut)


def _unclaimed(user: User) -> list[TalentRecord]:
    """Records by the number a code has proved that are nobody's yet. Needs: to claim."""
    phone = proved_phone(user)
    if not phone:
        return []
    standing = TalentRecord.objects.standing().filter(user=None, youth__user=None)
    return list(standing.filter(phone_mark=numbers.phone_mark(phone)).order_by("pk"))


def open_by_name(user: User, said: str) -> None:
    """The person gives the name home wrote down. Raises: Refused when it is another."""
    with acting("claim"):
        found = _unclaimed(user)
    record = claims.named(found, user=user, said=said)
    with acting("claim"):
        claims.take(record, user=user)


def is_theirs(user: User | None, record: TalentRecord) -> bool:
    """Of whom the record is, or what was put together with it."""
    with acting("claim"):
        return user is not None and record in TalentRecord.objects.theirs(Q(user=user))


def on_own_record(made: Callable[[], Any]) -> Any:
    """What ``made`` makes of the person's record, locked: it is home's, who alone may write it."""
    with acting("pool consent"):
        return made()


def accept(record: TalentRecord, *, user: User, **facts: Any) -> None:
    """The person says: this is me, so it is right, and I agree."""
    (put_right if record.is_agreed else agree)(record, user=user, **facts)


@step(POOL, INTO, "本人同意入库", may=is_theirs, own=True, needs=already,
      says=dict.fromkeys(IN_THE_POOL, "您已经同意过了，请刷新页面再看。"))  # fmt: skip
def agree(record: TalentRecord, *, user: User, **facts: Any) -> None:
    with _agreeing(agree, record, user, facts) as walk:
        walk.facts |= _taken_by(record, user)


@step(POOL, AGREES, "本人更正人才信息", may=is_theirs, own=True, needs=_not_yet)
def put_right(record: TalentRecord, *, user: User, **facts: Any) -> None:
    with _agreeing(put_right, record, user, facts) as walk:
        walk.facts |= _taken_by(record, user)


def _taken_by(record: TalentRecord, user: User) -> dict[str, Any]:
    """Whose the record is from now on: the account's, and the check-in's where it has none."""
    youth = Youth.objects.of(user).first()
    near = youth and record.youth_id is None and county_of(youth.organization_id) == record.county
    return {"user": user} | ({"youth": youth} if near and not _own(youth) else {})
