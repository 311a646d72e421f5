"""An invitation goes to a number and is accepted by whoever proves it; before, it is no account."""

import datetime as dt
import secrets
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.timezone import now

from qingchun.accounts import found, senders
from qingchun.accounts.actions.credentials import digest_of, set_password
from qingchun.accounts.actions.persons import end_keys_in, new_username
from qingchun.accounts.audit import record_event
from qingchun.accounts.choices import MembershipState
from qingchun.accounts.claims import same_name
from qingchun.accounts.duties import post_ended
from qingchun.accounts.models import Invitation, Membership, User
from qingchun.accounts.permissions import can_manage_people
from qingchun.accounts.phones import phone_mark
from qingchun.accounts.proving import ids_of, persons_of, prove, proved_phone
from qingchun.ground.links import link_to
from qingchun.ground.quiet import after_quiet_hours
from qingchun.ground.refusals import Refused, only_if
from qingchun.organizations.choices import Role
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import rls_context

GOOD_FOR = dt.timedelta(days=7)
IS_AUDITOR = "您在这个单位是审计员，不能同时任别的岗位。要换岗位的，请先由管理员免去审计员。"
SPENT = "这个邀请链接已经用过、撤回或过期了，请向邀请您的管理员要一个新的。"


@transaction.atomic
def invite(
    organization: Organization,
    *,
    actor: User,
    name: str,
    phone: str,
    role: str,
    post: str = "",
    duty: str = "",
    succeeds: Membership | None = None,
) -> Invitation:
    """Offer a post to whoever has a number, and send the address there.

    Whether the number is known is not asked: the work and the answer are the same for all.
    Needs: an administrator at or above the unit. ``succeeds``: the post whose work goes on with
    whoever accepts. Raises: PermissionDenied.
    Returns: the invitation; its ``link`` is set where it cannot be sent.
    """
    only_if(can_manage_people(actor, organization.code))
    if role == Role.AUDITOR:
        raise Refused("审计员不能直接邀请。请先邀请为填报员，再由两位管理员提名、确认。")
    token = secrets.token_urlsafe(18)
    invitation = Invitation.objects.create(
        organization=organization,
        role=role,
        post=post,
        duty=duty,
        succeeds=succeeds,
        name=name,
        phone=phone,
        digest=digest_of(token),
        invited_by=actor,
        expires_at=after_quiet_hours(now()) + GOOD_FOR,
    )
    record_event(actor, "发出邀请", invitation, role=role)
    _send(invitation, link_to(f"/accounts/invitation/{token}/"))
    return invitation


def known_by(phone: str, *, actor: User) -> list[Membership]:
    """Posts, in the units the actor looks after, of whoever has proved a number.

    Of anybody else nothing is said, and nothing takes longer: who is known is no secret of the
    actor's own units, whose people stand in their list. A number nobody has proved is nobody's.
    """
    held = Membership.objects.visible_to(actor).standing().filter(user__in=persons_of(phone))
    return list(held.select_related("user", "organization"))


def _send(invitation: Invitation, link: str) -> None:
    """By short message; where none can be sent, whoever invites has to hand it over."""
    invitation.link = "" if settings.CODES_ARE_SENT else link
    if settings.CODES_ARE_SENT:
        senders.send(
            "invitation",
            invitation.phone,
            unit=invitation.organization,
            link=link,
            about=invitation,
        )


@transaction.atomic
def withdraw(invitation: Invitation, *, actor: User) -> None:
    """Take an invitation back. Raises: PermissionDenied; Refused when it was just accepted."""
    only_if(can_manage_people(actor, invitation.organization_id))
    waiting = Invitation.objects.waiting().filter(pk=invitation.pk)
    if not waiting.update(withdrawn_at=now()):
        raise Refused("这个邀请已经接受或过期，不用撤回。")
    senders.take_back(invitation)
    record_event(actor, "撤回邀请", invitation)


def withdraw_all(post: Membership, *, actor: User) -> None:
    """What was offered to somebody's number in a unit before their post there ended or came to
    rest: accepted, it would undo that. Their successor's stands."""
    sent = Invitation.objects.waiting().filter(organization=post.organization_id)
    for invitation in sent.exclude(succeeds=post):
        if invitation.phone == post.user.phone:
            withdraw(invitation, actor=actor)


def end_with_unit(invitations: QuerySet, **_: Any) -> int:
    """Nobody begins in a unit that was merged."""
    return invitations.waiting().update(withdrawn_at=now())


