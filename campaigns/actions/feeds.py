import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils.timezone import get_current_timezone

from campaigns.choices import CampaignState
from campaigns.models import CalendarKey, Deadline, Extension
from qingchun.accounts import found
from qingchun.accounts.audit import record_event
from qingchun.accounts.models import Membership
from qingchun.ground.portal import answers
from qingchun.organizations.choices import Level
from qingchun.organizations.walls import rls_context


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def make_key(membership: Membership) -> str:
    """Returns: the key, which is shown once and not kept."""
    key = secrets.token_urlsafe(32)
    CalendarKey.objects.update_or_create(
        membership=membership,
        defaults={"digest": _digest(key), "credential_version": membership.user.credential_version},
    )
    record_event(membership.user, "生成日历网址", membership)
    return key


@transaction.atomic
def drop_key(membership: Membership) -> None:
    CalendarKey.objects.filter(membership=membership).delete()
    record_event(membership.user, "停用日历网址", membership)


def membership_of(key: str) -> Membership | None:
    """The standing post a key was made for, or None."""
    digest = _digest(key)
    holder = found.first("campaigns_found_by_key(%s::text)", digest)
    with rls_context(person=holder):
        posts = Membership.objects.active().filter(
            calendar_key__digest=digest,
            # A key ends with the sessions and the other keys of its person.
            calendar_key__credential_version=F("user__credential_version"),
        )
        return posts.select_related("organization").first()


@dataclass(frozen=True)
class Owed:
    """A deadline that a unit has not met yet. ``until_on``: its own last day, decided last at
    ``decided_at``."""

    deadline: Deadline
    until_on: dt.date
    decided_at: dt.datetime


def owed_by(membership: Membership) -> list[Owed]:
    """What the unit of a post still owes: of the editions that are open, what it has not sent. Plans
    and summaries are the cities'; whoever is above or below them owes none."""
    unit = membership.organization
    if unit.level != Level.CITY:
        return []
    alive = Deadline.objects.filter(campaign__state=CampaignState.OPEN)
    with rls_context(scope=unit.code):
        sent = {thing for ask in answers("sent") for thing in ask(unit.code)}
        more = Extension.objects.filter(organization_id=unit.code).select_related("deadline")
        extensions = {one.deadline_id: one for one in more}
        rows = list(alive.select_related("campaign").order_by("pk"))
    return [
        _owed(row, extensions.get(row.pk))
        for row in rows
        if (row.campaign_id, row.purpose) not in sent
    ]


def _owed(deadline: Deadline, extension: Extension | None) -> Owed:
    # What nobody has decided since it was copied has stood since the edition began.
    began = dt.datetime.combine(deadline.campaign.starts_on, dt.time(), get_current_timezone())
    decided = deadline.decided_at or began
    if extension is None:
        return Owed(deadline, deadline.enforced_on, decided)
    return Owed(deadline, extension.until_on, max(decided, extension.granted_at))
