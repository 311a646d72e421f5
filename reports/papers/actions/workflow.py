"""One road for plans and summaries; here is what differs between the two."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from campaigns.actions.undertakings import give_up, undertake
from campaigns.choices import DeadlineType
from campaigns.models import Activity, Undertaking
from qingchun.accounts.models import User
from qingchun.ground.prepared import prepared
from qingchun.ground.refusals import Refused
from qingchun.organizations.models import Organization
from reports.papers import content, summary_content
from reports.papers.actions import sealing
from reports.papers.choices import CHANGE, Part, Section
from reports.papers.content import Contents
from reports.papers.models import Erratum, Paper, PaperVersion, Plan, Summary
from reports.papers.permissions import (
    can_write_plans,
    can_write_summaries,
    is_province,
    is_provinces_own,
)
from reports.papers.summing import Sealed


def contents_of(paper: Paper) -> Contents:
    """The working copy: section → content."""
    return {section.key: section.content for section in prepared(paper.sections)}


def _names_in_plan(plan: Plan, contents: Contents) -> dict[str, str]:
    """What the keys and codes in a plan are called: kinds, the city's own, its units."""
    kinds = prepared(plan.campaign.kinds).of_all().values_list("key", "name")
    units = prepared(Organization.objects).counties_of(plan.organization_id)
    units = units.values_list("code", "short_name")
    own_unit = {plan.organization_id: "市本级"}
    return dict(kinds) | content.innovations(contents) | dict(units) | own_unit


def _missing_in_plan(
    plan: Plan, contents: Contents, names: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    return content.problems(
        contents,
        least_kinds=plan.campaign.least_kinds,
        stages=plan.campaign.stages.all(),
        names=names,
    )


def _run_the_plan(plan: Plan, contents: Contents) -> None:
    undertake(
        plan.campaign,
        plan.organization,
        rows=content.rows(contents),
        own=content.innovations(contents),
        featured=contents[Section.FEATURED]["key"],
        action_day=content.day_of(contents[Section.ACTION_DAY]["on"]),
    )


def _stop_the_plan(plan: Plan) -> None:
    """Raises: Refused once a unit has begun with it, or it is an example to others."""
    if plan.versions.get(number=plan.number).content.get(CHANGE):
        raise Refused("这份方案已经按变更后的执行，不能收回通过。要再改的，请市里申请变更。")
    of_city = {"campaign": plan.campaign_id}
    ours = Activity.objects.within(plan.organization_id).filter(**of_city)
    said = Undertaking.objects.within(plan.organization_id).filter(**of_city)
    if ours.filter(logged_at__gt=plan.decided_at).exists():
        raise Refused(
            "通过以后已经有单位登记活动，不能再收回。要改的，请市里按实际情况办，在总结里说明。"
        )
    own = Activity._base_manager
    if own.filter(kind__city=plan.organization_id, **of_city).exists():
        raise Refused("已经有活动登记在市里自己的项目上，不能再收回。")
    if said.exclude(nothing_to_report_at=None).exists():
        raise Refused("已经有单位按这份方案说明没有可报，不能再收回。")
    if plan.shown_at:
        raise Refused("已经作为示范发布，请先撤下示范再收回通过。")
    give_up(plan.campaign, plan.organization)


def _open_the_summary(summary: Summary) -> None:
    """The seal stands since it was sent. Raises: Refused once the city has corrected it."""
    if Erratum.objects.filter(paper=summary, made_at__gt=summary.decided_at).exists():
        raise Refused("通过以后市里已经更正过数据，不能再收回。")


@dataclass(frozen=True)
class PaperWorkflow:
    model: type[Paper]
    short: str
    sections: Iterable[str]
    empty: Contents
    lines: Callable[..., list[tuple[str, str]]]
    can_write: Callable[[User], bool]
    names_for: Callable[[Any, Contents], dict[str, str]]
    # (paper, contents, names) -> (section, what to do) pairs
    missing: Callable[[Any, Contents, Mapping[str, str]], Iterator[tuple[str, str]]]
    on_approval: Callable[[Any, Contents], None] = lambda paper, contents: None
    # An approval that is taken back; refuses where the other side has acted on it
    on_recall: Callable[[Any], None] = lambda paper: None
    # (paper, number, moment) -> what is kept along with the version
    sealed: Callable[[Any, int, dt.datetime], dict[str, Sealed]] = lambda paper, number, moment: {}


ROADS: dict[str, PaperWorkflow] = {
    DeadlineType.PLAN: PaperWorkflow(
        Plan,
        "方案",
        Section,
        content.EMPTY,
        content.lines,
        can_write_plans,
        _names_in_plan,
        _missing_in_plan,
        _run_the_plan,
        _stop_the_plan,
    ),
    DeadlineType.SUMMARY: PaperWorkflow(
        Summary,
        "总结",
        Part,
        summary_content.EMPTY,
        summary_content.lines,
        can_write_summaries,
        lambda summary, contents: {},
        lambda summary, contents, names: summary_content.problems(contents),
        on_recall=_open_the_summary,
        sealed=sealing.seal,
    ),
}


def road_of(paper: Paper) -> PaperWorkflow:
    return ROADS[paper.purpose]


def names_for(paper: Paper, contents: Contents) -> dict[str, str]:
    return road_of(paper).names_for(paper, contents)


def problems_of(
    paper: Paper, contents: Contents | None = None, names: Mapping[str, str] | None = None
) -> list[tuple[str, str]]:
    """What stands between the paper and its sending: (section, what to do) for each thing."""
    contents = contents or contents_of(paper)
    return list(road_of(paper).missing(paper, contents, names or names_for(paper, contents)))


def shown(paper: Paper, user: User) -> tuple[Contents, Mapping[str, str], PaperVersion | None]:
    """(contents, names, version or None): the province reads what was sent, never the mending;
    the unit reads its working copy while it writes."""
    is_reader = is_province(user) and not is_provinces_own(paper)
    if paper.number and (is_reader or not paper.is_editable):
        # All of them, since lists bring them along: there are two or three.
        version = next(v for v in prepared(paper.versions) if v.number == paper.number)
        return version.content, version.content["names"], version
    contents = contents_of(paper)
    return contents, names_for(paper, contents), None