def forget(_: QuerySet, *, user: User, **__: Any) -> int:
    """What was offered to the number of somebody who leaves, in their name. A cadre's stays."""
    phone = "" if user.memberships.exists() else proved_phone(user)
    # Sealed, and found by nothing: the name is looked at first.
    offered = Invitation.objects.exclude(name="") if phone else ()
    theirs = [one.pk for one in offered if same_name(one.name, user.name) and one.phone == phone]
    Invitation.objects.waiting().filter(pk__in=theirs).update(withdrawn_at=now())
    return Invitation.objects.filter(pk__in=theirs).update(name="", phone="")


def invitation_by(token: str) -> Invitation:
    """The waiting invitation that an address opens. Raises: Refused."""
    digest = digest_of(token)
    # Whoever sent it sees it, and what they may.
    with rls_context(person=found.by_invitation(digest)):
        waiting = Invitation.objects.waiting().select_related("organization")
        invitation = waiting.filter(digest=digest).first()
        may = invitation is not None and _inviter_may(invitation)
    if not may:
        raise Refused(SPENT)
    return invitation


def offered_to(user: User) -> list[Invitation]:
    """What waits for somebody's own number in their own name. Needs: to be asked as them.

    Only for whoever has a password, which is asked once more before: a number that several have is
    not enough.
    """
    phone = proved_phone(user) if user.has_usable_password() else ""
    if not phone:
        return []
    waiting = Invitation.objects.waiting().filter(phone_mark=phone_mark(phone), name=user.name)
    return list(waiting.select_related("organization"))


def _inviter_may(invitation: Invitation) -> bool:
    """An invitation ends with the right of whoever sent it. Needs: to be asked as them."""
    held = Membership.objects.active().filter(user=invitation.invited_by_id, role=Role.ADMIN)
    return any(invitation.organization_id.startswith(post.organization_id) for post in held)


@transaction.atomic
def accept(
    invitation: Invitation, *, person: User | None = None, password: str = "", proof: str = ""
) -> Membership:
    """The post begins. ``person``: who of those known by the number it is; None is somebody new.

    Needs: ``proof``, the message whose code came back. It may be missing where ``person`` is who is
    signed in: of what was ``offered_to`` them, or where no codes can be sent at all; then the number
    stays unproved and opens nothing. Whoever has no password gives one. Returns: the post. Raises: Refused;
    PermissionDenied for somebody the number does not know.
    """
    with rls_context(person=invitation.invited_by_id):
        taken = Invitation.objects.waiting().filter(pk=invitation.pk)
        if not _inviter_may(invitation) or not taken.update(accepted_at=now()):
            raise Refused(SPENT)
    if proof and person and person.pk not in ids_of(invitation.phone):
        raise PermissionDenied
    person = person or _open_account(invitation)
    with rls_context(person=person.pk):
        if proof:
            prove(person, invitation.phone, proof=proof)
        if password:
            set_password(person, password)
        post = _begin(person, invitation)
    _written(person, post, invitation)
    return post


def _written(person: User, post: Membership, invitation: Invitation) -> None:
    person.acting = post
    with rls_context(scope=post.organization_id, person=person.pk):
        record_event(person, "接受邀请", post, invitation=invitation.pk)
        # The units they work in already read it too.
        for held in Membership.objects.filter(user=person).standing().exclude(pk=post.pk):
            record_event(person, "在别的单位任职", held, unit=post.organization_id)


def _open_account(invitation: Invitation) -> User:
    for _ in range(5):
        person = User(
            pk=found.new_id(),
            username=new_username(invitation.name),
            name=invitation.name,
            phone=invitation.phone,
            home=invitation.organization,
        )
        person.set_unusable_password()
        try:
            with transaction.atomic(), rls_context(person=person.pk):
                person.save(force_insert=True)
                return person
        except IntegrityError:  # the user name is somebody's
            continue
    raise Refused("系统繁忙，请再点一次。")


def _begin(person: User, invitation: Invitation) -> Membership:
    """Their post in the unit, or the one they hold there already, as the invitation says it."""
    held = Membership.objects.filter(user=person, organization=invitation.organization).standing()
    if post := held.first():
        if post.role == Role.AUDITOR:
            raise Refused(IS_AUDITOR)
        if post.role != invitation.role:
            end_keys_in(post)
        post.role, post.state = invitation.role, MembershipState.ACTIVE
        post.post, post.duty = post.post or invitation.post, invitation.duty or post.duty
        post.save(update_fields=["role", "state", "post", "duty"])
    else:
        post = Membership.objects.create(
            user=person,
            organization=invitation.organization,
            role=invitation.role,
            post=invitation.post,
            duty=invitation.duty,
        )
    User.objects.filter(pk=person.pk).update(is_active=True, home=invitation.organization)
    person.refresh_from_db(fields=["is_active", "home"])
    if invitation.succeeds_id:
        post_ended(invitation.succeeds_id, after=post)
    return post
