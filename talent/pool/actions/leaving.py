"""Out of the pool: refused, withdrawn, forgotten, silent."""

import datetime as dt
from contextlib import suppress
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.timezone import now

from qingchun.accounts.models import User
from qingchun.accounts.steps import by_the_portal, gone, step, walking
from qingchun.ground.refusals import Refused
from qingchun.organizations.walls import acting
from talent.pool.actions.enrolment import INTO, already, claim
from talent.pool.actions.records import (
    POOL,
    take_out,
)
from talent.pool.choices import Stage
from talent.pool.models import TalentRecord
from talent.youth.choices import ConsentPurpose
from talent.youth.models import Consent


def leave_pool(rows: QuerySet, *, user: User | None, by: str, **_: Any) -> int:
    """Their records in the pool, also what a county wrote down with their number and name."""
    if user:
        claim(user)
    found = TalentRecord.objects.theirs(Q(pk__in=rows.values("pk")))
    for record in found:
        take_out(record, refused=True if by == "本人" else None)
    return len(found)


@step(POOL, gone(*Stage), "本人拒绝入库", may=by_the_portal, own=True)
def refuse(record: TalentRecord, *, actor: User | None = None) -> None:
    """The person says no, maybe by an address and without an account: all of it goes, but for a
    mark that nobody may write it down again."""
    with acting("pool consent"):
        with walking(refuse, record, actor):
            theirs = Q(youth__talent=record) | Q(youth__talent__merged_into=record)
            stands = Consent.objects.filter(theirs, purpose=ConsentPurpose.POOL, withdrawn_at=None)
            stands.update(withdrawn_at=now())
        take_out(record, refused=True)


def leave(rows: QuerySet, *, user: User | None = None, **_: Any) -> int:
    """Somebody who checked in takes the consent back: also from what a county wrote down with
    their number and name."""
    if user:
        claim(user)
    found = TalentRecord.objects.theirs(Q(pk__in=rows.values("pk")))
    for record in found:
        refuse(record)
    return len(found)


@step(POOL, gone(*(came_from for came_from, _ in INTO)), "到期移出人才库", may=by_the_portal,
      needs=already)  # fmt: skip
def let_go(record: TalentRecord, *, day: dt.date, actor: User | None = None) -> None:
    """They did not answer in their time. Raises: Refused when they did just now."""
    with acting("forget"):
        with walking(let_go, record, actor):
            if record.answer_by >= day:
                raise Refused("答复的期限还没有到。")
        take_out(record, refused=False)


def forget_silent(day: dt.date) -> int:
    """Remove whoever did not answer in their time. Returns: how many."""
    with acting("forget"):
        silent = list(TalentRecord.objects.silent(day).order_by("pk")[:500])
        forgotten = 0
        for record in silent:
            with suppress(Refused):  # agreed, or asked, just now
                let_go(record, day=day)
                forgotten += 1
    return forgotten
