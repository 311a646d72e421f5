"""向团组织报到: by the person, and at the door for somebody without a phone at hand."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils.timezone import now

from campaigns.counting import count
from campaigns.models import Campaign
from qingchun.accounts import claims
from qingchun.accounts.audit import record_event
from qingchun.accounts.models import User
from qingchun.accounts.phones import phone_mark
from qingchun.accounts.proving import proved_phone
from qingchun.ground.pictures import as_jpeg, open_picture
from qingchun.ground.refusals import Refused, only_if
from qingchun.ground.ringing import whom_to_ring
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import acting
from talent.youth.actions import consents
from talent.youth.actions.moving import move
from talent.youth.choices import Age, ConsentPurpose, Source
from talent.youth.counts import CHECKED_IN
from talent.youth.facts import of_visit
from talent.youth.models import CheckIn, GroupMember, LiaisonGroup, Youth
from talent.youth.permissions import can_register

ASK = object()  # nobody has looked yet whether there is a record
RENAMED, MOVED = "本人改名", "本人换家乡"
TOO_YOUNG = "未满 14 周岁不能在网上登记，请家长打 {}登记。"


def too_young(code: str) -> str:
    """What a child is told: their parents ring."""
    return TOO_YOUNG.format(whom_to_ring(code).said)


@transaction.atomic
def check_in(
    user: User,
    *,
    home: Organization,
    agreed: Iterable[str],
    record: Any = ASK,
    guardian: str = "",
    **facts: Any,
) -> CheckIn:
    """Check in with home for the edition at work; again, it confirms what is known.

    Needs: a signed-in person; ``agreed``, the purposes ticked, with the basic one; ``record``,
    theirs or one of the door that bears their name, None where there is none, found by
    ``knowing.who_checks_in``: a name and a home that are other than its own were asked about;
    ``guardian``: see ``consents.give``.
    Changes: the person's record, the consents, one check-in and its count, the groups they are
    shown. Returns: the check-in. Raises: Refused for children and without the basic consent.
    """
    if facts["age"] == Age.CHILD:
        raise Refused(too_young(home.code))
    if ConsentPurpose.BASIC not in agreed:
        raise Refused("要报到，请先阅读并勾选《个人信息处理告知书》。")
    # The whole of it in the home's rows: to change who asks costs more than most of the questions.
    with acting("check in", home.code):
        if record is ASK:
            record = Youth.objects.of(user).first()
        visit = of_visit(facts)
        youth = _record_of(user, record, home, facts)
        return _agree_and_arrive(user, youth, agreed, guardian, visit)


def _agree_and_arrive(
    user: User, youth: Youth, agreed: Iterable[str], guardian: str, visit: Mapping[str, Any]
) -> CheckIn:
    if user.name != youth.name and not user.posts:
        user.name = youth.name
        user.save(update_fields=["name"])
    consents.give(youth, agreed, guardian=guardian)
    return _arrive(youth, Campaign.objects.at_work(), **visit)


def _record_of(
    user: User, record: Youth | None, home: Organization, facts: Mapping[str, Any]
) -> Youth:
    """The person's own record, brought up to what they say now; made when there is none."""
    youth = record
    # Of two who claim the same one at once, the second begins a record of their own.
    if youth and youth.user_id is None and not claims.take(youth, user=user):
        youth = None
    if youth is None:
        try:
            with transaction.atomic():
                return Youth.objects.create(
                    user=user, organization=home, phone=proved_phone(user), **facts
                )
        except IntegrityError:  # the same form, sent twice at once
            youth = Youth.objects.of(user).get()
    if youth.name != facts["name"]:
        record_event(None, RENAMED, youth, by="本人")
    if youth.organization_id != home.code:
        record_event(None, MOVED, youth, by="本人", to=home.code)
        move(youth, home)
    for name, value in facts.items():
        setattr(youth, name, value)
    youth.user, youth.phone, youth.active_at = user, proved_phone(user) or youth.phone, now()
    youth.save(update_fields=[*facts, "user", "phone", "active_at"])
    return youth


