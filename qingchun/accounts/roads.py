"""The road of a post: at work, resting, ended; and who is let near it."""

from qingchun.accounts.models import Membership
from qingchun.accounts.permissions import can_manage_people
from qingchun.accounts.steps import Road
from qingchun.ground.refusals import Refused
from qingchun.organizations.choices import Role

POSTS = Road(
    "posts", Membership, called="岗位",
    order=("confirm-auditor", "suspend", "restore", "propose-auditor", "dismiss-auditor"),
)  # fmt: skip
WAITS = "审计员要由本级或上级的另一位管理员确认，提名的人不能确认。"
FOR_EACH = "审计员的岗位不交接、不调动，也不安排提醒。请先免去，再提名别的同志。"


def manages(actor, post):
    return can_manage_people(actor, post.organization_id)


def must_not_be_own(post, actor):
    if post.user_id == actor.pk:
        raise Refused("不能停用或交接自己正在用的岗位，请上级管理员办理。")


def is_no_auditors(post):
    """What an auditor's post lacks: it is neither handed over nor moved, but appointed anew."""
    return FOR_EACH if post.role == Role.AUDITOR else ""


def is_confirmed(post):
    return WAITS if post.role == Role.AUDITOR and not post.confirmed_by_id else ""
