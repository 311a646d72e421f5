"""Posts: suspended, restored, handed over, moved; and what their person may still open."""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.timezone import now

from qingchun.accounts.actions import auditors
from qingchun.accounts.actions.invitations import invite
from qingchun.accounts.actions.persons import end_credentials, standing_posts
from qingchun.accounts.audit import write_down
from qingchun.accounts.choices import MOVES, MembershipState
from qingchun.accounts.duties import pass_on
from qingchun.accounts.models import Membership, User
from qingchun.accounts.permissions import can_manage_people
from qingchun.organizations.choices import Role
from qingchun.organizations.refusals import Refused
from qingchun.organizations.walls import asking_as, current

HOLDS_ALREADY = "这位同志在这个单位已经有岗位。"


@transaction.atomic
def suspend(membership, *, actor):
    """Stop a post. Sessions and keys of its person end, and with the last post the sign-in."""
    _move(membership, MembershipState.SUSPENDED, actor=actor, verb="停用账号")
    _settle(membership.user)


@transaction.atomic
def restore(membership, *, actor):
    """Let a post work again; no session and no key from before comes back."""
    if membership.role == Role.AUDITOR and not membership.confirmed_by_id:
        raise Refused(auditors.WAITS)
    _move(membership, MembershipState.ACTIVE, actor=actor, verb="恢复账号")
    with asking_as(scope=current()[0], person=membership.user_id):
        User.objects.filter(pk=membership.user_id).update(is_active=True)


@transaction.atomic
def hand_over(membership, *, actor, successor=None, name="", phone=""):
    """Give a post to the next person, with what hangs on it; what waits for the unit stays there.

    Needs: an administrator at or above the unit; ``successor`` is a standing membership of
    the same unit, or ``name`` and ``phone`` invite somebody. Changes: the old post ends,
    and a person without any other post can no longer sign in. The successor's own title stays.
    Returns: the successor's post, or the invitation.
    """
    if not can_manage_people(actor, membership.organization_id):
        raise PermissionDenied
    auditors.must_not_be(membership, successor)
    if successor is None:
        following = invite(
            membership.organization,
            actor=actor,
            name=name,
            phone=phone,
            role=membership.role,
            post=membership.post,
            duty=membership.duty,
            succeeds=membership,
        )
        to = {"invitation": following.pk}
    else:
        following = _widen(successor, membership)
        pass_on(membership.pk, following)
        to = {"successor": following.pk}
    _end(membership, actor=actor, verb="办理交接", **to)
    return following


def _widen(successor, left):
    """The successor's post may do what the left one could; a title is filled in, never replaced."""
    if Role.ADMIN in (left.role, successor.role):
        successor.role = Role.ADMIN
    else:
        successor.role = left.role
    successor.post = successor.post or left.post
    successor.duty = left.duty or successor.duty
    successor.save(update_fields=["role", "post", "duty"])
    return successor


@transaction.atomic
def transfer(membership, organization, *, actor, post="", role=None):
    """Move somebody to another unit: the same person, a new post, and the old one ends.

    Needs: an administrator above both units. Returns: the new post. Raises: PermissionDenied;
    Refused when they hold a post there already.
    """
    if not can_manage_people(actor, organization.code):
        raise PermissionDenied
    auditors.must_not_be(membership)
    if organization.pk == membership.organization_id:
        raise Refused(HOLDS_ALREADY)
    _end(membership, actor=actor, verb="调出", to=organization.code)
    held = add_post(membership.user, organization, role=role or membership.role, post=post)
    write_down(actor, "调入", held, **{"from": membership.organization_id})
    return held


def add_post(user, organization, *, role, post="", duty=""):
    """One more post of a person, who may sign in again if they could not.

    Raises: Refused when they hold one there already.
    """
    try:
        with transaction.atomic():
            held = Membership.objects.create(
                user=user, organization=organization, role=role, post=post, duty=duty
            )
    except IntegrityError:
        raise Refused(HOLDS_ALREADY) from None
    with asking_as(scope=organization.code, person=user.pk):
        # They belong to the unit they came to, whose administrators look after them now.
        User.objects.filter(pk=user.pk).update(is_active=True, home=organization)
    user.refresh_from_db(fields=["is_active", "home"])
    return held


def _end(membership, *, actor, verb, **facts):
    _move(membership, MembershipState.ENDED, actor=actor, verb=verb, facts=facts, ended_at=now())
    _settle(membership.user)


def _settle(user):
    """A post less: nothing opened before stays open, and nobody without a post signs in."""
    end_credentials(user)
    if not any(post.state == MembershipState.ACTIVE for post in standing_posts(user)):
        with asking_as(scope=current()[0], person=user.pk):
            User.objects.filter(pk=user.pk).update(is_active=False)
        user.is_active = False


@transaction.atomic
def assign_duty(membership, *, actor, duty):
    """Say who of a unit is reminded first. Raises: PermissionDenied."""
    if not can_manage_people(actor, membership.organization_id):
        raise PermissionDenied
    auditors.must_not_be(membership)
    membership.duty = duty
    membership.save(update_fields=["duty"])
    write_down(actor, "设定提醒次序", membership, duty=duty)


def _move(membership, state, *, actor, verb, facts=None, **fields):
    if not can_manage_people(actor, membership.organization_id):
        raise PermissionDenied
    if membership.user_id == actor.pk:
        raise Refused("不能停用或交接自己正在用的岗位，请上级管理员办理。")
    came_from = membership.state
    unmoved = Membership.objects.filter(pk=membership.pk, state=came_from)
    if (came_from, state) not in MOVES or not unmoved.update(state=state, **fields):
        raise Refused("这个账号的状态已经变了，请刷新页面后再操作。")
    membership.refresh_from_db(fields=["state", "ended_at"])
    write_down(actor, verb, membership, **(facts or {}))
