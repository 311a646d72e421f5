"""An auditor reads what the others did, and is appointed by two of them."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import now

from qingchun.accounts.actions.persons import end_credentials
from qingchun.accounts.audit import subject_of, write_down
from qingchun.accounts.choices import MembershipState
from qingchun.accounts.models import AuditEvent, Invitation, Membership, User
from qingchun.accounts.permissions import can_manage_people
from qingchun.organizations.choices import Role
from qingchun.organizations.refusals import Refused
from qingchun.organizations.walls import PROVINCE, asking_as, current

WAITS = "审计员要由本级或上级的另一位管理员确认，提名的人不能确认。"
ONE_HAND = "您的账号是提名的同志邀请、重设过密码或换过号码的，或者用同一个号码，不能由您确认，请上级管理员确认。"
MOVED = "这个岗位刚刚有了变化，请刷新页面后再操作。"


def must_not_be(*posts):
    """An auditor's post is neither handed over nor moved: each is appointed anew.

    Raises: Refused.
    """
    if any(post and post.role == Role.AUDITOR for post in posts):
        raise Refused("审计员的岗位不交接、不调动，也不安排提醒。请先免去，再提名别的同志。")


@transaction.atomic
def propose(membership, *, actor):
    """Name somebody an auditor. Their post rests until another administrator agrees.

    What they could do in it before ends: nobody audits what they do themselves.
    Raises: PermissionDenied; Refused for oneself, and when the post was moved meanwhile.
    """
    _must_manage(membership, actor)
    named = Membership.objects.standing().filter(pk=membership.pk, role=membership.role)
    if membership.role == Role.AUDITOR or not named.update(
        role=Role.AUDITOR,
        state=MembershipState.SUSPENDED,
        duty="",
        proposed_by=actor,
        confirmed_by=None,
    ):
        raise Refused(MOVED)
    end_credentials(membership.user)
    _done(membership, actor, "提名审计员")


@transaction.atomic
def confirm(membership, *, actor):
    """Agree to an auditor that another administrator has named.

    Raises: PermissionDenied; Refused for whoever named them.
    """
    _must_manage(membership, actor)
    if membership.proposed_by_id == actor.pk:
        raise Refused(WAITS)
    if membership.proposed_by is None or membership.role != Role.AUDITOR:
        raise Refused(MOVED)
    if _is_own_making(membership.proposed_by, actor):
        raise Refused(ONE_HAND)
    if membership.confirmed_by_id:
        raise Refused(MOVED)
    _move(membership, actor, "确认审计员", state=MembershipState.ACTIVE, confirmed_by=actor)
    with asking_as(scope=current()[0], person=membership.user_id):
        User.objects.filter(pk=membership.user_id).update(is_active=True)


@transaction.atomic
def dismiss(membership, *, actor):
    """End an auditor's post, or a nomination. Raises: PermissionDenied; Refused."""
    _must_manage(membership, actor)
    _move(membership, actor, "免去审计员", state=MembershipState.ENDED, ended_at=now())
    end_credentials(membership.user)


def _is_own_making(proposer, actor):
    """Whether the second of the two is an account that the first could open: of one number, or
    invited by them, or with a password or number they have set."""
    if proposer.phone and proposer.phone == actor.phone:
        return True
    with asking_as(scope=PROVINCE, person=actor.pk, sign_in=True):
        own = [subject_of(post) for post in Membership.objects.filter(user=actor)]
        events = AuditEvent.objects.filter(actor=proposer, subject__in=own)
        if events.filter(verb__in=("重设密码", "更换手机号")).exists():
            return True
        taken = AuditEvent.objects.filter(actor=actor, verb="接受邀请")
        invitations = list(taken.values_list("facts__invitation", flat=True))
        return Invitation.objects.filter(pk__in=invitations, invited_by=proposer).exists()


def _must_manage(membership, actor):
    if not can_manage_people(actor, membership.organization_id):
        raise PermissionDenied
    if membership.user_id == actor.pk:
        raise Refused("自己的岗位请上级管理员办理。")


def _move(membership, actor, verb, **facts):
    unmoved = Membership.objects.standing().filter(
        pk=membership.pk, role=Role.AUDITOR, confirmed_by=membership.confirmed_by_id
    )
    if not unmoved.update(**facts):
        raise Refused(MOVED)
    _done(membership, actor, verb)


def _done(membership, actor, verb):
    membership.refresh_from_db()
    write_down(actor, verb, membership)
