"""Plans and summaries that wait, for 今天: at a city to be written, at the province to be read."""

import datetime as dt

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import localtime

from campaigns.choices import CampaignState, DeadlineType
from campaigns.models import Deadline, Extension
from qingchun.accounts.permissions import acts_as
from qingchun.accounts.waiting import MOST, Waiting, queue
from qingchun.ground.links import address_of
from qingchun.ground.prepared import prepared, then
from qingchun.organizations.choices import Level
from reports.papers.choices import EDITABLE, PaperState
from reports.papers.models import Paper
from reports.papers.permissions import REVIEWERS, WRITERS

# So long before its last day a city is told of a paper that it has not begun.
AHEAD = dt.timedelta(30)
SAID = {
    PaperState.DRAFT: "正在起草",
    PaperState.RETURNED: "退回修改",
    PaperState.CHANGING: "正在变更，还没有报送",
}
PAGES = {DeadlineType.PLAN: "reports:plan", DeadlineType.SUMMARY: "reports:summary"}
LISTS = {DeadlineType.PLAN: "reports:plans", DeadlineType.SUMMARY: "reports:summaries"}


def papers(user, day):
    level = user.acting.organization.level
    if level == Level.PROVINCE and acts_as(user, *REVIEWERS):
        yield _to_read(user, day)
    if level == Level.CITY and acts_as(user, *WRITERS):
        yield _to_write(user, day)


def _to_read(user, day):
    found = prepared(Paper.objects).visible_to(user).to_read()
    rows = found.values(
        "pk", "purpose", "state", "sent_at", "organization__short_name", "campaign__title"
    )[:MOST]

    def made(row):
        purpose, sent = DeadlineType(row["purpose"]), localtime(row["sent_at"])
        days, is_change = (day - sent.date()).days, row["state"] == PaperState.ASKED
        return Waiting(
            icon="file-text",
            tone="i-blue",
            what=f"{row['organization__short_name']}{purpose.label}{'变更' if is_change else ''}",
            who=f"{row['campaign__title']} · {sent.month}月{sent.day}日报送",
            when=day,
            until=f"等了 {days} 天" if days else "今天报送",
            url=address_of(PAGES[purpose], row["pk"]),
            do="接着审阅" if row["state"] == PaperState.IN_REVIEW else "审阅",
        )

    return queue("等待审阅的材料", address_of("reports:plans"), rows, made)


def _to_write(user, day):
    rows = then(prepared(Deadline.objects), _owed, None, user.scope, day + AHEAD)

    def made(row):
        purpose, last = DeadlineType(row["purpose"]), row["last"]
        is_returned, is_change = (
            row["state"] == state for state in (PaperState.RETURNED, PaperState.CHANGING)
        )
        last_day = "" if is_change else f" · {last.month}月{last.day}日前报送"
        page = address_of(PAGES[purpose], row["paper"]) if row["paper"] else (
            f"{address_of(LISTS[purpose])}?campaign={row['campaign_id']}"
        )  # fmt: skip
        return Waiting(
            icon="file-text",
            tone="i-blue",
            what=f"{purpose.label}：{SAID.get(row['state'], '还没有动笔')}",
            who=f"{row['title']}{last_day}",
            # What came back waits today, although it was in time; a change is due on no day.
            when=day if is_returned else None if is_change else last,
            until="退回了" if is_returned else "",
            url=page,
            do="修改" if is_returned or is_change else "去写",
        )

    return queue("要报送的材料", address_of("reports:plans"), rows, made)


def _owed(found, _, code, soon):
    """Each deadline of an open edition whose paper the city still has in its hands."""
    paper = Paper.objects.filter(
        campaign=OuterRef("campaign"), purpose=OuterRef("purpose"), organization=code
    )
    granted = Extension.objects.filter(deadline=OuterRef("pk"), organization=code)
    own = Q(state=None) | Q(state__in=EDITABLE)
    return (
        found.filter(campaign__state=CampaignState.OPEN)
        .annotate(
            paper=Subquery(paper.values("pk")[:1]),
            state=Subquery(paper.values("state")[:1]),
            last=Coalesce(Subquery(granted.values("until_on")[:1]), F("enforced_on")),
        )
        .filter(own, Q(last__lte=soon) | Q(state__isnull=False))
        .order_by("last", "pk")
        .values("purpose", "campaign_id", "paper", "state", "last", title=F("campaign__title"))[
            :MOST
        ]
    )
