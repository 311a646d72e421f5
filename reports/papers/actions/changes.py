"""变更申请: an approved plan is changed. What was approved holds until the province agrees.

The city writes on the working copy as it wrote the plan; ``Paper.number`` stays that of the
version in force. Agreed to, the copy becomes the next version, and what units are expected to run
follows it; given up, the copy is what was approved again.
"""

from functools import partial

from django.db import transaction
from django.db.models import F
from django.utils.timezone import now

from qingchun.accounts.models import User
from qingchun.accounts.steps import Walk
from qingchun.ground.refusals import Refused
from reports.papers import notices
from reports.papers.actions.review import PLANS, paper_step
from reports.papers.actions.workflow import contents_of, names_for, problems_of, road_of
from reports.papers.choices import CHANGE, PaperState
from reports.papers.models import Paper, PaperVersion, Remark
from reports.papers.permissions import reviews, sends

APPROVED, CHANGING, ASKED = PaperState.APPROVED, PaperState.CHANGING, PaperState.ASKED
NO_REASON = "请写明为什么变更，例如“1月26日大雪封路，统一行动日推后一天”。"
NO_CHANGE = "还没有改动。请先修改，再报送变更；不改了的，请放弃变更。"


def in_force(paper: Paper) -> PaperVersion:
    return paper.versions.get(number=paper.number)


def _ask(paper: Paper, walk: Walk, actor: User, *, reason: str) -> None:
    if not reason.strip():
        raise Refused(NO_REASON)
    walk.remark = reason.strip()[:300]
    files = list(paper.attachments.values_list("pk", flat=True))
    walk.facts["change"] = {"reason": walk.remark, "by": actor.name, "files": files}


def _send(paper: Paper, walk: Walk, actor: User) -> None:
    """Raises: Refused with what is missing, or where nothing is another."""
    contents = contents_of(paper)
    names = names_for(paper, contents)
    if missing := problems_of(paper, contents, names):
        raise Refused(f"方案还差 {len(missing)} 处没有写完：{missing[0][1]}请补齐后再报送变更。")
    approved = in_force(paper).content
    if all(approved[key] == content for key, content in contents.items()):
        raise Refused(NO_CHANGE)
    walk.facts["change"] = (paper.change or {}) | {"sent_by": actor.name}


def _nothing(paper: Paper, walk: Walk, actor: User) -> None:
    pass


def _give_up(paper: Paper, walk: Walk, actor: User) -> None:
    """The working copy is what was approved, and no file of the change stays behind."""
    approved = in_force(paper).content
    for section in paper.sections.all():
        if section.content != approved[section.key]:
            paper.sections.filter(pk=section.pk).update(
                content=approved[section.key], version=F("version") + 1
            )
    added = paper.attachments.exclude(pk__in=paper.change["files"]) if paper.change else ()
    for file in added:
        transaction.on_commit(partial(file.file.delete, False))
        file.delete()
    walk.facts["change"] = None


def _agree(paper: Paper, walk: Walk, actor: User) -> None:
    """The copy is the next version; who runs what follows it."""
    contents = contents_of(paper)
    number, said = paper.number + 1, paper.change or {}
    content = contents | {"names": names_for(paper, contents), CHANGE: said}
    PaperVersion.objects.create(
        paper=paper,
        organization_id=paper.organization_id,
        number=number,
        content=content,
        sent_at=now(),
        sent_by=said.get("sent_by", ""),
    )
    walk.facts |= {"number": number, "decided_at": now(), "change": None}
    walk.noted["version"] = number
    road_of(paper).on_approval(paper, content)


def _refuse(paper: Paper, walk: Walk, actor: User, *, words: str) -> None:
    """What was approved holds. The city mends what it asked for, or gives it up."""
    if not words.strip():
        raise Refused("请写明为什么不同意，市里好改。")
    Remark.objects.create(
        paper=paper,
        organization_id=paper.organization_id,
        number=paper.number,
        text=words.strip(),
        made_by=actor.name,
    )


paper_step(
    PLANS, ((APPROVED, CHANGING),), "申请变更", _ask, key="ask-change", may=sends,
    label="申请变更", said="可以修改了，改好后报送变更。同意以前，通过的方案照样执行。",
)  # fmt: skip
paper_step(
    PLANS, ((CHANGING, ASKED),), "报送变更", _send, key="send-change", may=sends,
    label="报送变更", ask="报送变更吗？团省委同意以前，通过的方案照样执行。",
    said="变更已报送，等团省委答复。",
)  # fmt: skip
paper_step(
    PLANS, ((ASKED, CHANGING),), "撤回变更", _nothing, key="take-back-change", may=sends,
    label="撤回变更", said="已撤回，可以继续改。",
)  # fmt: skip
paper_step(
    PLANS, ((CHANGING, APPROVED),), "放弃变更", _give_up, key="give-up-change", may=sends,
    label="放弃变更", ask="放弃变更吗？改过的内容和新加的附件会去掉，通过的方案不变。",
    said="已放弃变更，通过的方案不变。",
)  # fmt: skip
paper_step(
    PLANS, ((ASKED, APPROVED),), "同意变更", _agree, key="agree-change", may=reviews,
    tells={APPROVED: notices.PLAN_CHANGED}, label="同意变更",
    ask="同意变更吗？各单位承担的项目随即按变更后的执行。", said="{record}已按变更后的执行。",
)  # fmt: skip
paper_step(
    PLANS, ((ASKED, CHANGING),), "不同意变更", _refuse, key="refuse-change", may=reviews,
    tells={CHANGING: notices.PLAN_CHANGE_REFUSED}, label="不同意",
    said="已答复市里，通过的方案不变。",
)  # fmt: skip
