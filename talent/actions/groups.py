"""Liaison groups: kept by a unit, joined by people, and what is sent to them."""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.timezone import now

from qingchun.accounts.audit import write_down
from qingchun.notifications.actions import no_longer, tell, tell_unit
from qingchun.notifications.recipients import persons_of
from qingchun.organizations.refusals import Refused
from qingchun.organizations.walls import as_clerk, asking_as
from qingchun.pictures import as_jpeg, open_picture
from talent import pages
from talent.choices import Purpose
from talent.models import Consent, GroupMember, GroupNote, LiaisonGroup
from talent.notices import GROUP_ALONE, GROUP_NOTE
from talent.permissions import can_keep, can_tend

PICTURE_SIDE = 1080


@transaction.atomic
def make_group(*, actor, organization_id, picture=None, **values):
    """Raises: PermissionDenied; Refused when the unit has a group of that name."""
    if not can_keep(actor, organization_id):
        raise PermissionDenied
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
def change_group(group, *, actor, version, picture=None, **values):
    """Raises: PermissionDenied; Refused when somebody else has just changed it."""
    if not can_keep(actor, group.organization_id):
        raise PermissionDenied
    unmoved = LiaisonGroup.objects.filter(pk=group.pk, version=version)
    if not unmoved.update(version=F("version") + 1):
        raise Refused("别的同志刚改过这个群，请核对下面的内容后再保存。")
    for name, value in values.items():
        setattr(group, name, value)
    _put_picture(group, picture)
    try:
        with transaction.atomic():
            group.save(update_fields=[*values, "picture"])
    except IntegrityError:
        raise Refused("本单位已经有一个同名的群，请换个名字。") from None
    _after(group, actor, "修改联络群")


def _put_picture(group, picture):
    if picture:
        _, file = as_jpeg(open_picture(picture), PICTURE_SIDE)
        group.picture.save(f"{group.organization_id}.jpg", file, save=False)


def _after(group, actor, verb):
    write_down(actor, verb, group)
    pages.forget(group.organization_id)
    if group.has_responsible:
        no_longer(group, purposes=(GROUP_ALONE,))
    elif len(group.organization_id) > 2:
        above = group.organization.parent_id
        tell_unit(
            GROUP_ALONE,
            about=group,
            organization_id=above,
            offset=now().date().isoformat(),
            link="/groups/",
            values={"unit": group.organization.short_name, "group": group.name},
        )


@transaction.atomic
def join(group, youth):
    """The person says that they have joined; said again, it counts once."""
    GroupMember.objects.get_or_create(
        group=group, youth=youth, defaults={"organization_id": youth.organization_id}
    )
    waiting = GroupMember.objects.filter(group=group, youth=youth, joined_at=None)
    if waiting.update(joined_at=now()):
        with as_clerk():
            LiaisonGroup.objects.filter(pk=group.pk).update(joined=F("joined") + 1)
            pages.forget(group.organization_id)


@transaction.atomic
def mark_joined(member, *, actor):
    """A cadre sees somebody in the chat and says so here."""
    if not can_tend(actor, member.youth):
        raise PermissionDenied
    join(member.group, member.youth)
    # A township's young people are in groups of their county, in whose log this belongs.
    with asking_as(scope=member.group.organization_id, person=actor.pk):
        write_down(actor, "标记入群", member.group, member=member.pk)


@transaction.atomic
def send_note(group, *, actor, kind, title, text):
    """Send news, policy or a greeting to the group's people who agreed to messages.

    Nothing is sent here: each is a row of the outbox. Returns: the note, with how many it goes to.
    """
    if not can_keep(actor, group.organization_id):
        raise PermissionDenied
    note = GroupNote.objects.create(
        organization_id=group.organization_id,
        group=group,
        kind=kind,
        title=title,
        text=text,
        by_name=actor.name,
    )
    with as_clerk():
        people = persons_of(*_who_agreed(group))
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
    write_down(actor, "群内发布", group, note=note.pk, people=note.people)
    pages.forget(group.organization_id)
    return note


def _who_agreed(group):
    agreed = Consent.objects.filter(purpose=Purpose.MESSAGES, withdrawn_at=None)
    members = GroupMember.objects.filter(
        group=group, youth__user__isnull=False, youth__in=agreed.values("youth")
    )
    return members.values_list("youth__user", flat=True)
