"""What home's cadres do for the people who checked in."""

from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.timezone import now

from campaigns.counting import count
from qingchun.accounts.audit import record_event
from qingchun.accounts.models import User
from qingchun.accounts.phones import of_number
from qingchun.ground.portal import answers
from qingchun.ground.refusals import Refused, only_if
from qingchun.notifications.actions import no_longer, tell_unit
from qingchun.organizations.changes import MERGED
from qingchun.organizations.codes import county_of
from qingchun.organizations.happening import happen, pointing
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import acting
from talent.youth.actions.checkin import introduce
from talent.youth.actions.moving import move
from talent.youth.counts import CHECKED_IN
from talent.youth.facts import PERSON
from talent.youth.models import CheckIn, Consent, Contact, GroupMember, LiaisonGroup, Youth
from talent.youth.notices import HANDED_OVER
from talent.youth.permissions import can_tend

# What of a double is taken where the kept one does not say it.
KNOWN = ["phone", *(fact.name for fact in PERSON)]


@transaction.atomic
def correct(youth: Youth, **facts: Any) -> None:
    """The person puts their own record right; the figures follow when the class changes."""
    for name, value in facts.items():
        setattr(youth, name, value)
    youth.active_at = now()
    youth.save(update_fields=[*facts, "active_at"])
    for follow in answers("corrected"):
        follow(youth)
    newest = CheckIn.objects.filter(youth=youth).order_by("-at").first()
    if newest and newest.kind != youth.kind:
        with acting("check in", newest.organization_id):
            if newest.campaign_id:
                for kind, by in ((newest.kind, -1), (youth.kind, 1)):
                    count(CHECKED_IN[kind], newest.campaign_id, newest.organization_id, by)
            CheckIn.objects.filter(pk=newest.pk).update(kind=youth.kind)
            introduce(youth)


@transaction.atomic
def note_contact(youth: Youth, *, actor: User, means: str, text: str) -> Contact:
    only_if(can_tend(actor, youth))
    contact = Contact.objects.create(
        organization_id=youth.organization_id,
        youth=youth,
        means=means,
        text=text,
        by_name=actor.name,
    )
    record_event(actor, "记录联系", youth, contact=contact.pk)
    return contact


@transaction.atomic
def hand_over(youth: Youth, *, actor: User, home: Organization) -> None:
    """Give somebody who chose wrongly to the unit that is theirs; one's own no longer sees them.

    Raises: PermissionDenied; Refused when it is the unit they are in already.
    """
    only_if(can_tend(actor, youth))
    if home.code == youth.organization_id:
        raise Refused("这位青年已经在这个单位，请另选一个。")
    record_event(actor, "转出", youth, to=home.code)
    came_from = youth.organization.short_name
    move(youth, home)
    with acting("hand over"):
        introduce(youth)
        if not home.code.startswith(actor.scope):
            tell_unit(
                HANDED_OVER,
                about=youth,
                organization_id=county_of(home.code),
                link="/youth/",
                offset=now().isoformat(),
                values={"unit": came_from},
            )


@transaction.atomic
def merge(kept: Youth, double: Youth, *, actor: User) -> Youth:
    """Two records are one person: what hangs on the second goes to the first.

    Needs: both in one's scope, and not two accounts. Raises: PermissionDenied; Refused.
    """
    only_if(can_tend(actor, kept) and can_tend(actor, double))
    if kept.pk == double.pk:
        raise Refused("请选另一条登记来合并。")
    if kept.user_id and double.user_id:
        raise Refused("两条登记各有自己的账号，不能合并。请本人删去其中一个账号。")
    if double.user_id:
        kept, double = double, kept
    if kept.organization_id != double.organization_id:
        move(double, kept.organization)
    merged = double.pk
    no_longer(double)
    with acting("merge"):
        rows_of = pointing(Youth=[double], themselves=True)
        happen(MERGED, rows_of, after=kept, by_name=actor.name)
    record_event(actor, "合并登记", kept, merged=merged)
    return kept


def bring_checkins(rows: QuerySet, *, after: Youth, **_: Any) -> int:
    """One check-in an edition: the first stays, and is counted once."""
    had = set(CheckIn.objects.filter(youth=after).values_list("campaign", flat=True))
    found = list(rows)
    for checkin in found:
        if checkin.campaign_id not in had:
            checkin.youth = after
            checkin.save(update_fields=["youth"])
            continue
        if checkin.campaign_id:
            count(CHECKED_IN[checkin.kind], checkin.campaign_id, checkin.organization_id, -1)
        checkin.delete()
    return len(found)


def bring_consents(rows: QuerySet, *, after: Youth, **_: Any) -> int:
    """Not deleted: the signed paper stays with the person, and goes with them."""
    had = Consent.objects.filter(youth=after, withdrawn_at=None).values_list("purpose", flat=True)
    rows.filter(withdrawn_at=None, purpose__in=list(had)).update(withdrawn_at=now())
    return rows.update(youth=after)


def bring_groups(rows: QuerySet, *, after: Youth, **_: Any) -> int:
    """One membership a group; who joined has joined, and is counted once."""
    had = {member.group_id: member for member in GroupMember.objects.filter(youth=after)}
    found = list(rows)
    for member in found:
        same = had.get(member.group_id)
        if same is None:
            member.youth = after
            member.save(update_fields=["youth"])
            continue
        if member.joined_at and same.joined_at:
            LiaisonGroup.objects.filter(pk=member.group_id).update(joined=F("joined") - 1)
        elif member.joined_at:
            same.joined_at = member.joined_at
            same.save(update_fields=["joined_at"])
        member.delete()
    return len(found)


def fold(doubles: QuerySet, *, after: Youth, **_: Any) -> int:
    """What the kept one does not know it takes from the double, which goes."""
    for double in doubles:
        for name in KNOWN:
            setattr(after, name, getattr(after, name) or getattr(double, name))
        double.delete()
    after.save(update_fields=KNOWN)
    return 1


def alike(youth: Youth, scope: str) -> QuerySet:
    """Other records of the unit that may be the same person: same number, or same name."""
    others = Youth.objects.within(scope).exclude(pk=youth.pk).select_related("organization")
    same_name = others.filter(name=youth.name)
    return (same_name | others.filter(of_number(youth.phone)))[:5]
