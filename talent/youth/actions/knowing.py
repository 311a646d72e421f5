"""Who checks in: somebody known by the number, another of the family, or somebody of the door.

One weak key makes no two persons one. Where name or home are other than those on record, it is
asked, and nothing is replaced before the answer.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from qingchun.accounts import families
from qingchun.accounts.actions.persons import PARTED, STOPPED, part_from_number
from qingchun.accounts.audit import record_event
from qingchun.accounts.claims import (
    NoMoreTries,
    must_know_name,
    opens_freely,
    plain_name,
    same_name,
)
from qingchun.accounts.models import User
from qingchun.accounts.phones import phone_mark
from qingchun.ground.refusals import Refused
from qingchun.organizations.codes import is_county
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import acting
from talent.youth.models import Youth

ANOTHER, AT_THE_DOOR, SILENT = "another", "door", "silent"


@dataclass(frozen=True)
class Known:
    """Somebody the number tells of: an account, a record, or both."""

    user: Any  # a User; None for whoever was registered at the door
    youth: Any = None  # a Youth; None for an account that has not checked in

    @property
    def key(self) -> str:
        return f"u{self.user.pk}" if self.user else f"d{self.youth.pk}"

    @property
    def name(self) -> str:
        """The name on record; "" for an account that nobody has named yet."""
        if self.youth:
            return self.youth.name
        return self.user.name if self.user.posts or getattr(self.user, "has_posts", False) else ""

    @property
    def masked_name(self) -> str:
        return families.masked(self.name)

    @property
    def home(self) -> Organization | None:
        return self.youth.organization if self.youth else None

    def moves_to(self, home: Organization) -> bool:
        """A township says more than its county and changes nothing; another unit is a move."""
        if self.youth is None:
            return False
        here, there = self.youth.organization_id, home.code
        return not (here.startswith(there) or there.startswith(here))

    def at(self, home: Organization) -> "Answer":
        """Who it is with this home; the county alone leaves the township as it was."""
        stays = self.youth and self.youth.organization_id.startswith(home.code)
        return Answer(self.user, self.youth, self.youth.organization if stays else home)

    def staying(self) -> "Answer":
        return Answer(self.user, self.youth, self.youth.organization)


@dataclass(frozen=True)
class Answer:
    """``user``: None for somebody new; ``youth``: None where there is no record yet."""

    user: User | None
    youth: Youth | None
    home: Organization


@dataclass
class Question:
    """What has to be asked first. ``people`` may be shown, masked; of the rest only that they are."""

    home: Organization
    people: list[Known] = field(default_factory=list)
    at_the_door: bool = False
    silent: bool = False
    # Whoever is signed in agreed to the basics before; the one who checks in has not.
    is_for_another: bool = False
    problem: str = ""

    def is_unlike(self, name: str) -> bool:
        """Nobody who is shown shares a character with the name: it is hardly one of them."""
        typed = set(plain_name(name))
        return bool(self.people) and not any(typed & set(plain_name(p.name)) for p in self.people)

    @property
    def choices(self) -> Iterator[tuple[str, Known, str]]:
        """(value, who, what changes) of each person who may be the one."""
        for one in self.people:
            if one.moves_to(self.home):
                yield f"{one.key}-move", one, f"家乡换到{self.home.name}"
                yield f"{one.key}-stay", one, f"家乡还在{one.youth.organization.name}"
            else:
                yield f"{one.key}-stay", one, ""


@dataclass(frozen=True)
class Asked:
    """What was typed: whose number, which home, which name it is said to be registered with."""

    phone: str
    home: Organization
    registered_name: str

    def by_name(self, people: Sequence[Known], what: str) -> "Answer":
        """Whoever was registered so; their home stays, since nobody has asked about it.

        Raises: Refused when nobody was.
        """
        place = must_know_name(self.phone, what, self.registered_name, [p.name for p in people])
        one = people[place]
        return Answer(one.user, one.youth, one.home or self.home)


def known_by(phone: str) -> list[Known]:
    """The accounts of a number that was just proved, with their records, in one question."""
    with acting("check in"):
        family = families.family_of(phone).select_related("youth__organization")
        return [Known(one, getattr(one, "youth", None)) for one in family]


def at_the_door(phone: str) -> list[Known]:
    """What liaisons registered with the number and nobody has claimed."""
    with acting("check in"):
        found = Youth.objects.filter(phone_mark=phone_mark(phone), user=None)
        found = found.select_related("organization").order_by("-pk")
        return [Known(None, youth) for youth in found] if phone else []


def who_checks_in(
    me: Known | None,
    *,
    phone: str,
    name: str,
    home: Organization,
    said: str = "",
    registered_name: str = "",
) -> Answer | Question:
    """Whom a check-in is of, or what has to be asked before.

    ``me``: whoever is signed in, or None; ``phone``: proved; ``said``: the answer to a question
    asked before. Returns: an ``Answer`` or a ``Question``. Raises: Refused for an answer that is
    none, or an account that was stopped.
    """
    # Once for all its questions; what is raised in there ends the transaction.
    with acting("check in"):
        found = _who_checks_in(me, Asked(phone, home, registered_name), name, said)
    if isinstance(found, Refused):
        raise found
    return found


def _who_checks_in(
    me: Known | None, asked: Asked, name: str, said: str
) -> Answer | Question | Refused:
    home = asked.home
    if me and (same_name(me.name, name) or not (asked.phone or me.name)):
        people = [me]
    else:
        people, said, first = _family(asked, name, said)
        if first:
            return first
    if me and me.user.pk not in [one.user.pk for one in people]:
        people = [me, *people]
    door = [] if _called(people, name) else at_the_door(asked.phone)
    is_free = bool(door) and opens_freely(asked.phone, name)
    same = _called(people + door if is_free else people, name)
    if said:
        return _answered(said, people, same, door, asked)
    if same:
        one = next((one for one in same if not one.moves_to(home)), same[0])
        return Question(home, same) if one.moves_to(home) else one.at(home)
    named = [one for one in people if one.name]
    if named or door:
        return Question(home, named, at_the_door=bool(door))
    return Answer(_nameless(people), None, home)


def _called(people: Sequence[Known], name: str) -> list[Known]:
    return [one for one in people if same_name(one.name, name)]


def _nameless(people: Sequence[Known]) -> User | None:
    """An account under the number that nobody has given a name yet."""
    return next((one.user for one in people if not one.name), None)


def _family(
    asked: Asked, name: str, said: str
) -> tuple[list[Known], str, Answer | Question | Refused | None]:
    """(who of the number may be shown, what was said, what comes before): see below."""
    known = known_by(asked.phone) if asked.phone else []
    people = [one for one in known if one.user.is_active]
    if families.is_silent([one.user for one in known]):
        is_free = opens_freely(asked.phone, name)
        if not (is_free and _called(people, name)):
            return _after_silence(known, people, asked, said)
    if known and not people and _called(known, name):
        return [], said, Refused(STOPPED)
    return people, said, None


def _after_silence(
    known: Sequence[Known], people: Sequence[Known], asked: Asked, said: str
) -> tuple[list[Known], str, Answer | Question | Refused | None]:
    """The number may have a new owner: whoever does not know the name begins anew.

    Nobody of it is shown. Returns: as ``_family``.
    """
    named, problem = [one for one in people if one.name], ""
    if named and said == SILENT:
        try:
            return named, said, asked.by_name(named, SILENT)
        except NoMoreTries:
            said = ANOTHER
        except Refused as refusal:
            problem = str(refusal)
    if named and said != ANOTHER:
        return [], said, Question(asked.home, silent=True, problem=problem)
    with acting("check in"):
        part_from_number([one.user for one in known])
    return [], "", None


def _answered(
    said: str, people: Sequence[Known], same: Sequence[Known], door: Sequence[Known], asked: Asked
) -> Answer | Question | Refused:
    if said == ANOTHER:
        return Answer(_nameless(people), None, asked.home)
    if said == AT_THE_DOOR and door:
        try:
            found = asked.by_name(door, AT_THE_DOOR)
        except Refused as refusal:
            named = [one for one in people if one.name]
            return Question(asked.home, named, at_the_door=True, problem=str(refusal))
        return Answer(_nameless(people), found.youth, found.home)
    key, _, how = said.rpartition("-")
    # Of the door nobody is chosen but by the name.
    chosen = next((one for one in [*people, *same] if one.key == key), None)
    if chosen is None:
        return Refused("请选一位再继续。")
    return (
        chosen.staying() if how == "stay" and chosen.moves_to(asked.home) else chosen.at(asked.home)
    )


def homes_of(ids: Iterable[int]) -> dict[int, str]:
    """Where each is at home, by the county's name: for the family alone."""
    with acting("check in"):
        found = Youth.objects.filter(user__in=ids).select_related("organization__parent")
        return {youth.user_id: _county_of(youth.organization) for youth in found}


def _county_of(unit: Organization) -> str:
    return unit.name if is_county(unit.code) else unit.parent.name


def told_parted(user: User) -> None:
    """Home reads that the number of somebody of theirs is another's now."""
    with acting("check in"):
        for youth in Youth.objects.of(user):
            record_event(None, PARTED, youth)
