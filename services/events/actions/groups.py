"""名额: what an event's groups are to be, row by row as its form says it."""

from collections.abc import Sequence
from typing import Any

from qingchun.accounts.models import User
from qingchun.ground.refusals import Refused
from qingchun.organizations.walls import acting
from services.events.actions.shifts import is_used
from services.events.models import Event, EventGroup, GroupRow, PointGiven, ServicePoint
from services.events.permissions import can_stand_at


def _point(actor: User, named: PointGiven | None) -> ServicePoint | None:
    """The station a shift is at: the same one for whoever stands there."""
    if not named:
        return None
    if not can_stand_at(actor, named["county"]):
        raise Refused("服务点要在本级范围内，请重新选所在的县（市、区）。")
    with acting("run an event"):  # a township stands at a point of its county
        found, _ = ServicePoint.objects.get_or_create(
            organization_id=named["county"], name=named["name"], defaults={"kind": named["kind"]}
        )
    return found


def write_groups(event: Event, actor: User, rows: Sequence[GroupRow]) -> None:
    """Bring the groups to what the rows say. Raises: Refused for one that people are in."""
    if not rows:
        raise Refused("请至少写一行名额。")
    before = {g.pk: g for g in EventGroup.objects.filter(event=event, cancelled_why="")}
    told_apart = set()
    for given in rows:
        row: dict[str, Any] = {**given}
        group = before.pop(row.pop("pk", None), None) or EventGroup(
            event=event, organization_id=event.organization_id
        )
        row["point"] = _point(actor, row.pop("point", None))
        if row["capacity"] < group.taken:
            raise Refused(
                f"“{group.name}”已经有 {group.taken} 人，名额不能少于这个数。要减少，请先联系报名的人。"
            )
        for name, value in row.items():
            setattr(group, name, value)
        if group.starts_at and group.ends_at <= group.starts_at:
            raise Refused(f"“{group.name}”的结束时间要晚于开始时间。")
        own = (group.host, group.name, group.starts_at)
        if own in told_apart:
            raise Refused(f"“{group.name_and_time}”有两行，请合成一行。")
        told_apart.add(own)
        group.save()
    for group in before.values():
        # Seen past the wall: a sign-up of another unit's person is one all the same.
        with acting("run an event"):
            used = is_used(group)
        if used:
            raise Refused(f"“{group.name}”已经有人报名，不能删去。")
        group.delete()
