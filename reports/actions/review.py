"""A plan on its road: sent, taken back, returned, approved. Each step is one compare-and-set."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import now

from campaigns.actions.undertakings import undertake
from qingchun.accounts.audit import write_down
from qingchun.notifications.actions import tell_unit
from qingchun.organizations.models import Organization
from qingchun.organizations.refusals import Refused
from reports import content
from reports.actions.reminders import plan_is_in
from reports.actions.writing import refuse_unless_editable
from reports.choices import MOVES, PlanState, Section
from reports.models import Plan, PlanExample, PlanVersion, Remark
from reports.notices import PLAN_APPROVED, PLAN_RETURNED
from reports.permissions import can_edit, can_review


def contents_of(plan):
    """The working copy: section → content."""
    return {section.key: section.content for section in plan.sections.all()}


def names_for(plan, contents):
    """What the keys and codes in a plan are called: kinds, the city's own, its units."""
    kinds = plan.campaign.kinds.filter(city=None).values_list("key", "name")
    units = Organization.objects.counties_of(plan.organization_id).values_list("code", "short_name")
    own_unit = {plan.organization_id: "市本级"}
    return dict(kinds) | content.innovations(contents) | dict(units) | own_unit


def problems_of(plan, contents=None, names=None):
    contents = contents or contents_of(plan)
    return list(
        content.problems(
            contents,
            least_kinds=plan.campaign.least_kinds,
            stages=plan.campaign.stages.all(),
            names=names or names_for(plan, contents),
        )
    )


@transaction.atomic
def submit(plan, *, actor):
    """Send the plan to the province as its next version, kept whole.

    Needs: a writer of the city, nothing missing. Late is allowed, and shows.
    Raises: PermissionDenied; Refused with what is missing, or when it was sent already.
    """
    if not can_edit(actor, plan):
        raise PermissionDenied
    if plan.is_editable:
        refuse_unless_editable(plan)
        contents = contents_of(plan)
        names = names_for(plan, contents)
        if missing := problems_of(plan, contents, names):
            raise Refused(f"方案还差 {len(missing)} 处没有写完：{missing[0][1]}请补齐后再报送。")
    sent_at, number = now(), plan.number + 1
    _move(
        plan, PlanState.SUBMITTED, actor=actor, verb="报送方案", number=number, sent_at=sent_at,
        first_sent_at=plan.first_sent_at or sent_at,
    )  # fmt: skip
    PlanVersion.objects.create(
        plan=plan,
        organization_id=plan.organization_id,
        number=number,
        content=contents | {"names": names},
        sent_at=sent_at,
        sent_by=actor.name,
    )
    plan_is_in(plan)


@transaction.atomic
def take_back(plan, *, actor):
    """The city takes a plan back, until review starts. The version stays, and its time counts."""
    if not can_edit(actor, plan):
        raise PermissionDenied
    was_returned = plan.remarks.filter(number=plan.number - 1).exists()
    state = PlanState.RETURNED if was_returned else PlanState.DRAFT
    _move(plan, state, actor=actor, verb="撤回方案")


@transaction.atomic
def start_review(plan, *, actor):
    if not can_review(actor, plan):
        raise PermissionDenied
    _move(plan, PlanState.IN_REVIEW, actor=actor, verb="开始审阅")


@transaction.atomic
def send_back(plan, *, actor, remarks):
    """Return the plan with remarks tied to its parts. Needs: section → remark, at least one."""
    if not can_review(actor, plan):
        raise PermissionDenied
    remarks = {section: text.strip() for section, text in remarks.items() if text.strip()}
    if not remarks:
        raise Refused("请至少在一个部分写明修改意见，再退回。")
    _move(plan, PlanState.RETURNED, actor=actor, verb="退回修改", decided_at=now())
    Remark.objects.bulk_create(
        Remark(
            plan=plan,
            organization_id=plan.organization_id,
            number=plan.number,
            section=section,
            text=text,
            made_by=actor.name,
        )
        for section, text in remarks.items()
    )
    _tell(plan, PLAN_RETURNED, count=len(remarks))


@transaction.atomic
def approve(plan, *, actor):
    """Approve the plan: from now on its city and counties are expected to run what it says."""
    if not can_review(actor, plan):
        raise PermissionDenied
    _move(plan, PlanState.APPROVED, actor=actor, verb="通过方案", decided_at=now())
    contents = plan.versions.get(number=plan.number).content
    undertake(
        plan.campaign,
        plan.organization,
        rows=content.rows(contents),
        own=content.innovations(contents),
        featured=contents[Section.FEATURED]["key"],
        action_day=content.day_of(contents[Section.ACTION_DAY]["on"]),
    )
    _tell(plan, PLAN_APPROVED)


def _tell(plan, purpose, **values):
    tell_unit(
        purpose,
        about=plan,
        organization_id=plan.organization_id,
        offset=plan.number,
        link=plan.get_absolute_url(),
        values={"unit": plan.organization.name, "campaign": plan.campaign.title, **values},
    )


@transaction.atomic
def publish(plan, *, actor):
    """Show an approved plan to all cities as an example, without anybody's name or number."""
    if not can_review(actor, plan):
        raise PermissionDenied
    if plan.state != PlanState.APPROVED:
        raise Refused("方案通过后才能作为示范发布。")
    sent = plan.versions.get(number=plan.number).content
    shown = {key: value for key, value in sent.items() if key != Section.PEOPLE}
    example, _ = PlanExample.objects.update_or_create(
        campaign=plan.campaign, city=plan.organization, defaults={"content": shown}
    )
    write_down(actor, "作为示范发布", plan)
    return example


def _move(plan, state, *, actor, verb, **fields):
    # Compare-and-set: of two who press at once, one row update wins.
    came_from = plan.state
    if plan.campaign.is_locked:
        raise Refused("这次行动已经总结锁定，方案只能查看。")
    unmoved = Plan.objects.filter(pk=plan.pk, state=came_from, number=plan.number)
    if (came_from, state) not in MOVES or not unmoved.update(state=state, **fields):
        raise Refused("方案的状态刚刚变了（可能已报送、撤回或有人审过），请刷新页面后再操作。")
    plan.refresh_from_db(fields=["state", *fields])
    write_down(actor, verb, plan, version=plan.number)
