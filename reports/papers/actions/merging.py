"""A unit was merged: what it was still writing goes on, what it sent stays as it was sent."""

from campaigns.choices import CampaignState
from qingchun.organizations.happening import free
from reports.papers.choices import PaperState
from reports.papers.models import Paper


def papers(rows, *, after, **_):
    return _drafts(rows, after).update(organization=after)


def parts(rows, *, closed, after):
    """The sections and attachments of those drafts."""
    drafts = _drafts(Paper.objects.filter(organization=closed), after)
    return rows.filter(paper__in=drafts).update(organization=after)


def _drafts(rows, after):
    never_sent = rows.filter(state=PaperState.DRAFT, first_sent_at=None)
    return free(never_sent.exclude(campaign__state=CampaignState.LOCKED), "organization", after)
