"""Posts: suspended, restored, handed over, moved; and what their person may still open."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.timezone import now

from qingchun.accounts import senders
from qingchun.accounts.actions.invitations import invite, withdraw_all
from qingchun.accounts.actions.persons import (
    end_credentials,
    end_credentials_in,
    end_keys_in,
    standing_posts,
)
from qingchun.accounts.audit import record_event
from qingchun.accounts.choices import MembershipState, Takes
from qingchun.accounts.duties import post_ended
from qingchun.accounts.models import Invitation, Membership, User
from qingchun.accounts.permissions import can_manage_people
from qingchun.accounts.roads import (
    FOR_EACH,
    POSTS,
    is_confirmed,
    is_no_auditors,
    manages,
    must_not_be_own,
)
from qingchun.accounts.steps import Walk, stays, step, walking
from qingchun.ground.refusals import Refused
from qingchun.organizations.choices import Role
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import current, rls_context

ACTIVE, SUSPENDED, ENDED = MembershipState
TO_ENDED = ((ACTIVE, ENDED), (SUSPENDED, ENDED))
HOLDS_ALREADY = "这位同志在这个单位已经有岗位。"


@step(POSTS, ((ACTIVE, SUSPENDED),), "停用账号", may=manages, label="停用",
      ask="停用后正在用这个岗位的设备都退出，它的接口密钥作废，确定吗？",
      said="{record.user.name}的账号已停用。")  # fmt: skip
def suspend(membership: Membership, *, actor: User) -> None:
    """Stop a post. What is open in it ends, and with the last post all else and the sign-in."""
    with walking(suspend, membership, actor) as walk:
        must_not_be_own(membership, actor)
    settle(membership, walk, actor=actor)


@step(POSTS, ((SUSPENDED, ACTIVE),), "恢复账号", may=manages, needs=is_confirmed, label="恢复",
      said="{record.user.name}的账号已恢复，请本人重新登录。")  # fmt: skip
def restore(membership: Membership, *, actor: User) -> None:
    """Let a post work again; no session and no key from before comes back."""
    with walking(restore, membership, actor):
        must_not_be_own(membership, actor)
    with rls_context(scope=current()[0], person=membership.user_id):
        User.objects.filter(pk=membership.user_id).update(is_active=True)


@step(POSTS, TO_ENDED, "办理交接", may=manages, needs=is_no_auditors)
def hand_over(
    membership: Membership,
    *,
    actor: User,
    successor: Membership | None = None,
    name: str = "",
    phone: str = "",
    takes: str = "",
) -> Membership | Invitation:
    """Give a post to the next person, with what hangs on it; what waits for the unit stays there.

    Needs: an administrator at or above the unit; ``successor`` is a standing membership of
    the same unit, or ``name`` and ``phone`` invite somebody. Changes: the old post ends,
    and a person without any other post can no longer sign in. The successor's own title stays;
    ``takes``: which role and place among the reminded the successor has from then on, one of
    ``Takes``. Returns: the successor's post, or the invitation. Raises: Refused where the two
    differ and nobody said.
    """
    with walking(hand_over, membership, actor) as walk:
        must_not_be_own(membership, actor)
        if successor and is_no_auditors(successor):
            raise Refused(FOR_EACH)
        walk.facts["ended_at"] = now()
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
            walk.noted["invitation"] = following.pk
        else:
            following = _taken_on(successor, membership, takes)
            post_ended(membership.pk, after=following)
            walk.noted["successor"] = following.pk
    settle(membership, walk, actor=actor)
    return following


def _taken_on(successor: Membership, left: Membership, takes: str) -> Membership:
    """The successor's post with what hung on the one left. A title is filled in, never replaced;
    what they may do themselves, and when they are reminded, becomes another only if it is said."""
    if differs(successor, left):
        if takes not in Takes.values:
            raise Refused(both_said(successor, left))
        if takes == Takes.LEFT:
            if successor.role != left.role:
                end_keys_in(successor)
            successor.role, successor.duty = left.role, left.duty or successor.duty
    successor.post = successor.post or left.post
    successor.duty = successor.duty or left.duty
    successor.save(update_fields=["role", "post", "duty"])
    return successor


def differs(successor: Membership, left: Membership) -> bool:
    """Whether taking over would make something of the successor's own another."""
    other_duty = successor.duty and left.duty and successor.duty != left.duty
    return successor.role != left.role or bool(other_duty)


