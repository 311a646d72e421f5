"""Liaison groups: kept by a unit, joined by people, and what is sent to them."""

from contextlib import suppress
from typing import Any

from django.core.files import File
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.timezone import now

from qingchun.accounts.audit import record_event
from qingchun.accounts.models import User
from qingchun.accounts.steps import Road, Walk, step, walking
from qingchun.ground.pictures import as_jpeg, open_picture
from qingchun.ground.refusals import Refused, only_if
from qingchun.notifications.actions import no_longer, tell, tell_unit
from qingchun.notifications.recipients import persons_of
from qingchun.organizations.codes import is_province
from qingchun.organizations.walls import acting
from talent.youth import pages
from talent.youth.choices import ConsentPurpose, MemberState
from talent.youth.models import Consent, GroupMember, GroupNote, LiaisonGroup, Youth
from talent.youth.notices import GROUP_ALONE, GROUP_NOTE
from talent.youth.permissions import can_keep, can_tend

PICTURE_SIDE = 1080


@transaction.atomic
def make_group(
    *, actor: User, organization_id: str, picture: File | None = None, **values: Any
) -> LiaisonGroup:
    """Raises: PermissionDenied; Refused when the unit has a group of that name."""
    only_if(can_keep(actor, organization_id))
    group = LiaisonGroup(organization_id=organization_id, **values)
    _put_picture(group, picture)
    try:
        with transaction.atomic():
            group.save(force_insert=True)
    except IntegrityError:
        raise Refused("本单位已经有一个同名的群，请换个名字。") from None
    _after(group, actor, "建立联络群")
    return group


@transaction.atomic
def change_group(
    group: LiaisonGroup, *, actor: User, version: int, picture: File | None = None, **values: Any
) -> None:
    """Raises: PermissionDenied; Refused when somebody else has just changed it."""
    only_if(can_keep(actor, group.organization_id))
    unmoved = LiaisonGroup.objects.filter(pk=group.pk, version=version)
    if not unmoved.update(version=F("version") + 1):
        raise Refused("别的同志刚改过这个群，请打开最新的内容再改。")
    for name, value in values.items():
        setattr(group, name, value)
    _put_picture(group, picture)
    try:
        with transaction.atomic():
            group.save(update_fields=[*values, "picture"])
    except IntegrityError:
        raise Refused("本单位已经有一个同名的群，请换个名字。") from None
    _after(group, actor, "修改联络群")


def _put_picture(group: LiaisonGroup, picture: File | None) -> None:
    if picture:
        _, file = as_jpeg(open_picture(picture), PICTURE_SIDE)
        group.picture.save(f"{group.organization_id}.jpg", file, save=False)


def _after(group: LiaisonGroup, actor: User, verb: str) -> None:
    record_event(actor, verb, group)
    pages.forget(group.organization_id)
    if group.has_responsible:
        no_longer(group, purposes=(GROUP_ALONE,))
    elif not is_province(group.organization_id):
        above = group.organization.parent_id
        tell_unit(
            GROUP_ALONE,
            about=group,
            organization_id=above,
            offset=now().date().isoformat(),
            link="/groups/",
            values={"unit": group.organization.short_name, "group": group.name},
        )


def _count(member: GroupMember, walk: Walk) -> None:
    with acting("check in"):
        LiaisonGroup.objects.filter(pk=member.group_id).update(joined=F("joined") + 1)
        pages.forget(member.group.organization_id)


# A township's young people are in groups of their county, in whose log this belongs.
MEMBERS = Road("members", GroupMember, stored=False, about="group", after=_count)
JOINS = ((MemberState.SHOWN, MemberState.JOINED),)


@step(MEMBERS, JOINS, "标记入群", may=can_tend, key="joined", label="标为入群",
      said="已标为入群。")  # fmt: skip
def mark_joined(member: GroupMember, *, actor: User) -> None:
    """A cadre sees somebody in the chat and says so here."""
    with walking(mark_joined, member, actor) as walk:
        walk.facts["joined_at"] = now()


def shown_to(youth: Youth) -> list[LiaisonGroup]:
    """The groups that are for somebody, and whether they have joined. Who looks after one may
    hold a post that they do not see."""
    mine = GroupMember.objects.filter(group=OuterRef("pk"), youth=youth, joined_at__isnull=False)
    with acting("check in"):
        return list(LiaisonGroup.objects.for_person(youth).annotate(is_joined=Exists(mine)))


def is_members(user: User | None, member: GroupMember) -> bool:
    return user is not None and Youth.objects.of(user).filter(pk=member.youth_id).exists()


@step(MEMBERS, JOINS, "入群", may=is_members, own=True)
def say_joined(member: GroupMember, *, user: User) -> None:
    """The person says that they have joined."""
    with walking(say_joined, member, user) as walk:
        walk.facts["joined_at"] = now()


@transaction.atomic
def join(group: LiaisonGroup, youth: Youth, *, user: User) -> None:
    """The person says so of a group that is for them; said again, it counts once."""
    member, _ = GroupMember.objects.get_or_create(
        group=group, youth=youth, defaults={"organization_id": youth.organization_id}
    )
    if member.joined_at is None:
        with suppress(Refused):  # said twice at once
            say_joined(member, user=user)


@transaction.atomic
def send_note(group: LiaisonGroup, *, actor: User, kind: str, title: str, text: str) -> GroupNote:
    """Send news, policy or a greeting to the group's people who agreed to messages.

    Nothing is sent here: each is a row of the outbox. Returns: the note, with how many it goes to.
    """
    only_if(can_keep(actor, group.organization_id))
    note = GroupNote.objects.create(
        organization_id=group.organization_id,
        group=group,
        kind=kind,
        title=title,
        text=text,
        by_name=actor.name,
    )
    with acting("check in"):  # a city's group has people whom the city does not see
        members = list(_who_agreed(group))
    with acting("tell"):
        people = persons_of(*members)
        tell(
            GROUP_NOTE,
            about=note,
            organization_id=group.organization_id,
            people=people,
            link="/my/",
            values={
                "unit": group.organization.short_name,
                "title": title,
                "text": text,
            },
        )
    note.people = len(people)
    note.save(update_fields=["people"])
    LiaisonGroup.objects.filter(pk=group.pk).update(noted_at=note.at)
    record_event(actor, "群内发布", group, note=note.pk, people=note.people)
    pages.forget(group.organization_id)
    return note


def _who_agreed(group: LiaisonGroup) -> QuerySet:
    agreed = Consent.objects.filter(purpose=ConsentPurpose.MESSAGES, withdrawn_at=None)
    members = GroupMember.objects.filter(
        group=group, youth__user__isnull=False, youth__in=agreed.values("youth")
    )
    return members.values_list("youth__user", flat=True)
