"""Which city has sent its plan or summary, and whether in time. In the order of their codes."""

from collections import Counter

from django.db.models import OuterRef, Q, Subquery
from django.utils.timezone import now

from campaigns.models import (
    Extension,
)
from qingchun.ground.prepared import prepared, then
from qingchun.organizations.choices import Level
from qingchun.organizations.models import Organization
from reports.papers.choices import PaperState, Punctuality
from reports.papers.models import Paper
from reports.papers.punctuality import punctuality

STATES = {**dict(PaperState.choices), "": "未报送"}


def deadline_of(campaign, purpose):
    return next((d for d in campaign.deadlines.all() if d.purpose == purpose), None)


def units_of(code, level, deadline, counted=()):
    """Cities of the province or counties of a city, with the day of their extension if any.

    ``counted``: codes of which there are figures; they are shown if they are closed by now.
    """
    found = prepared(Organization.objects).within(code).filter(level=level)
    return then(found, _still_there, None, list(counted), deadline)


def _still_there(units, _, counted, deadline):
    extension = Extension.objects.filter(deadline=deadline, organization=OuterRef("pk"))
    units = units.filter(Q(closed_on=None) | Q(code__in=counted))
    return units.annotate(extended_until=Subquery(extension.values("until_on")[:1]))


def paper_rows(purpose, campaign, user, papers=None):
    """Each city with its plan or summary (or none) and how it stands with the deadline.

    ``papers``: code → paper, where they are known already.
    """
    deadline = deadline_of(campaign, purpose)
    due_on = deadline and deadline.enforced_on
    if papers is None:
        found = prepared(Paper.objects).visible_to(user).filter(campaign=campaign, purpose=purpose)
        papers = {paper.organization_id: paper for paper in found}
    return [
        {"unit": unit, **standing_with(papers.get(unit.code), due_on, unit.extended_until)}
        for unit in units_of(user.scope, Level.CITY, deadline)
    ]


def standing_of(paper):
    """How one paper stands with its deadline. Needs: a paper asked for ``with_deadline()``."""
    return standing_with(paper, paper.due_on, paper.extended_until)


def standing_with(plan, due_on, extended_until):
    sent = plan.first_sent_at if plan else None
    how = punctuality(sent, due_on, extended_until, now()) if due_on else None
    state = plan.state if plan and plan.first_sent_at else ""
    return {
        "paper": plan,
        "plan": plan,
        "state": state or "draft",
        "state_label": STATES[state],
        "punctuality": how,
        "punctuality_label": how.label if how else "",
        "extended_until": extended_until,
        "sent_at": sent,
    }


def punctuality_counts(rows):
    """How many of those expected are on time, 准延, late or not due."""
    counts = Counter(row["punctuality"] for row in rows)
    return [(how, how.label, counts[how]) for how in Punctuality]
