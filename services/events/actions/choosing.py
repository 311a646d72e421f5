"""青春有约: secret choices, who is told of whom, and what happens between the two."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.timezone import now

from qingchun.accounts.audit import record_event
from qingchun.accounts.models import User
from qingchun.accounts.steps import Road, Walk, step, walking
from qingchun.ground.refusals import Refused, only_if
from qingchun.notifications.actions import no_longer, tell_one, tell_unit
from qingchun.organizations.walls import acting
from services.events import counts
from services.events.actions import telling, waiting_list
from services.events.actions.evenings import block_mark, seats_of
from services.events.choices import CHOICES_KEPT, MOST_CHOICES, ReportState
from services.events.models import Block, Choice, Evening, Event, Match, Profile, Report, Signup
from services.events.notices import BOTH_AGREED, REPORTED, RESULT
from services.events.permissions import can_answer_reports, can_run


def may_choose(evening: Evening, moment: dt.datetime) -> bool:
    return evening.told_at is None and evening.round_now > 0 and moment < evening.choose_until


@transaction.atomic
def choose(profile: Profile, *, user: User, numbers: Iterable[int]) -> None:
    """Keep whom somebody would like to see again, in place of what they chose before.

    Whatever they choose, the same is written in the same way: one row of one person. Raises:
    PermissionDenied; Refused for more than five, for whom they did not meet, and when it is over.
    """
    only_if(profile.user_id == user.pk)
    numbers = sorted(set(numbers))
    with acting("match"):
        # Whoever tells the results waits for those who are just choosing, and they for it.
        waiting_list.lock_event(profile.event_id)
        evening, met = _met_by(profile)
    if not may_choose(evening, now()):
        raise Refused("现在不能选：第一轮开始以后到截止以前都可以选、可以改。")
    if len(numbers) > MOST_CHOICES:
        raise Refused(f"最多选 {MOST_CHOICES} 位。")
    if not set(numbers) <= met:
        raise Refused("只能选见过面的号码，请刷新页面再选。")
    Choice.objects.bulk_create(
        [
            Choice(
                event_id=profile.event_id,
                user_id=user.pk,
                number=profile.number,
                chosen=numbers,
            )
        ],
        update_conflicts=True,
        unique_fields=["event_id", "user_id"],
        update_fields=["number", "chosen"],
    )


def _met_by(profile: Profile) -> tuple[Evening, set[int]]:
    """(the evening, the numbers somebody met so far). Needs: to match."""
    evening = Evening.objects.get(event_id=profile.event_id)
    seats = seats_of(profile.event_id, profile.number)
    return evening, {other for number, _, other in seats if other and number <= evening.round_now}


def chosen_by(user: User, event_id: int) -> set[int]:
    """One's own choices. The wall shows nobody else's."""
    row = Choice.objects.filter(event_id=event_id, user_id=user.pk).first()
    return set(row.chosen) if row else set()


def mutual(event_id: int) -> list[tuple[int, int]]:
    """Pairs of numbers who chose each other: one statement (``events_mutual``)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT a, b FROM events_mutual(%s)", [event_id])
        return cursor.fetchall()


@transaction.atomic
def tell_results(event: Event, moment: dt.datetime) -> int:
    """Choosing is over: pairs are found, and everybody who was there is told that there is a
    result, in the same words and at the same time. Needs: to match. Returns: how many pairs.
    """
    waiting_list.lock_event(event.pk)
    open_still = Evening.objects.filter(event=event, told_at=None)
    pairs = mutual(event.pk)
    if not open_still.update(told_at=moment, pairs=len(pairs)):
        return 0
    here = Profile.objects.filter(event=event, number__isnull=False)
    by_number = {profile.number: profile for profile in here}
    Match.objects.bulk_create(
        Match(
            organization_id=event.organization_id,
            event=event,
            a=by_number[a],
            b=by_number[b],
            a_user_id=by_number[a].user_id,
            b_user_id=by_number[b].user_id,
        )
        for a, b in pairs
        if a in by_number and b in by_number
    )
    telling.tell_all(RESULT, event, {profile.user_id for profile in by_number.values()})
    counts.count_event(event)
    return len(pairs)


@transaction.atomic
def end_choosing(event: Event, *, actor: User) -> int:
    """The unit ends it before its time, once the last round was played. Returns: how many pairs."""
    only_if(can_run(actor, event))
    with acting("match"):
        evening = Evening.objects.get(event=event)
        if evening.told_at or evening.round_now == 0:
            raise Refused("还没有开始，或者已经告知过结果，请刷新页面。")
        found = tell_results(event, now())
    record_event(actor, "告知青春有约结果", event)
    return found


def tell_what_is_over(moment: dt.datetime) -> None:
    """Evenings whose choosing has ended; choices that are old are erased. Needs: to match."""
    over = Evening.objects.filter(told_at=None, choose_until__lte=moment, round_now__gt=0)
    for evening in over.select_related("event"):
        tell_results(evening.event, moment)
    # What people said for an evening that never began is not kept either.
    told = Q(told_at__lte=moment - CHOICES_KEPT)
    never = Q(told_at=None, choose_until__lte=moment - CHOICES_KEPT)
    for evening in Evening.objects.filter(told | never, erased_at=None):
        erase(evening.event_id, moment)


