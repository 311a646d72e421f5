"""A unit was merged: what it was still writing goes on, what it sent stays as it was sent."""

from typing import Any

from django.db.models import QuerySet

from campaigns.choices import CampaignState
from qingchun.organizations.happening import free
from qingchun.organizations.models import Organization
from reports.papers.choices import PaperState
from reports.papers.models import Paper


def papers(rows: QuerySet, *, after: Organization, **_: Any) -> int:
    return _drafts(rows, after).update(organization=after)


def parts(rows: QuerySet, *, closed: Organization, after: Organization) -> int:
    """The sections and attachments of those drafts."""
    drafts = _drafts(Paper.objects.filter(organization=closed), after)
    return rows.filter(paper__in=drafts).update(organization=after)


def _drafts(rows: QuerySet, after: Organization) -> QuerySet:
    never_sent = rows.filter(state=PaperState.DRAFT, first_sent_at=None)
    return free(never_sent.exclude(campaign__state=CampaignState.LOCKED), "organization", after)
