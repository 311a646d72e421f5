"""A paper on its road: sent, taken back, returned, approved. Plans and summaries walk alike."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.utils.timezone import now

from campaigns.choices import DeadlineType
from campaigns.models import Campaign
from qingchun.accounts.models import User
from qingchun.accounts.steps import Moves, Road, Walk, stays, step, walking
from qingchun.ground.refusals import Refused
from qingchun.notifications.actions import no_longer, tell_unit
from qingchun.notifications.purposes import MessageType
from reports.papers import notices, summing
from reports.papers.actions.reminders import paper_is_in
from reports.papers.actions.workflow import contents_of, names_for, problems_of, road_of
from reports.papers.choices import CHANGE, NOT_LOCKED, PaperState, Section
from reports.papers.models import Erratum, Paper, PaperVersion, Plan, PlanExample, Remark, Summary
from reports.papers.permissions import can_edit, is_provinces_own, reviews, sends, settles

DRAFT, SUBMITTED, IN_REVIEW, RETURNED, APPROVED, *_ = PaperState
A_DAY = dt.timedelta(days=1)
NOT_YET = "总结还在您手里，数据会随登记自动更新，不用更正。"


def _edition(paper: Paper) -> Campaign:
    """As it is now: it may have been locked since the page was shown."""
    paper.campaign = Campaign.objects.get(pk=paper.campaign_id)
    return paper.campaign


def _tell(paper: Paper, purpose: MessageType, **values: str | int) -> int:
    return tell_unit(
        purpose,
        about=paper,
        organization_id=paper.organization_id,
        offset=f"{paper.number} {now().isoformat()}",  # returned, recalled, returned again
        link=paper.get_absolute_url(),
        values={"unit": paper.organization.name, "campaign": paper.campaign.title, **values},
    )


def _settled(paper: Paper, walk: Walk) -> None:
    """What waits to be said of where it stood before does not hold any more."""
    if walk.to != walk.came_from:
        no_longer(paper)


PLANS = Road("plans", Plan, whole="campaign", hold=_edition, tell=_tell, after=_settled)
SUMMARIES = Road("summaries", Summary, whole="campaign", hold=_edition, tell=_tell, after=_settled)
# The province's own, which nobody above it reads.
OWN = Road("own-summaries", Summary, whole="campaign", hold=_edition)


def paper_step(
    road: Road, moves: Moves, verb: str, body: Callable[..., None], *, key: str, **more: Any
) -> None:
    """A step whose ``body(paper, walk, actor, …)`` does what is particular to it."""

    @step(road, moves, verb, key=key, within=NOT_LOCKED, **more)
    def act(paper: Paper, *, actor: User, **given: Any) -> None:
        with walking(act, paper, actor) as walk:
            walk.noted["version"] = paper.number
            body(paper, walk, actor, **given)


def _send(paper: Paper, walk: Walk, actor: User) -> None:
    """As its next version, kept whole. Late is allowed, and shows.

    Raises: Refused with what is missing.
    """
    road, contents = road_of(paper), contents_of(paper)
    names = names_for(paper, contents)
    if missing := problems_of(paper, contents, names):
        raise Refused(
            f"{road.short}还差 {len(missing)} 处没有写完：{missing[0][1]}请补齐后再报送。"
        )
    sent_at, number = now(), paper.number + 1
    walk.facts |= {
        "number": number, "sent_at": sent_at, "first_sent_at": paper.first_sent_at or sent_at,
    }  # fmt: skip
    walk.noted["version"] = number
    PaperVersion.objects.create(
        paper=paper,
        organization_id=paper.organization_id,
        number=number,
        content=contents | {"names": names} | road.sealed(paper, number, sent_at),
        sent_at=sent_at,
        sent_by=actor.name,
    )
    paper_is_in(paper)


def _settle(paper: Paper, walk: Walk, actor: User) -> None:
    """Nobody stands above the province to read its own."""
    _send(paper, walk, actor)
    walk.facts["decided_at"] = walk.facts["sent_at"]


def _take_back(paper: Paper, walk: Walk, actor: User) -> None:
    """The version stays, and its time counts."""
    was_returned = paper.remarks.filter(number=paper.number - 1).exists()
    walk.to = RETURNED if was_returned else DRAFT


def _nothing(paper: Paper, walk: Walk, actor: User) -> None:
    pass


def _send_back(paper: Paper, walk: Walk, actor: User, *, remarks: Mapping[str, str]) -> None:
    """With remarks tied to its parts. Needs: section → remark, at least one."""
    remarks = {section: text.strip() for section, text in remarks.items() if text.strip()}
    if not remarks:
        raise Refused("请至少在一个部分写明修改意见，再退回。")
    walk.facts["decided_at"] = now()
    walk.words["count"] = len(remarks)
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


def _recall(paper: Paper, walk: Walk, actor: User) -> None:
    """It was returned by mistake, and the city has not begun to mend it: the remarks go."""
    if paper.sections.filter(edited_at__gt=paper.decided_at).exists():
        raise Refused("市里已经在修改，不能再收回。请等修改后重新报送。")
    paper.remarks.filter(number=paper.number).delete()
    walk.facts["decided_at"] = None


def _approve(paper: Paper, walk: Walk, actor: User) -> None:
    """Of a plan: from now on its units are expected to run what it says."""
    walk.facts["decided_at"] = now()
    road_of(paper).on_approval(paper, paper.versions.get(number=paper.number).content)


def _is_settled(paper: Paper) -> str:
    """Who was told has made plans since: a day is for what was done by mistake."""
    if not paper.decided_at or now() - paper.decided_at <= A_DAY:
        return ""
    plan = paper.purpose == DeadlineType.PLAN
    instead = "方案的，请市里申请变更" if plan else "数据的，请市里更正"
    return f"通过已经满一天，不能再收回。要改{instead}。"


def _take_approval_back(paper: Paper, walk: Walk, actor: User) -> None:
    """It was approved by mistake, and nobody has acted on it: it is read again."""
    road_of(paper).on_recall(paper)
    walk.facts["decided_at"] = None


def _walked_by_cities(
    road: Road,
    short: str,
    *,
    sending: str,
    sent: str,
    approving: str,
    approved: str,
    taking_back: str,
    notice: tuple[MessageType, MessageType, MessageType, MessageType],
) -> None:
    """What plans and summaries have in common.

    ``notice``: (returned, recalled, approved, its approval taken back).
    """
    paper_step(
        road, ((DRAFT, SUBMITTED), (RETURNED, SUBMITTED)), f"报送{short}", _send, key="submit",
        may=sends, label="报送团省委", ask=sending, said=sent,
    )  # fmt: skip
    paper_step(
        road, ((SUBMITTED, DRAFT), (SUBMITTED, RETURNED)), f"撤回{short}", _take_back,
        key="take-back", may=sends, label="撤回", ask="撤回吗？撤回后要重新报送。",
        said="已撤回，可以继续修改。",
    )  # fmt: skip
    paper_step(
        road, ((SUBMITTED, IN_REVIEW),), "开始审阅", _nothing, key="review", may=reviews,
        label="开始审阅", said="审阅已开始，市里暂时不能撤回。",
        ask="开始审阅吗？开始后市里不能自己撤回，要您退回或者先不审了。",
    )  # fmt: skip
    paper_step(
        road, ((IN_REVIEW, SUBMITTED),), "停止审阅", _nothing, key="stop-review", may=reviews,
        label="先不审了", said="已放回待审阅，市里又可以撤回。",
    )  # fmt: skip
    paper_step(
        road, ((IN_REVIEW, RETURNED),), "退回修改", _send_back, key="send-back", may=reviews,
        tells={RETURNED: notice[0]}, label="退回修改", said="{record}已退回修改。",
    )  # fmt: skip
    paper_step(
        road, ((RETURNED, IN_REVIEW),), f"收回退回的{short}", _recall, key="recall", may=reviews,
        tells={IN_REVIEW: notice[1]}, label="退错了，收回", said="已收回，接着审阅。",
        ask="收回吗？这次写的意见会删去，市里会收到通知。",
    )  # fmt: skip
    paper_step(
        road, ((IN_REVIEW, APPROVED),), f"通过{short}", _approve, key="approve", may=reviews,
        tells={APPROVED: notice[2]}, label="通过", ask=approving, said=approved,
    )  # fmt: skip
    paper_step(
        road, ((APPROVED, IN_REVIEW),), f"收回通过的{short}", _take_approval_back, key="unapprove",
        may=reviews, needs=_is_settled, tells={IN_REVIEW: notice[3]}, label="点错了，收回通过", ask=taking_back,
        said="已收回，接着审阅。",
    )  # fmt: skip


_walked_by_cities(
    PLANS, "方案",
    sending="报送吗？报送后不能再改；团省委开始审阅以前可以撤回。",
    sent="已报送团省委基层组织建设部。审阅开始前可以撤回。",
    approving="通过吗？各单位承担的项目随即记入台账；点错了，一天以内可以收回。",
    approved="{record}已通过，所选活动已下达到承担单位。",
    taking_back="收回通过吗？各单位承担的项目从台账撤下，市里会收到通知。",
    notice=(
        notices.PLAN_RETURNED, notices.PLAN_RECALLED, notices.PLAN_APPROVED,
        notices.PLAN_UNAPPROVED,
    ),
)  # fmt: skip
_walked_by_cities(
    SUMMARIES, "总结",
    sending="报送吗？数据从现在起封存，以后有变只能更正，不能再改。",
    sent="{record}已报送，数据已封存。",
    approving="通过吗？通过后不能退回，数据以后有变只能更正。",
    approved="{record}已通过。",
    taking_back="收回通过吗？接着审阅，封存的数据不变，市里会收到通知。",
    notice=(
        notices.SUMMARY_RETURNED, notices.SUMMARY_RECALLED, notices.SUMMARY_APPROVED,
        notices.SUMMARY_UNAPPROVED,
    ),
)  # fmt: skip
paper_step(
    OWN, ((DRAFT, APPROVED),), "定稿总结", _settle, key="settle", may=settles,
    label="定稿", ask="定稿吗？数据从现在起封存，以后有变只能更正，不能再改。", said="{record}已定稿，数据已封存。",
)  # fmt: skip


@step(PLANS, stays(APPROVED), "作为示范发布", may=reviews, label="作为示范发布",
      ask="作为示范发布吗？各市都能看到，随时可以撤下。责任人姓名和电话不公开。",
      said="{record}已作为示范发布，责任人姓名和电话没有公开。")  # fmt: skip
def publish(plan: Plan, *, actor: User) -> PlanExample:
    """Show an approved plan to all cities as an example, without anybody's name or number."""
    with walking(publish, plan, actor) as walk:
        walk.facts["shown_at"] = now()
        sent = plan.versions.get(number=plan.number).content
        shown = {key: sent[key] for key in sent if key not in (Section.PEOPLE, CHANGE)}
        example, _ = PlanExample.objects.update_or_create(
            campaign=plan.campaign, city=plan.organization, defaults={"content": shown}
        )
    return example


