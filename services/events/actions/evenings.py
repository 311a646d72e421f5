"""青春有约: who joins with what of themselves, and where they sit."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.timezone import localdate

from qingchun.accounts.audit import record_event
from qingchun.accounts.models import User
from qingchun.accounts.phones import clean_phone
from qingchun.ground.names import name_of
from qingchun.ground.refusals import Refused, only_if
from qingchun.ground.sealing import blind_index
from qingchun.organizations.walls import acting
from services.events import seating
from services.events.actions import registration, waiting_list
from services.events.choices import AHEAD, Sex
from services.events.models import Block, Evening, Event, EventGroup, Profile, ProfileFacts, Seat
from services.events.permissions import can_run
from talent.pool import identity
from talent.youth.actions.consents import give
from talent.youth.choices import ConsentPurpose
from talent.youth.models import Youth

AVOID, PERSON = "event avoid", "event identity"
MOST_AVOIDED = 10
ADULT_YEARS = 18


def avoid_mark(event_id: int, words: str) -> int:
    """A name or a number as it is compared at one evening, and cannot be read."""
    plain = "".join((name_of(words)[0] or words).split())
    with suppress(ValidationError):  # a name
        plain = clean_phone(plain)
    return blind_index(f"{event_id} {plain}", AVOID)


def _proved(number: str, sex: str) -> tuple[int, int]:
    """The year of birth and the mark of an identity number. Raises: Refused, in words."""
    number = number.strip().upper()
    if problem := identity.problem_with(number):
        raise Refused(problem)
    today, born = localdate(), number[6:14]
    if born > f"{today.year - ADULT_YEARS}{today:%m%d}":
        raise Refused("青春有约只对 18 周岁以上开放。")
    if (Sex.MEN if int(number[16]) % 2 else Sex.WOMEN) != sex:
        raise Refused("身份证号和选的性别对不上，请核对。")
    return int(born[:4]), blind_index(number, PERSON)


@transaction.atomic
def join(
    user: User,
    *,
    event: Event,
    youth: Youth,
    group: EventGroup,
    identity_number: str,
    avoids: Sequence[str],
    facts: ProfileFacts,
    given: Mapping[str, Any] | None = None,
    lives_here: bool = False,
    agreed: Collection[str] = (),
) -> tuple[int, str]:
    """Sign up for an evening with a profile that only its person sees.

    ``facts``: trade, hopes, from_age, to_age; ``avoids``: names or numbers, of which marks are
    kept. The identity number proves age and sex and is not kept. Needs: the person's own word that
    they are single, and their consent, both given in the form. Of an identity number that signed
    up with another account nothing is said: it would tell anybody who holds somebody's number
    that they come. The door lets it in once. Raises: Refused. Returns: (sign-up's id, its state).
    """
    year, person = _proved(identity_number, group.key)
    if len(avoids) > MOST_AVOIDED:
        raise Refused(f"不想同桌的最多写 {MOST_AVOIDED} 位。")
    give(youth, {ConsentPurpose.MATCHMAKING})
    found, said = registration.join(
        user,
        event=event,
        youth=youth,
        group=group,
        given=given,
        lives_here=lives_here,
        is_single=True,
        agreed=agreed,
    )
    if said == "has":  # what was proved then stands; the rest is changed by ``correct``
        return found, said
    Profile.objects.update_or_create(
        signup_id=found,
        defaults={
            "organization_id": event.organization_id,
            "event": event,
            "user": user,
            "sex": group.key,
            "birth_year": year,
            "person_mark": person,
            "avoids": sorted({avoid_mark(event.pk, words) for words in avoids}),
            **facts,
        },
    )
    return found, said


@transaction.atomic
def correct(profile: Profile, *, user: User, facts: ProfileFacts, avoids: Sequence[str]) -> None:
    """Change what one said of oneself, until one sits down. Names to avoid stand until new ones
    are written, since nobody can be shown the old. Raises: PermissionDenied; Refused.
    """
    only_if(profile.user_id == user.pk)
    if len(avoids) > MOST_AVOIDED:
        raise Refused(f"不想同桌的最多写 {MOST_AVOIDED} 位。")
    said: dict[str, Any] = {**facts}
    if avoids:
        said["avoids"] = sorted({avoid_mark(profile.event_id, words) for words in avoids})
    if Evening.objects.filter(event_id=profile.event_id, round_now__gt=0).exists():
        raise Refused("第一轮已经开始，资料不能再改。")
    Profile.objects.filter(pk=profile.pk).update(**said)


# Seats


def _suitable(event: Event, people: Sequence[Profile]) -> set[tuple[int, int]]:
    """(man, woman) pairs who fit each other's ages, and neither of whom would rather not."""
    blocked: dict[int, set[int]] = {}
    for block in Block.objects.filter(user__in=[p.user_id for p in people]):
        blocked.setdefault(block.user_id, set()).add(block.mark)
    year = localdate(event.starts_at).year
    for person in people:
        person.age = year - person.birth_year
        own = person.signup
        person.known_as = {avoid_mark(event.pk, own.phone), avoid_mark(event.pk, own.name)}
        person.refused = set(person.avoids)
        person.block_mark = block_mark(person.user_id)
        person.blocked = blocked.get(person.user_id, set())
    men = [p for p in people if p.sex == Sex.MEN]
    women = [p for p in people if p.sex == Sex.WOMEN]
    return {(m.number, w.number) for m in men for w in women if _fit(m, w) and _fit(w, m)}


def _fit(one: Profile, other: Profile) -> bool:
    return (
        one.from_age <= other.age <= one.to_age
        and not one.refused & other.known_as
        and other.block_mark not in one.blocked
    )


def block_mark(user_id: int) -> int:
    return blind_index(f"user {user_id}", AVOID)


@transaction.atomic
def seat(event: Event, *, actor: User) -> int:
    """Seat everybody who is here, for the rounds still to come; nobody meets anybody again.

    Once more, when somebody came late or went: what was played stays as it was. Returns: how many
    meetings are ahead. Raises: PermissionDenied; Refused before two have come.
    """
    only_if(can_run(actor, event))
    with acting("match"):
        waiting_list.lock_event(event.pk)
        evening = Evening.objects.get(event=event)
        if event.state not in AHEAD or evening.told_at:
            raise Refused("活动已经结束，不能再排座。")
        people = list(
            Profile.objects.filter(
                event=event, number__isnull=False, signup__arrived_at__isnull=False
            ).select_related("signup")
        )
        men = [p.number for p in people if p.sex == Sex.MEN]
        women = [p.number for p in people if p.sex == Sex.WOMEN]
        if not men or not women:
            raise Refused("男女青年至少各签到一位，才能排座。")
        Seat.objects.filter(event=event, round__gt=evening.round_now).delete()
        met = set(Seat.objects.filter(event=event).values_list("man", "woman"))
        pairs = _suitable(event, people) - met
        planned = seating.rounds(men, women, pairs, evening.rounds - evening.round_now)
        _write_seats(event, evening.round_now, planned, women if len(women) >= len(men) else men)
    record_event(actor, "排座", event, rounds=len(planned))
    return sum(len(pairs) for pairs in planned)


def _write_seats(
    event: Event,
    played: int,
    planned: Sequence[Iterable[tuple[int, int]]],
    at_tables: Iterable[int],
) -> None:
    """Whoever are more stay at their table; the others go round."""
    table = {number: at for at, number in enumerate(sorted(at_tables), 1)}
    Seat.objects.bulk_create(
        Seat(
            organization_id=event.organization_id,
            event=event,
            round=number,
            table=table.get(woman) or table[man],
            man=man,
            woman=woman,
        )
        for number, pairs in enumerate(planned, played + 1)
        for man, woman in pairs
    )


@transaction.atomic
def next_round(event: Event, *, actor: User, seen: int) -> None:
    """Begin the next round. ``seen``: the round on the page that asks, so that two taps are one."""
    only_if(can_run(actor, event))
    with acting("match"):
        last = Seat.objects.filter(event=event).order_by("-round").values_list("round", flat=True)
        if not (ahead := last.first()) or seen >= ahead:
            raise Refused("后面没有排好的轮次了。有人没轮到的，可以重新排座。")
        ahead = Evening.objects.filter(event=event, event__state__in=AHEAD)
        ahead.filter(round_now=seen, told_at=None).update(round_now=F("round_now") + 1)


def seats_of(event: Event | int, number: int) -> list[tuple[int, int | None, int | None]]:
    """[(round, table, the other's number)] of one person; of a round they sit out, neither."""
    with acting("match"):
        seats = list(Seat.objects.filter(event=event))
    mine = {
        s.round: (s.table, s.woman if s.man == number else s.man)
        for s in seats
        if number in (s.man, s.woman)
    }
    last = max((s.round for s in seats), default=0)
    return [(n, *mine.get(n, (None, None))) for n in range(1, last + 1)]
