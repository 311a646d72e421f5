"""The hour of a case: another one, or none any more. Whoever did not change it hears of it."""

from qingchun.accounts.models import User
from qingchun.accounts.steps import Walk, stays, step, walking
from qingchun.ground.refusals import Refused
from qingchun.organizations.codes import county_of
from services.proxy.actions import cases, slots
from services.proxy.actions.cases import CASES, by_asker
from services.proxy.choices import ENDED, OPEN, CaseEventType
from services.proxy.models import ServiceRequest, Slot
from services.proxy.notices import HOUR, MOVED
from services.proxy.permissions import carries, is_askers

IS_OVER = dict.fromkeys(ENDED, "这件已经结束，不用再约时间。")
NO_SUCH_HOUR = "请从列表里选一个时间，刚刚约满的不能再选。"


@step(CASES, stays(*OPEN), "改约时间", may=carries, says=IS_OVER, key="hour",
      tells=dict.fromkeys(OPEN, MOVED), label="改个时间", said="时间已经改好，本人会收到通知。")  # fmt: skip
def change(case: ServiceRequest, *, actor: User, slot: int | None) -> None:
    """Book ``slot`` and give back what the case had, both or neither; None is no hour at all.

    Raises: Refused for an hour that is full, over, closed or elsewhere.
    """
    with walking(change, case, actor) as walk:
        walk.words["by"] = cases.by(actor)
        _book(case, slot, walk)


@step(CASES, stays(*OPEN), "改约时间", may=is_askers, own=True, says=IS_OVER, key="own-hour",
      tells=dict.fromkeys(OPEN, HOUR), label="改个时间",
      said="时间已经改好，代办员会收到通知。")  # fmt: skip
def change_own(case: ServiceRequest, *, user: User, slot: int | None) -> None:
    """The same, by whoever asked."""
    with by_asker(change_own, case, user) as walk:
        _book(case, slot, walk)


def _book(case: ServiceRequest, slot: int | None, walk: Walk) -> None:
    walk.noted["from"] = case.slot_id
    said = _booked(case, slot)
    walk.noted["to"] = case.slot_id
    both = Slot.objects.filter(pk__in=filter(None, walk.noted.values()))
    walk.words |= {
        "kind": CaseEventType.TIME, "title": said, "said": said, "old": ("约的时间",),
        "begins": min(both.values_list("starts_at", flat=True), default=None),
    }  # fmt: skip


def _booked(case: ServiceRequest, slot_id: int | None) -> str:
    """In words what was done."""
    if slot_id is None:
        if case.slot_id is None:
            raise Refused("请选一个时间。")
        slots.give_back(case)
        if case.slot_id:
            raise Refused("约的时间已经开始了，不能取消。要另约的，请选一个时间。")
        return "约的时间取消了"
    wanted = (
        Slot.objects.within(county_of(case.organization_id))
        .filter(pk=slot_id, way=case.way)
        .first()
    )
    if wanted is None or wanted.pk == case.slot_id:
        raise Refused(NO_SUCH_HOUR)
    slots.book(case, wanted.pk, instead_of=case.slot_id)
    return f"约的时间改到 {wanted.in_words}"
