"""A unit writes its paper: parts saved one by one, so that two people can write side by side."""

from typing import Any

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils.timezone import now

from campaigns.models import Campaign
from qingchun.accounts.audit import record_event
from qingchun.accounts.models import User
from qingchun.ground.edits import lock_record
from qingchun.ground.file_kinds import refuse_other_kinds
from qingchun.ground.refusals import Refused, only_if
from reports.papers.actions.workflow import ROADS, road_of
from reports.papers.models import Attachment, Paper, PaperSection
from reports.papers.permissions import can_edit
from reports.papers.summary_content import Letter

FILE_ENDINGS = (".pdf", ".doc", ".docx", ".xls", ".xlsx", ".jpg", ".jpeg", ".png", ".zip")
MOST_ATTACHMENTS = 10


class Conflict(Refused):
    """Somebody else saved this part first; ``theirs`` is the part as it stands now."""

    def __init__(self, theirs: PaperSection) -> None:
        super().__init__(
            f"{theirs.edited_by}刚才改过“{theirs}”。两份内容都在下面，请对照后再保存。"
        )
        self.theirs = theirs


@transaction.atomic
def start(purpose: str, campaign: Campaign, *, actor: User) -> Paper:
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
        record_event(actor, "开始起草", paper)
    return paper


def refuse_unless_editable(paper: Paper) -> None:
    short = road_of(paper).short
    if paper.campaign.is_locked:
        raise Refused(f"这次行动已经总结锁定，{short}只能查看。")
    if not paper.is_editable:
        raise Refused(
            f"{short}现在是“{paper.get_state_display()}”，不能修改。需要修改时请先撤回，或等退回。"
        )


def hold_editable(paper: Paper) -> None:
    """Lock a paper whose parts are to be written: a colleague may be sending it just now.

    What is saved is in what is sent, or is refused. Raises: Refused.
    """
    lock_record(paper)
    refuse_unless_editable(paper)


@transaction.atomic
def save_section(
    paper: Paper, *, actor: User, key: str, content: Any, version: int
) -> PaperSection:
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
def write_letter(paper: Paper, *, actor: User, letter: Letter) -> None:
    """What stands on the paper as a letter. After it was sent too: its text stays as it was sealed."""
    only_if(can_edit(actor, paper))
    lock_record(paper)
    if paper.campaign.is_locked:
        raise Refused(f"这次行动已经总结锁定，{road_of(paper).short}只能查看。")
    paper.letter = letter if any(letter.values()) else None
    paper.save(update_fields=["letter"])
    record_event(actor, "填写公文要素", paper)


@transaction.atomic
def attach(paper: Paper, *, actor: User, file: File) -> Attachment:
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
    record_event(actor, "添加附件", paper, attachment=attachment.pk)
    return attachment


@transaction.atomic
def detach(attachment: Attachment, *, actor: User, paper: Paper) -> None:
    only_if(can_edit(actor, paper))
    hold_editable(paper)
    if paper.change and attachment.pk in paper.change["files"]:
        raise Refused("通过时的附件要留着，变更时可以再添。")
    attachment.delete()
    transaction.on_commit(lambda: attachment.file.delete(False))
    record_event(actor, "删去附件", paper)
