"""A city writes its plan: parts saved one by one, so that two people can write side by side."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import now

from qingchun.accounts.audit import write_down
from qingchun.organizations.refusals import Refused
from reports.choices import Section
from reports.content import EMPTY
from reports.models import Attachment, Plan, PlanSection
from reports.permissions import can_edit, can_write_plans

FILE_ENDINGS = (".pdf", ".doc", ".docx", ".xls", ".xlsx", ".jpg", ".jpeg", ".png", ".zip")
MOST_ATTACHMENTS = 10


class Conflict(Refused):
    """Somebody else saved this part first; ``theirs`` is the part as it stands now."""

    def __init__(self, theirs):
        super().__init__(
            f"{theirs.edited_by}刚才改过“{theirs}”。两份内容都在下面，请对照后再保存。"
        )
        self.theirs = theirs


@transaction.atomic
def start_plan(campaign, *, actor):
    """The plan of the actor's city for an edition; the one begun before if there is one."""
    if not can_write_plans(actor):
        raise PermissionDenied
    if campaign.is_locked:
        raise Refused("这次行动已经总结锁定，不能再写方案。")
    plan, is_new = Plan.objects.get_or_create(campaign=campaign, organization_id=actor.scope)
    if is_new:
        PlanSection.objects.bulk_create(
            PlanSection(plan=plan, organization_id=actor.scope, key=key, content=EMPTY[key])
            for key in Section
        )
        write_down(actor, "开始起草", plan)
    return plan


def refuse_unless_editable(plan):
    if plan.campaign.is_locked:
        raise Refused("这次行动已经总结锁定，方案只能查看。")
    if not plan.is_editable:
        raise Refused(
            f"方案现在是“{plan.get_state_display()}”，不能修改。需要修改时请先撤回，或等退回。"
        )


@transaction.atomic
def save_section(plan, *, actor, key, content, version):
    """Save one part if it still is as the writer saw it.

    Returns: the part as saved. Raises: PermissionDenied; Refused; Conflict with the part as
    somebody else saved it in the meantime; what was typed is the caller's to show again.
    """
    if not can_edit(actor, plan):
        raise PermissionDenied
    refuse_unless_editable(plan)
    unchanged = PlanSection.objects.filter(plan=plan, key=key, version=version)
    saved = unchanged.update(
        content=content, version=version + 1, edited_by=actor.name, edited_at=now()
    )
    section = PlanSection.objects.get(plan=plan, key=key)
    if not saved and section.content != content:
        raise Conflict(section)
    return section


@transaction.atomic
def attach(plan, *, actor, file):
    if not can_edit(actor, plan):
        raise PermissionDenied
    refuse_unless_editable(plan)
    if not file.name.lower().endswith(FILE_ENDINGS):
        raise Refused("附件只收 PDF、Word、Excel、图片和 ZIP 文件，请转换后再传。")
    if file.size > settings.ATTACHMENT_MOST_BYTES:
        raise Refused(
            f"附件超过 {settings.ATTACHMENT_MOST_BYTES // 1_000_000} MB，请压缩或拆分后再传。"
        )
    if plan.attachments.count() >= MOST_ATTACHMENTS:
        raise Refused(f"附件最多 {MOST_ATTACHMENTS} 个，请先删去不需要的。")
    attachment = Attachment.objects.create(
        plan=plan,
        organization_id=plan.organization_id,
        name=file.name[-120:],
        file=file,
        size=file.size,
    )
    write_down(actor, "添加附件", plan, attachment=attachment.pk)
    return attachment


@transaction.atomic
def detach(attachment, *, actor):
    plan = attachment.plan
    if not can_edit(actor, plan):
        raise PermissionDenied
    refuse_unless_editable(plan)
    attachment.delete()
    transaction.on_commit(lambda: attachment.file.delete(False))
    write_down(actor, "删去附件", plan)