def _is_not_shown(plan: Plan) -> str:
    return "" if plan.shown_at else "这份方案没有作为示范发布。"


@step(PLANS, stays(APPROVED), "撤下示范方案", may=reviews, needs=_is_not_shown, label="撤下示范",
      said="已撤下，各市不再看到。")  # fmt: skip
def unpublish(plan: Plan, *, actor: User) -> None:
    """Shown by mistake: no city sees it any more, and the approval can be taken back."""
    with walking(unpublish, plan, actor) as walk:
        walk.facts["shown_at"] = None
        PlanExample.objects.filter(campaign=plan.campaign_id, city=plan.organization_id).delete()


@step(SUMMARIES, stays(SUBMITTED, IN_REVIEW, APPROVED), "更正数据", may=can_edit,
      within=NOT_LOCKED, says={DRAFT: NOT_YET, RETURNED: NOT_YET})  # fmt: skip
def mend(paper: Paper, *, actor: User, chosen: Collection[str], reason: str) -> list[Erratum]:
    """Correct sealed figures to what the records say now; the old ones stay beside them.

    ``chosen``: names of figures. Returns: the errata. Raises: PermissionDenied; Refused without a
    reason, while it is being written, or when none of them left its seal.
    """
    with walking(mend, paper, actor) as walk:
        if not reason.strip():
            raise Refused("请写明为什么更正，例如“小店区补登两场”。")
        reading = summing.read_sealed(paper, paper.versions.get(number=paper.number))
        drift = [row for row in summing.drifted(paper, reading) if row.was.name in chosen]
        if not drift:
            raise Refused("选中的数据和现在的登记一致，不用更正。")
        made = [_erratum(paper, row, reason, actor) for row in drift]
        walk.noted["figures"] = {row.was.name: [row.was.value, row.now.value] for row in drift}
    return made


def _erratum(paper: Paper, row: summing.Drift, reason: str, actor: User) -> Erratum:
    return Erratum.objects.create(
        paper=paper,
        organization_id=paper.organization_id,
        number=paper.number,
        figure=row.was.name,
        label=row.label,
        was=row.was.value,
        becomes=row.now.value,
        units=row.now.units,
        reason=reason.strip()[:300],
        made_by=actor.name,
    )


def _of(key: str) -> Callable[..., Any]:
    """The step of either kind of paper; the province settles its own where a city sends."""

    def act(paper: Paper, *, actor: User, **given: Any) -> Any:
        road = PLANS if paper.purpose == DeadlineType.PLAN else SUMMARIES
        if key == "submit" and is_provinces_own(paper):
            return OWN.steps["settle"].act(paper, actor=actor)
        return road.steps[key].act(paper, actor=actor, **given)

    return act


submit, take_back, start_review = _of("submit"), _of("take-back"), _of("review")
send_back, recall, approve = _of("send-back"), _of("recall"), _of("approve")
unapprove = _of("unapprove")
