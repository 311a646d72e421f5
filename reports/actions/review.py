"""A paper on its road: sent, taken back, returned, approved. Each step is one compare-and-set."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import now

from qingchun.accounts.audit import write_down
from qingchun.notifications.actions import tell_unit
from qingchun.organizations.refusals import Refused
from reports.actions.reminders import paper_is_in
from reports.actions.roads import contents_of, names_for, problems_of, road_of
from reports.actions.writing import refuse_unless_editable
from reports.choices import MOVES, PaperState, Section
from reports.models import PaperVersion, PlanExample, Remark
from reports.permissions import can_edit, can_review, is_provinces_own


@transaction.atomic
def submit(paper, *, actor):
    """Send the paper to the province as its next version, kept whole.

    Needs: a writer of the city, nothing missing. Late is allowed, and shows.
    Raises: PermissionDenied; Refused with what is missing, or when it was sent already.
    """
    if not can_edit(actor, paper):
        raise PermissionDenied
    road = road_of(paper)
    if paper.is_editable:
        refuse_unless_editable(paper)
        contents = contents_of(paper)
        names = names_for(paper, contents)
        if missing := problems_of(paper, contents, names):
            raise Refused(
                f"{road.short}还差 {len(missing)} 处没有写完：{missing[0][1]}请补齐后再报送。"
            )
    sent_at, number = now(), paper.number + 1
    _move(
        paper, PaperState.SUBMITTED, actor=actor, verb=f"报送{road.short}", number=number, sent_at=sent_at,
        first_sent_at=paper.first_sent_at or sent_at,
    )  # fmt: skip
    PaperVersion.objects.create(
        paper=paper,
        organization_id=paper.organization_id,
        number=number,
        content=contents | {"names": names} | road.sealed(paper, number, sent_at),
        sent_at=sent_at,
        sent_by=actor.name,
    )
    paper_is_in(paper)
    if is_provinces_own(paper):
        # Nobody stands above it to read it.
        _move(paper, PaperState.IN_REVIEW, actor=actor, verb="核对总结")
        _move(paper, PaperState.APPROVED, actor=actor, verb="定稿总结", decided_at=sent_at)


@transaction.atomic
def take_back(paper, *, actor):
    """The city takes a paper back, until review starts. The version stays, and its time counts."""
    if not can_edit(actor, paper):
        raise PermissionDenied
    was_returned = paper.remarks.filter(number=paper.number - 1).exists()
    state = PaperState.RETURNED if was_returned else PaperState.DRAFT
    _move(paper, state, actor=actor, verb=f"撤回{road_of(paper).short}")


@transaction.atomic
def start_review(paper, *, actor):
    if not can_review(actor, paper):
        raise PermissionDenied
    _move(paper, PaperState.IN_REVIEW, actor=actor, verb="开始审阅")


@transaction.atomic
def send_back(paper, *, actor, remarks):
    """Return the paper with remarks tied to its parts. Needs: section → remark, at least one."""
    if not can_review(actor, paper):
        raise PermissionDenied
    remarks = {section: text.strip() for section, text in remarks.items() if text.strip()}
    if not remarks:
        raise Refused("请至少在一个部分写明修改意见，再退回。")
    _move(paper, PaperState.RETURNED, actor=actor, verb="退回修改", decided_at=now())
    Remark.objects.bulk_create(
        Remark(
            paper=paper,
            organization_id=paper.organization_id,
            number=paper.number,
            section=section,
            text=text,
            made_by=actor.name,
        )
        for section, text in remarks.items()
    )
    _tell(paper, road_of(paper).returned, count=len(remarks))


@transaction.atomic
def approve(paper, *, actor):
    """Approve the paper; of a plan: from now on its units are expected to run what it says."""
    if not can_review(actor, paper):
        raise PermissionDenied
    road = road_of(paper)
    _move(paper, PaperState.APPROVED, actor=actor, verb=f"通过{road.short}", decided_at=now())
    road.on_approval(paper, paper.versions.get(number=paper.number).content)
    _tell(paper, road.approved)


def _tell(paper, purpose, **values):
    tell_unit(
        purpose,
        about=paper,
        organization_id=paper.organization_id,
        offset=paper.number,
        link=paper.get_absolute_url(),
        values={"unit": paper.organization.name, "campaign": paper.campaign.title, **values},
    )


@transaction.atomic
def publish(plan, *, actor):
    """Show an approved plan to all cities as an example, without anybody's name or number."""
    if not can_review(actor, plan):
        raise PermissionDenied
    if plan.state != PaperState.APPROVED:
        raise Refused("方案通过后才能作为示范发布。")
    sent = plan.versions.get(number=plan.number).content
    shown = {key: value for key, value in sent.items() if key != Section.PEOPLE}
    example, _ = PlanExample.objects.update_or_create(
        campaign=plan.campaign, city=plan.organization, defaults={"content": shown}
    )
    write_down(actor, "作为示范发布", plan)
    return example


def _move(paper, state, *, actor, verb, **fields):
    # Compare-and-set: of two who press at once, one row update wins.
    came_from, road = paper.state, road_of(paper)
    if paper.campaign.is_locked:
        raise Refused(f"这次行动已经总结锁定，{road.short}只能查看。")
    unmoved = road.model.objects.filter(pk=paper.pk, state=came_from, number=paper.number)
    if (came_from, state) not in MOVES or not unmoved.update(state=state, **fields):
        raise Refused(
            f"{road.short}的状态刚刚变了（可能已报送、撤回或有人审过），请刷新页面后再操作。"
        )
    paper.refresh_from_db(fields=["state", *fields])
    write_down(actor, verb, paper, version=paper.number)
