"""An auditor reads what the others did, and is appointed by two of them."""

from django.utils.timezone import now

from qingchun.accounts.actions.posts import settle
from qingchun.accounts.audit import subject_of
from qingchun.accounts.choices import MembershipState
from qingchun.accounts.models import AuditEvent, Invitation, Membership, User
from qingchun.accounts.roads import POSTS, WAITS, manages, must_not_be_own
from qingchun.accounts.steps import step, walking
from qingchun.ground.refusals import Refused
from qingchun.organizations.choices import Role
from qingchun.organizations.walls import PROVINCE, current, rls_context

ACTIVE, SUSPENDED, ENDED = MembershipState
ONE_HAND = "您的账号是提名的同志邀请、重设过密码或换过号码的，或者用同一个号码，不能由您确认，请上级管理员确认。"
MOVED = "这个岗位刚刚有了变化，请刷新页面后再操作。"


def _is_nominated(post: Membership) -> str:
    waits = post.role == Role.AUDITOR and post.proposed_by_id and not post.confirmed_by_id
    return "" if waits else MOVED


def _is_auditors(post: Membership) -> str:
    return "" if post.role == Role.AUDITOR else MOVED


def _is_ordinary(post: Membership) -> str:
    return MOVED if post.role == Role.AUDITOR else ""


@step(POSTS, ((ACTIVE, SUSPENDED), (SUSPENDED, SUSPENDED)), "提名审计员", may=manages,
      key="propose-auditor", needs=_is_ordinary, label="提名为审计员",
      ask="提名后这个岗位马上停用，确认后只能看操作记录，确定吗？",
      said="已提名。请本级或上级的另一位管理员确认。")  # fmt: skip
def propose(membership: Membership, *, actor: User) -> None:
    """Name somebody an auditor. Their post rests until another administrator agrees.

    What they could do in it before ends: nobody audits what they do themselves.
    Raises: PermissionDenied; Refused for oneself, and when the post was moved meanwhile.
    """
    seen = membership.role
    with walking(propose, membership, actor) as walk:
        must_not_be_own(membership, actor)
        if membership.role != seen:
            raise Refused(MOVED)
        named = {"role": Role.AUDITOR, "duty": "", "proposed_by_id": actor.pk}
        walk.facts |= {**named, "confirmed_by_id": None}
    settle(membership, walk, actor=actor)


@step(POSTS, ((SUSPENDED, ACTIVE),), "确认审计员", may=manages, key="confirm-auditor",
      needs=_is_nominated, says={ACTIVE: MOVED}, label="确认任审计员",
      ask="确认后这个岗位只能看操作记录，不能再办别的事。确定吗？",
      said="{record.user.name}现在是审计员。")  # fmt: skip
def confirm(membership: Membership, *, actor: User) -> None:
    """Agree to an auditor that another administrator has named.

    Raises: PermissionDenied; Refused for whoever named them.
    """
    with walking(confirm, membership, actor) as walk:
        must_not_be_own(membership, actor)
        if membership.proposed_by_id == actor.pk:
            raise Refused(WAITS)
        if _is_own_making(membership.proposed_by_id, actor):
            raise Refused(ONE_HAND)
        walk.facts["confirmed_by_id"] = actor.pk
    with rls_context(scope=current()[0], person=membership.user_id):
        User.objects.filter(pk=membership.user_id).update(is_active=True)


@step(POSTS, ((ACTIVE, ENDED), (SUSPENDED, ENDED)), "免去审计员", may=manages,
      key="dismiss-auditor", needs=_is_auditors, label="免去审计员",
      ask="岗位到此为止，本人和上级会收到消息，记录都在。确定吗？",
      said="{record.user.name}不再是审计员。")  # fmt: skip
def dismiss(membership: Membership, *, actor: User) -> None:
    """End an auditor's post, of which they and the unit above are told; or a nomination.

    Raises: PermissionDenied; Refused when the post was moved meanwhile.
    """
    seen = membership.confirmed_by_id
    with walking(dismiss, membership, actor) as walk:
        must_not_be_own(membership, actor)
        if membership.confirmed_by_id != seen:
            raise Refused(MOVED)
        walk.facts["ended_at"] = now()
    settle(membership, walk, actor=actor)


def _is_own_making(proposer_pk: int, actor: User) -> bool:
    """Whether the second of the two is an account that the first could open: of one number, or
    invited by them, or with a password or number they have set."""
    # Whoever named them may work above, where whoever agrees sees nobody.
    with rls_context(scope=PROVINCE, person=actor.pk):
        proposer = User.objects.get(pk=proposer_pk)
        if proposer.phone and proposer.phone == actor.phone:
            return True
        own = [subject_of(post) for post in Membership.objects.filter(user=actor)]
        events = AuditEvent.objects.filter(actor=proposer, subject__in=own)
        if events.filter(verb__in=("重设密码", "更换手机号")).exists():
            return True
        taken = AuditEvent.objects.filter(actor=actor, verb="接受邀请")
        invitations = list(taken.values_list("facts__invitation", flat=True))
        return Invitation.objects.filter(pk__in=invitations, invited_by=proposer).exists()