def both_said(successor: Membership, left: Membership) -> str:
    """What the two posts are, where somebody has to choose between them."""
    own, given = _said(successor), _said(left)
    name = successor.user.name
    return f"{name}现在是{own}，交出来的岗位是{given}。请选接手后按哪一个，岗位名称都不变。"


def _said(post: Membership) -> str:
    duty = f"、提醒次序{post.get_duty_display()}" if post.duty else ""
    return f"{post.get_role_display()}{duty}"


@step(POSTS, TO_ENDED, "调出", may=manages, needs=is_no_auditors)
def transfer(
    membership: Membership,
    organization: Organization,
    *,
    actor: User,
    post: str = "",
    role: str | None = None,
) -> Membership:
    """Move somebody to another unit: the same person, a new post, and the old one ends.

    Needs: an administrator above both units. Returns: the new post. Raises: PermissionDenied;
    Refused when they hold a post there already.
    """
    with walking(transfer, membership, actor) as walk:
        if not can_manage_people(actor, organization.code):
            raise PermissionDenied
        must_not_be_own(membership, actor)
        if organization.pk == membership.organization_id:
            raise Refused(HOLDS_ALREADY)
        walk.facts["ended_at"] = now()
        walk.noted["to"] = organization.code
    settle(membership, walk, actor=actor)
    held = add_post(membership.user, organization, role=role or membership.role, post=post)
    record_event(actor, "调入", held, **{"from": membership.organization_id})
    return held


def add_post(
    user: User, organization: Organization, *, role: str, post: str = "", duty: str = ""
) -> Membership:
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
    with rls_context(scope=organization.code, person=user.pk):
        # They belong to the unit they came to, whose administrators look after them now.
        User.objects.filter(pk=user.pk).update(is_active=True, home=organization)
    user.refresh_from_db(fields=["is_active", "home"])
    return held


def settle(post: Membership, walk: Walk, *, actor: User) -> None:
    """A post less: nothing opened in it stays open, and nobody without a post signs in."""
    if post.role == Role.AUDITOR and post.confirmed_by_id:
        senders.send("auditor_stopped", "", post=post, actor=actor)
    withdraw_all(post, actor=actor)
    post_ended(post.pk)
    _end_what_it_opened(post, was_at_work=walk.came_from == ACTIVE)


def _end_what_it_opened(post: Membership, *, was_at_work: bool) -> None:
    user = post.user
    if others := [held for held in standing_posts(user) if held.state == ACTIVE]:
        if was_at_work:  # else it was over before
            end_credentials_in(post, others)
        return
    end_credentials(user)
    with rls_context(scope=current()[0], person=user.pk):
        User.objects.filter(pk=user.pk).update(is_active=False)
    user.is_active = False


def end_with_unit(held: QuerySet, *, after: Organization, **_: Any) -> int:
    """The posts of a unit that was merged end, and with them what their people opened by them."""
    ended = list(held.standing().select_related("user", "organization"))
    held.standing().update(state=ENDED, ended_at=now())
    for post in ended:
        record_event(None, "单位撤并离岗", post, to=after.code)
        post_ended(post.pk)
        _end_what_it_opened(post, was_at_work=post.state == ACTIVE)
    return len(ended)


@step(POSTS, stays(ACTIVE, SUSPENDED), "设定提醒次序", may=manages, needs=is_no_auditors)
def assign_duty(membership: Membership, *, actor: User, duty: str) -> None:
    """Say who of a unit is reminded first. Raises: PermissionDenied."""
    with walking(assign_duty, membership, actor) as walk:
        walk.facts["duty"] = walk.noted["duty"] = duty
