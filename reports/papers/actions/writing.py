"""A unit writes its paper: parts saved one by one, so that two people can write side by side."""

from django.conf import settings
from django.db import transaction
from django.utils.timezone import now

from qingchun.accounts.audit import write_down
from qingchun.ground.edits import hold
from qingchun.ground.file_kinds import refuse_other_kinds
from qingchun.ground.refusals import Refused, only_if
from reports.papers.actions.roads import ROADS, road_of
from reports.papers.models import Attachment, PaperSection
from reports.papers.permissions import can_edit

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
def start(purpose, campaign, *, actor):
    """The paper of the actor's unit for an edition; the one begun before if there is one."""
    road = ROADS[purpose]
    only_if(road.can_write(actor))
    if campaign.is_locked:
        raise Refused(f"这次行动已经总结锁定，不能再写{road.short}。")
    paper, is_new = road.model.objects.get_or_create(
        campaign=campaign, organization_id=actor.scope, purpose=purpose
    )
    if is_new:
        PaperSection.objects.bulk_create(
            PaperSection(paper=paper, organization_id=actor.scope, key=key, content=road.empty[key])
            for key in road.sections
        )
        write_down(actor, "开始起草", paper)
    return paper


def refuse_unless_editable(paper):
    short = road_of(paper).short
    if paper.campaign.is_locked:
        raise Refused(f"这次行动已经总结锁定，{short}只能查看。")
    if not paper.is_editable:
        raise Refused(
            f"{short}现在是“{paper.get_state_display()}”，不能修改。需要修改时请先撤回，或等退回。"
        )


def hold_editable(paper):
    """Lock a paper whose parts are to be written: a colleague may be sending it just now.

    What is saved is in what is sent, or is refused. Raises: Refused.
    """
    hold(paper)
    refuse_unless_editable(paper)


@transaction.atomic
def save_section(paper, *, actor, key, content, version):
    """Save one part if it still is as the writer saw it.

    Returns: the part as saved. Raises: PermissionDenied; Refused; Conflict with the part as
    somebody else saved it in the meantime; what was typed is the caller's to show again.
    """
    only_if(can_edit(actor, paper))
    hold_editable(paper)
    unchanged = PaperSection.objects.filter(paper=paper, key=key, version=version)
    saved = unchanged.update(
        content=content, version=version + 1, edited_by=actor.name, edited_at=now()
    )
    section = PaperSection.objects.get(paper=paper, key=key)
    if not saved and section.content != content:
        raise Conflict(section)
    return section


@transaction.atomic
def attach(paper, *, actor, file):
    only_if(can_edit(actor, paper))
    hold_editable(paper)
    refuse_other_kinds(
        file, FILE_ENDINGS, "附件只收 PDF、Word、Excel、图片和 ZIP 文件，请转换后再传。"
    )
    if file.size > settings.ATTACHMENT_MOST_BYTES:
        raise Refused(
            f"附件超过 {settings.ATTACHMENT_MOST_BYTES // 1_000_000} MB，请压缩或拆分后再传。"
        )
    if paper.attachments.count() >= MOST_ATTACHMENTS:
        raise Refused(f"附件最多 {MOST_ATTACHMENTS} 个，请先删去不需要的。")
    attachment = Attachment.objects.create(
        paper=paper,
        organization_id=paper.organization_id,
        name=file.name[-120:],
        file=file,
        size=file.size,
    )
    write_down(actor, "添加附件", paper, attachment=attachment.pk)
    return attachment


@transaction.atomic
def detach(attachment, *, actor, paper):
    only_if(can_edit(actor, paper))
    hold_editable(paper)
    attachment.delete()
    transaction.on_commit(lambda: attachment.file.delete(False))
    write_down(actor, "删去附件", paper)
