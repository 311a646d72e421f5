"""What a unit tells on its own public page."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery

from qingchun.accounts.audit import record_event
from qingchun.accounts.models import Membership, User
from qingchun.ground.refusals import only_if
from qingchun.ground.ringing import HOTLINE, Office
from qingchun.organizations.choices import ReminderRole
from qingchun.organizations.codes import above, is_above_county
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import acting
from talent.youth import pages
from talent.youth.models import Hometown, Posting
from talent.youth.permissions import can_keep

DESK = ("greeting", "phone", "address", "hours")


@transaction.atomic
def describe(*, actor: User, **values: Any) -> Hometown:
    """Greeting, telephone, address and hours of the actor's own unit."""
    only_if(can_keep(actor, actor.scope))
    page, _ = Hometown.objects.update_or_create(organization_id=actor.scope, defaults=values)
    record_event(actor, "修改家乡页", page)
    pages.forget(actor.scope)
    return page


@transaction.atomic
def post(*, actor: User, **values: Any) -> Posting:
    only_if(can_keep(actor, actor.scope))
    posting = Posting.objects.create(organization_id=actor.scope, by_name=actor.name, **values)
    record_event(actor, "发布家乡页内容", posting)
    pages.forget(actor.scope)
    return posting


@transaction.atomic
def take_down(posting: Posting, *, actor: User) -> None:
    only_if(can_keep(actor, posting.organization_id))
    record_event(actor, "撤下家乡页内容", posting)
    pages.forget(posting.organization_id)
    posting.delete()


def desk_of(code: str) -> dict[str, str]:
    """Where to turn: what the unit says of itself and who is responsible there, else its county;
    its number is that of the nearest office that has said one.

    The name of an office, found by the post; never that of a private person.
    """
    posts = Membership.objects.filter(organization=OuterRef("pk")).active().order_by("pk")
    lead = posts.filter(duty=ReminderRole.LEAD) | posts.filter(duty=ReminderRole.DEPUTY)
    with acting("publish for all"):
        units = (
            Organization.objects.filter(code__in=[*above(code), code])
            .order_by("-code")
            .annotate(
                lead_name=Subquery(lead.order_by("-duty").values("user__name")[:1]),
                lead_post=Subquery(lead.order_by("-duty").values("post")[:1]),
            )
            .values(
                "lead_name",
                "lead_post",
                "code",
                "short_name",
                *(f"hometown__{name}" for name in DESK),
            )
        )
        found = list(units)
    desk: dict[str, str] = {}
    own = [unit for unit in found if unit["code"] == code or not is_above_county(unit["code"])]
    for unit in reversed(own):
        keys = ("lead_name", "lead_post", *(f"hometown__{name}" for name in DESK))
        told = {key.removeprefix("hometown__"): unit[key] for key in keys if unit[key]}
        if "lead_name" in told:
            desk.pop("lead_post", None)
        desk |= told
    if "phone" not in desk:
        office = _nearest(found) or HOTLINE
        desk |= {"phone": office.phone, "phone_of": office.name}
    return desk


def office_of(code: str) -> Office | None:
    """The nearest office of a place, from its township up, that tells its number on its page."""
    units = Organization.objects.filter(code__in=[*above(code), code]).order_by("-code")
    return _nearest(units.values("short_name", "hometown__phone"))


def _nearest(units: Iterable[Mapping[str, Any]]) -> Office | None:
    """``units``: from the nearest up."""
    told = (
        Office(one["short_name"], one["hometown__phone"]) for one in units if one["hometown__phone"]
    )
    return next(told, None)
