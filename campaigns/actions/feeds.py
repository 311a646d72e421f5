import datetime as dt
import hashlib
import secrets

from django.db import transaction
from django.db.models import F

from campaigns.choices import CampaignState
from campaigns.models import CalendarKey, Deadline, Extension
from qingchun.accounts import found
from qingchun.accounts.audit import record_event
from qingchun.accounts.models import Membership
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


def deadlines_of(membership: Membership) -> list[tuple[Deadline, dt.date]]:
    """(deadline, the unit's own last day) of the editions that are open."""
    code = membership.organization_id
    alive = Deadline.objects.filter(campaign__state=CampaignState.OPEN)
    with rls_context(scope=code):
        more = Extension.objects.filter(organization_id=code)
        until = dict(more.values_list("deadline_id", "until_on"))
        rows = list(alive.select_related("campaign").order_by("pk"))
    return [(row, until.get(row.pk, row.enforced_on)) for row in rows]