@transaction.atomic
def erase(event_id: int, moment: dt.datetime) -> None:
    """Choices go, and what people said of themselves for this evening. Needs: to match."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT events_erase_choices(%s, NULL)", [event_id])
    Profile.objects.filter(event_id=event_id).update(hopes="", avoids=[], person_mark=None)
    Evening.objects.filter(event_id=event_id).update(erased_at=moment)


# Afterwards, between the two


def matches_of(user: User, event_id: int | None = None) -> QuerySet:
    found = Match.objects.filter(Q(a_user=user) | Q(b_user=user), ended_at=None)
    return found.filter(event_id=event_id) if event_id else found


@transaction.atomic
def agree(match: Match, *, user: User) -> bool:
    """Show the other my name and number, once they say so too.

    Returns: whether both have. Raises: PermissionDenied; Refused.
    """
    side = _side(match, user)
    field = f"{side}_agreed_at"
    standing = Match.objects.filter(pk=match.pk, ended_at=None)
    if not standing.filter(**{field: None}).update(**{field: now()}):
        raise Refused("已经同意过了，或者对方不再联系。")
    match.refresh_from_db()
    if match.is_open:
        with acting("match"):
            event = Event.objects.get(pk=match.event_id)
            for one in (match.a_user_id, match.b_user_id):
                tell_one(
                    BOTH_AGREED,
                    one,
                    about=match,
                    organization_id=event.organization_id,
                    link=f"/events/{event.pk}/",
                    values=telling.spoken(event),
                    is_discreet=True,
                )
    return match.is_open


def _side(match: Match, user: User) -> str:
    if user.pk == match.a_user_id:
        return "a"
    if user.pk == match.b_user_id:
        return "b"
    raise PermissionDenied


def numbers_at(event: Event) -> dict[int, int]:
    """Profile -> number on the lapel, of everybody of an evening."""
    with acting("match"):
        return dict(Profile.objects.filter(event=event).values_list("pk", "number"))


def told_of(event: Event) -> int:
    """How many pairs said how it went on; nobody at the desk sees one of them."""
    with acting("match"):
        return Match.objects.filter(event=event).exclude(news="").count()


def other_of(match: Match, user: User) -> Signup | None:
    """The other's name and number, once both agreed; else None. Needs: one of the two."""
    side = _side(match, user)
    if not match.is_open:
        return None
    with acting("match"):
        other = match.b if side == "a" else match.a
        return Signup.objects.get(pk=other.signup_id)


@transaction.atomic
def end(match: Match, *, user: User) -> None:
    """Either may end it: what was shown is shown no longer. Nothing is told."""
    _side(match, user)
    Match.objects.filter(pk=match.pk).update(ended_at=now(), news="")
    no_longer(match)


@transaction.atomic
def tell_news(match: Match, *, user: User, news: str) -> None:
    """How it went, if they like to tell; counted, without a name."""
    _side(match, user)
    if not match.is_open:
        raise Refused("双方都同意联系以后，才有近况可说。")
    Match.objects.filter(pk=match.pk).update(news=news)


@transaction.atomic
def block(profile: Profile, *, user: User, number: int) -> None:
    """Never be seated with this person again, here or elsewhere; they are not told.

    Raises: PermissionDenied; Refused for a number that was not met.
    """
    other = _met(profile, user, number)
    Block.objects.get_or_create(user=user, mark=block_mark(other.user_id))
    for match in matches_of(user, profile.event_id).filter(Q(a=other) | Q(b=other)):
        end(match, user=user)
    row = Choice.objects.filter(event_id=profile.event_id, user_id=user.pk).first()
    if row and number in row.chosen:
        Choice.objects.filter(pk=row.pk).update(chosen=[n for n in row.chosen if n != number])


def _met(profile: Profile, user: User, number: int) -> Profile:
    only_if(profile.user_id == user.pk)
    with acting("match"):
        if number not in _met_by(profile)[1]:
            raise Refused("只能选见过面的号码，请刷新页面。")
        return Profile.objects.get(event_id=profile.event_id, number=number)


@transaction.atomic
def report(profile: Profile, *, user: User, number: int, text: str) -> Report:
    """Tell the unit that ran the evening; by whom it was told is not kept."""
    _met(profile, user, number)
    if not text:
        raise Refused("请写明情况，工作人员好处理。")
    with acting("match"):
        event = Event.objects.get(pk=profile.event_id)
        made = Report.objects.create(
            organization_id=event.organization_id, event=event, number=number, text=text
        )
        tell_unit(
            REPORTED,
            about=made,
            organization_id=event.organization_id,
            link=f"/desk/events/{event.pk}/evening/",
            values=telling.spoken(event),
        )
    return made


def _settled(found: Report, walk: Walk) -> None:
    """Nobody needs to hear any more that it waits."""
    no_longer(found)


REPORTS = Road("evening-reports", Report, after=_settled)


@step(REPORTS, ((ReportState.OPEN, ReportState.CLOSED),), "处理举报", may=can_answer_reports,
      key="close", label="记下处理",
      ask="记下后这条举报就算处理完，不能再改。确定吗？", said="处理已记下。")  # fmt: skip
def close_report(found: Report, *, actor: User, outcome: str) -> None:
    """Raises: Refused without a word of what was done."""
    if not outcome:
        raise Refused("请写明怎么处理的。")
    with walking(close_report, found, actor) as walk:
        walk.facts |= {"outcome": outcome, "by_name": actor.name}
