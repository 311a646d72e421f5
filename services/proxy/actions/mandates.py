"""委托: renewed, confirmed by a second person; nothing goes on without one that holds."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import localdate, now

from qingchun.accounts.audit import write_down
from qingchun.organizations.refusals import Refused
from qingchun.organizations.walls import as_clerk
from services.proxy.actions import cases
from services.proxy.actions.asking import LONGEST_MANDATE
from services.proxy.choices import OPEN, Happening
from services.proxy.models import Mandate
from services.proxy.permissions import can_tend
from talent.choices import Source


def standing(case):
    return Mandate.objects.filter(request=case, revoked_at=None).first()


def must_hold(case):
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


@transaction.atomic
def give(case, *, until_on, user=None, actor=None):
    """A new mandate instead of the one before: by the person, or written down at the door.

    Raises: PermissionDenied; Refused where nobody can act for the person.
    """
    if not (user and case.asker_id == user.pk) and not (actor and can_tend(actor, case)):
        raise PermissionDenied
    if not case.version.needs_mandate:
        raise Refused("这一项要本人到场办，不能委托。我们可以帮您预约和陪同。")
    if case.state not in OPEN:
        raise Refused("这件已经结束，不用再委托。")
    today = localdate()
    if not today <= until_on <= today + LONGEST_MANDATE:
        raise Refused("委托期限从今天起，最长 180 天，请改一下日期。")
    with as_clerk():
        Mandate.objects.filter(request=case, revoked_at=None).update(revoked_at=now())
        mandate = Mandate.objects.create(
            organization_id=case.organization_id,
            request=case,
            possible=case.version.possible,
            acting=case.organization.full_name,
            what=case.version.title,
            until_on=until_on,
            needs_second=case.version.second_confirms,
            source=Source.DOOR if actor else Source.SITE,
            made_by=actor.acting if actor else None,
        )
        who = cases.by(actor) if actor else "本人"
        cases.note(case, Happening.MANDATE, f"委托到{cases.printed(until_on)}", by=who)
    if actor:
        write_down(actor, "登记委托", case)
    else:
        write_down(None, "委托", case, by="本人")
    return mandate


@transaction.atomic
def confirm(case, *, actor):
    """A second person has looked at the mandate. Raises: PermissionDenied; Refused for the first."""
    if not can_tend(actor, case):
        raise PermissionDenied
    mandate = standing(case)
    if mandate is None or not mandate.waits_for_second:
        raise Refused("这件没有要核对的委托。")
    if actor.acting.pk in (mandate.made_by_id, case.agent_id):
        raise Refused("核对的人不能是登记委托的人，也不能是代办员，请另一位同事来核对。")
    Mandate.objects.filter(pk=mandate.pk, confirmed_at=None).update(
        confirmed_by=actor.acting, confirmed_at=now()
    )
    cases.note(case, Happening.MANDATE, "委托已核对", by=cases.by(actor))
    write_down(actor, "核对委托", case)
