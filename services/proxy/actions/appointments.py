"""The hour of a case: another one, or none any more. Whoever did not change it hears of it."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import now

from qingchun.accounts.audit import write_down
from qingchun.organizations.refusals import Refused
from qingchun.organizations.walls import as_clerk
from services.proxy.actions import cases, slots
from services.proxy.choices import OPEN, Happening
from services.proxy.models import Slot
from services.proxy.notices import HOUR

NO_SUCH_HOUR = "请从列表里选一个时间，刚刚约满的不能再选。"


@transaction.atomic
def change(case, slot_id, *, user=None, actor=None):
    """Book ``slot_id`` and give back what the case had, both or neither; None is no hour at all.

    By whoever asked, or by who carries it. Raises: PermissionDenied; Refused for what has ended,
    and for an hour that is full, over, closed or elsewhere.
    """
    if not user:
        cases.must_carry(case, actor)
    elif case.asker_id != user.pk:
        raise PermissionDenied
    if case.state not in OPEN:
        raise Refused("这件已经结束，不用再约时间。")
    before, said = case.slot_id, _booked(case, slot_id)
    with as_clerk():
        who = cases.by(actor) if actor else "本人"
        cases.note(case, Happening.TIME, said, by=who)
        facts = {"from": before, "to": case.slot_id}
        write_down(actor, "改约时间", case, **({} if actor else {"by": "本人"}), **facts)
        if actor:
            cases.tell(case, said)
        else:
            cases.tell_desk(HOUR, case, offset=now().isoformat(), hour=said)


def _booked(case, slot_id):
    """In words what was done."""
    if slot_id is None:
        if case.slot_id is None:
            raise Refused("请选一个时间。")
        slots.give_back(case)
        if case.slot_id:
            raise Refused("约的时间已经开始了，不能取消。要另约的，请选一个时间。")
        return "约的时间取消了"
    wanted = Slot.objects.within(case.organization_id[:6]).filter(pk=slot_id, way=case.way).first()
    if wanted is None or wanted.pk == case.slot_id:
        raise Refused(NO_SUCH_HOUR)
    slots.book(case, wanted.pk, instead_of=case.slot_id)
    return f"约的时间改到 {wanted.in_words}"
