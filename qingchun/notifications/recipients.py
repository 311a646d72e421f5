"""Who of a unit is told: asked once for all units, answered from roles and duties."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from qingchun.accounts.models import Membership, User
from qingchun.notifications import channels
from qingchun.notifications.drafts import People, Person
from qingchun.notifications.models import GroupChat
from qingchun.organizations.choices import ReminderRole, Role

PERSON = ("pk", "name", "preference__off", "preference__muted")
POST = ("organization_id", "role", "duty")


def _columns() -> tuple[str, ...]:
    """Of a person, with their address for each channel that needs one."""
    return (*PERSON, *(channel.address for channel in channels.to_persons() if channel.address))


def person_from(
    pk: int,
    name: str,
    off: Collection[str] | None,
    muted: Collection[str] | None,
    *addresses: str | None,
) -> Person:
    left, ways = iter(addresses), []
    for channel in channels.to_persons():
        reaches = not channel.address or next(left)
        if reaches and channel.name not in (off or ()):
            ways.append(channel.name)
    return Person(pk, name, tuple(ways), tuple(muted or ()))


def persons_of(*user_ids: int) -> list[Person]:
    """The active ones of these people, with what each has switched off."""
    found = User.objects.filter(pk__in=user_ids, is_active=True)
    return [person_from(*row) for row in found.values_list(*_columns())]


def people_of(codes: Collection[str]) -> dict[str, People]:
    """Unit code → ``People``, for each of the codes; two queries however many there are.

    Where nobody is named responsible, the unit's first editor is, or its first administrator;
    where no secretary is named, its administrators are.
    """
    found, posts = {code: People() for code in codes}, defaultdict(list)
    rows = Membership.objects.filter(organization_id__in=codes).active().order_by("pk")
    of_them = (f"user__{name}" for name in _columns())
    for code, role, duty, *person in rows.values_list(*POST, *of_them):
        posts[code].append((role, duty, person_from(*person)))
    for code, held in posts.items():
        _arrange(found[code], held)
    chats = GroupChat.objects.filter(organization_id__in=codes, is_on=True)
    for code in chats.values_list("organization_id", flat=True):
        found[code].has_group = True
    return found


def _arrange(people: People, held: Iterable[tuple[str, str, Person]]) -> None:
    by_duty, by_role = defaultdict(list), defaultdict(list)
    for role, duty, person in held:
        by_role[role].append(person)
        if duty:
            by_duty[duty].append(person)
    fallback = by_role[Role.EDITOR][:1] or by_role[Role.ADMIN][:1]
    people.lead = by_duty[ReminderRole.LEAD] or by_duty[ReminderRole.DEPUTY] or fallback
    people.deputy = by_duty[ReminderRole.DEPUTY]
    people.secretary = by_duty[ReminderRole.SECRETARY] or by_role[Role.ADMIN]
    people.reviewers = by_role[Role.ADMIN] + by_role[Role.REVIEWER]
