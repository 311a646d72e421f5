"""委托: renewed, confirmed by a second person; nothing goes on without one that holds."""

import datetime as dt
from typing import Any

from django.utils.timezone import localdate, now

from qingchun.accounts.models import User
from qingchun.accounts.steps import Walk, stays, step, walking
from qingchun.ground.prepared import prepared
from qingchun.ground.refusals import Refused
from services.proxy.actions import cases
from services.proxy.actions.asking import give_mandate
from services.proxy.actions.cases import CASES, by_asker
from services.proxy.choices import ENDED, OPEN, CaseEventType
from services.proxy.models import Mandate, ServiceRequest
from services.proxy.permissions import can_tend, is_askers
from talent.youth.choices import Source

NOT_ANY_MORE = dict.fromkeys(ENDED, "这件已经结束，不用再委托。")


def standing(case: ServiceRequest) -> Mandate | None:
    return prepared(Mandate.objects).filter(request=case, revoked_at=None).first()


def must_hold(case: ServiceRequest) -> None:
    """Raises: Refused when somebody would act for the person without their mandate."""
    if not case.version.needs_mandate:
        return
    mandate = standing(case)
    if mandate is None:
        raise Refused("还没有本人的委托。请本人在网上委托，或者当面签委托书。")
    if mandate.waits_for_second:
        raise Refused("这份委托要第二个人核对。请另一位同事打开这件，点“核对委托”。")
    if not mandate.holds_on(localdate()):
        raise Refused("本人的委托已经到期。请本人续签后再办。")


@step(CASES, stays(*OPEN), "登记委托", may=can_tend, key="mandate", says=NOT_ANY_MORE,
      label="登记委托", said="委托已登记。")  # fmt: skip
def renew_at_the_door(case: ServiceRequest, *, actor: User, until_on: dt.date) -> None:
    """A new mandate instead of the one before, written down at the door.

    Raises: also Refused where nobody can act for the person, and for too long a time.
    """
    with walking(renew_at_the_door, case, actor) as walk:
        walk.words |= {"by": cases.by(actor)}
        _renew(case, until_on, walk, source=Source.DOOR, made_by=actor.acting)


@step(CASES, stays(*OPEN), "委托", may=is_askers, own=True, key="entrust", says=NOT_ANY_MORE,
      label="委托", said="委托已更新。")  # fmt: skip
def give(case: ServiceRequest, *, user: User, until_on: dt.date) -> None:
    """The same, by the person."""
    with by_asker(give, case, user) as walk:
        _renew(case, until_on, walk, source=Source.SITE)


def _renew(case: ServiceRequest, until_on: dt.date, walk: Walk, **how: Any) -> None:
    if not case.version.needs_mandate:
        raise Refused("这一项要本人到场办，不能委托。我们可以帮您预约和陪同。")
    Mandate.objects.filter(request=case, revoked_at=None).update(revoked_at=now())
    give_mandate(case, until_on, **how)
    walk.words |= {"kind": CaseEventType.MANDATE, "title": f"委托到{cases.printed(until_on)}"}


@step(CASES, stays(*OPEN), "核对委托", may=can_tend, label="核对委托", said="委托已核对。",
      says=dict.fromkeys(ENDED, "这件已经结束，不用再核对委托。"))  # fmt: skip
def confirm(case: ServiceRequest, *, actor: User) -> None:
    """A second person has looked at the mandate. Raises: also Refused for the first."""
    with walking(confirm, case, actor) as walk:
        mandate = standing(case)
        if mandate is None or not mandate.waits_for_second:
            raise Refused("这件没有要核对的委托。")
        if actor.acting.pk in (mandate.made_by_id, case.agent_id):
            raise Refused("核对的人不能是登记委托的人，也不能是代办员，请另一位同事来核对。")
        Mandate.objects.filter(pk=mandate.pk).update(confirmed_by=actor.acting, confirmed_at=now())
        walk.words |= {"kind": CaseEventType.MANDATE, "title": "委托已核对", "by": cases.by(actor)}