def _arrive(
    youth: Youth,
    campaign: Campaign | None,
    *,
    source: str = Source.SITE,
    by_name: str = "",
    **visit: Any,
) -> CheckIn:
    checkin, is_new = CheckIn.objects.get_or_create(
        youth=youth,
        campaign=campaign,
        defaults={
            "organization_id": youth.organization_id,
            "kind": youth.kind,
            "source": source,
            "by_name": by_name,
            **visit,
        },
    )
    with acting("check in"):
        if is_new:
            if campaign:
                count(CHECKED_IN[checkin.kind], campaign.pk, checkin.organization_id)
            introduce(youth)
        else:
            _confirm(checkin, youth, visit)
    return checkin


def _confirm(checkin: CheckIn, youth: Youth, visit: Mapping[str, Any]) -> None:
    if checkin.kind != youth.kind:
        if checkin.campaign_id:
            count(CHECKED_IN[checkin.kind], checkin.campaign_id, checkin.organization_id, -1)
            count(CHECKED_IN[youth.kind], checkin.campaign_id, checkin.organization_id)
        checkin.kind = youth.kind
        introduce(youth)
    for name, value in visit.items():
        setattr(checkin, name, value or getattr(checkin, name))
    checkin.save(update_fields=["kind", *visit])


def introduce(youth: Youth) -> None:
    """Note which groups somebody is shown, so that it can be seen who has not joined."""
    groups = [group for group in LiaisonGroup.objects.for_person(youth) if group.takes_people]
    GroupMember.objects.bulk_create(
        [
            GroupMember(organization_id=youth.organization_id, group=group, youth=youth)
            for group in groups
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def say_more(
    youth: Youth,
    checkin: CheckIn,
    *,
    wants: Sequence[str],
    standing: Iterable[str],
    agreed: Iterable[str] = (),
    guardian: str = "",
    **facts: Any,
) -> list[str]:
    """The second, voluntary step: what somebody does and is looking for.

    ``standing`` are the purposes agreed to before. Returns: wishes left out for want of consent.
    """
    visit = of_visit(facts)
    for record, values in ((youth, facts), (checkin, visit)):
        for name, value in values.items():
            setattr(record, name, value)
    youth.save(update_fields=[*facts])
    if agreed:
        consents.give(youth, agreed, guardian=guardian)
    # A wish that needs a consent is not kept without it.
    stands = {*standing, *agreed}
    barred = {wish for purpose, wish in consents.WISH.items() if purpose not in stands}
    checkin.wants = [want for want in wants if want not in barred]
    checkin.save(update_fields=["wants", *visit])
    return [want for want in wants if want in barred]


def _is_registered(scope: str, phone: str, name: str) -> bool:
    """The same name and number; another of the family is another person."""
    names = (
        Youth.objects.within(scope)
        .filter(phone_mark=phone_mark(phone))
        .values_list("name", flat=True)
    )
    return any(claims.same_name(name, known) for known in names)


@transaction.atomic
def register_at_the_door(
    *,
    actor: User,
    home: Organization,
    paper: File,
    agreed: Iterable[str],
    phone: str = "",
    **facts: Any,
) -> CheckIn:
    """Check somebody in who has no phone at hand; the signed paper's picture is the consent.

    Needs: a cadre of the county or township, a unit of theirs as home. Returns: the check-in.
    Raises: PermissionDenied; Refused for children, without paper, or for a number that is
    registered in the unit already.
    """
    only_if(can_register(actor) and home.code.startswith(actor.scope))
    if facts["age"] == Age.CHILD:
        raise Refused(too_young(home.code))
    if not paper:
        raise Refused("请拍一张本人签字的纸质同意书，没有同意书不能登记。")
    if phone and _is_registered(actor.scope, phone, facts["name"]):
        raise Refused("这位用这个手机号在本单位已经登记过，请在名单里搜索这个号码。")
    visit = of_visit(facts)
    youth = Youth.objects.create(organization=home, phone=phone, **facts)
    _, picture = as_jpeg(open_picture(paper))
    picture.name = f"{youth.pk}.jpg"
    consents.give(youth, {ConsentPurpose.BASIC, *agreed}, source=Source.DOOR, paper=picture)
    checkin = _arrive(
        youth, Campaign.objects.at_work(), source=Source.DOOR, by_name=actor.name, **visit
    )
    record_event(actor, "上门登记", youth)
    return checkin
