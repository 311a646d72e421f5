"""寒假实践: posts for wishes, days at work, and what both sides say at the end."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.utils.timezone import localdate

from qingchun.accounts.audit import record_event
from qingchun.accounts.models import User
from qingchun.accounts.steps import stays, step, walking
from qingchun.ground.lazily import Later
from qingchun.ground.refusals import Refused, only_if
from qingchun.jobs.actions import asker_of
from qingchun.jobs.kinds import job
from qingchun.jobs.models import Job
from qingchun.organizations.codes import city_of, county_of, is_below_county, is_near
from qingchun.organizations.walls import acting
from services.events import counts
from services.events.actions import telling, waiting_list
from services.events.actions.roads import SIGNUPS
from services.events.choices import AHEAD, TICKS, EventState, SignState
from services.events.models import Event, EventGroup, Placement, Signup, Wish
from services.events.notices import PLACED
from services.events.permissions import can_run, is_own

placement = Later("services.events.placement")  # of scipy

# As many are placed while somebody waits for the page.
AT_ONCE = 300
NO_POST = "所填志愿的岗位都满了，已排进第一志愿的候补，有人放弃就按顺序通知您。"


def nearness(home: str | None, near: str | None) -> tuple[int, str]:
    """(a whole number, small when near; in words) of a post's place to somebody's home."""
    if not home or not near:
        return 4, "地点待定"
    if is_below_county(near) and home == near:
        return 0, "同乡镇"
    if county_of(home) == county_of(near) and is_near(near):
        return 1, "同县"
    if city_of(home) == city_of(near):
        return 2, "同市"
    return 3, "外市"


def near_first(posts: Iterable[EventGroup], home: str) -> list[EventGroup]:
    """The posts by how near to a home they are, each with its ``distance`` in words."""
    for post in posts:
        post.steps, post.distance = nearness(home, post.near_id)
    return sorted(posts, key=lambda post: (post.steps, post.pk))


@transaction.atomic
def ask_to_place(event: Event, *, actor: User) -> tuple[int, int] | None:
    """Give out the posts: at once where few have wished, by a worker where many have.

    Returns: (placed, without a place), or None when a worker does it. Raises: PermissionDenied;
    Refused when nobody waits to be placed.
    """
    only_if(can_run(actor, event))
    many = Signup.objects.filter(event=event, state=SignState.APPLIED).count() > AT_ONCE
    if not many:
        return place(event, actor=actor)
    if not is_being_placed(event):
        place_posts.enqueue(actor=actor, event=event.pk)
    return None


def is_being_placed(event: Event) -> bool:
    waiting = Job.objects.unfinished().filter(kind=place_posts.name, kwargs__event=event.pk)
    return waiting.exists()


@transaction.atomic
def place(event: Event, *, actor: User) -> tuple[int, int]:
    """Give out the posts, so that the most people have their first wish, then their second, …

    Sign-up ends with it. Everybody is told, and why. Who has none stands in the line of the first
    wish. Returns: (placed, without a place). Raises: PermissionDenied; Refused.
    """
    only_if(can_run(actor, event))
    with acting("run an event"):
        placed, without = _place(event.pk)
    record_event(actor, "安排实习岗位", event, placed=placed, without=without)
    return placed, without


@job("安排实习岗位")
def place_posts(job: Job, *, event: int) -> None:
    place(Event.objects.get(pk=event), actor=asker_of(job))


def _place(event_id: int) -> tuple[int, int]:
    event = waiting_list.locked_event(event_id)
    if event.state not in AHEAD:
        raise Refused("活动还没有发布，或者已经结束，不能安排岗位。")
    groups = {group.pk: group for group in EventGroup.objects.filter(event=event)}
    wishes = _wishes(event, groups)
    found = Signup.objects.filter(event=event, state=SignState.APPLIED).order_by("turn")
    signups = [signup for signup in found if wishes.get(signup.pk)]
    if not signups:
        raise Refused("还没有人填志愿，或者都安排过了。")
    given = placement.place(
        {signup.pk: wishes[signup.pk] for signup in signups},
        {pk: group.left for pk, group in groups.items()},
        {
            (signup.pk, pk): nearness(signup.home_id, groups[pk].near_id)[0]
            for signup in signups
            for pk in wishes[signup.pk]
        },
        seed=str(event.entry),
    )
    _write(event, signups, wishes, given, groups)
    taking = Event.objects.filter(pk=event.pk, state__in=(EventState.OPEN, EventState.FULL))
    taking.update(state=EventState.CLOSED)
    # The same words to all: where they are placed stands on their own page.
    telling.tell_all(PLACED, event, {s.user_id for s in signups}, offset=str(signups[-1].turn))
    counts.count_event(event)
    return len(given), len(signups) - len(given)


def _write(
    event: Event,
    signups: Sequence[Signup],
    wishes: Mapping[int, Sequence[int]],
    given: Mapping[int, tuple[int, int]],
    groups: Mapping[int, EventGroup],
) -> None:
    """Each one's post, or place in the line, with the reason in words; in a few statements, however
    many they are. Needs: the lock, to run the event.
    """
    demand = Counter(wishes[signup.pk][0] for signup in signups)
    placed = []
    for signup in signups:
        wished, (post, rank) = wishes[signup.pk], given.get(signup.pk, (None, None))
        signup.state = SignState.IN if post else SignState.WAITING
        signup.group_id = post or wished[0]
        why = _why(wished, rank, groups, demand) if post and rank else NO_POST
        placed.append(
            Placement(
                organization_id=event.organization_id, signup=signup, place=rank, why=why[:300]
            )
        )
    for post, count in Counter(post for post, _ in given.values()).items():
        groups[post].taken += count
    EventGroup.objects.bulk_update(groups.values(), ["taken"])
    Signup.objects.bulk_update(signups, ["state", "group"], batch_size=1000)
    # Whoever gave a post back and wished anew has a placement already.
    Placement.objects.bulk_create(
        placed,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["signup"],
        update_fields=["place", "why"],
    )


def _wishes(event: Event, groups: Mapping[int, EventGroup]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    rows = Wish.objects.filter(signup__event=event).order_by("signup", "place")
    for signup, group in rows.values_list("signup_id", "group_id"):
        if group in groups:
            found.setdefault(signup, []).append(group)
    return found


def _why(
    wished: Sequence[int], rank: int, groups: Mapping[int, EventGroup], demand: Mapping[int, int]
) -> str:
    if rank == 1:
        return "安排在您的第一志愿。"
    full = [
        f"“{groups[post].name}”第一志愿 {demand[post]} 人、名额 {groups[post].capacity} 个"
        for post in wished[: rank - 1]
    ]
    return (
        f"安排在您的第 {rank} 志愿。{'；'.join(full)}。先让最多的人得到第一志愿，再依次排后面的，"
        "同等的看离家远近。"
    )


def _is_no_post(signup: Signup) -> str:
    return "" if signup.event.of.has_posts else "这场活动没有实习岗位。"


@step(SIGNUPS, stays(SignState.IN), "记到岗", may=can_run, within=AHEAD, needs=_is_no_post,
      label="今天到岗", said="今天的到岗记下了。")  # fmt: skip
def attend(signup: Signup, *, actor: User, day: dt.date | None = None) -> None:
    """The student is at work today; once a day. Raises: Refused."""
    day = day or localdate()
    with walking(attend, signup, actor) as walk:
        begins, ends = localdate(walk.whole.starts_at), localdate(walk.whole.ends_at)
        if not begins <= day <= ends:
            raise Refused(f"到岗只能记在 {begins:%-m月%-d日} 到 {ends:%-m月%-d日} 之间。")
        found, _ = Placement.objects.get_or_create(
            signup=signup,
            defaults={"organization_id": signup.organization_id, "why": "从候补递补。"},
        )
        if found.last_day is not None and found.last_day >= day:
            raise Refused("今天已经记过到岗了。")
        found.days, found.last_day = found.days + 1, day
        found.save(update_fields=["days", "last_day"])


@step(SIGNUPS, stays(SignState.IN), "实习鉴定", may=can_run, within=TICKS, needs=_is_no_post,
      label="鉴定", said="鉴定已记下。")  # fmt: skip
def finish(signup: Signup, *, actor: User, finish: str, word: str = "") -> None:
    """What the host says at the end. Raises: Refused without a day at work."""
    with walking(SIGNUPS.steps["finish"].act, signup, actor) as walk:  # an argument has its name
        found = Placement.objects.filter(signup=signup, days__gt=0)
        if not found.update(finish=finish, host_word=word):
            raise Refused("这位一天也没有到岗，请先记到岗。")
        counts.count_event(walk.whole)


@step(SIGNUPS, stays(SignState.IN), "实习评价", may=is_own, within=TICKS, needs=_is_no_post,
      own=True, label="评价", said="谢谢您的评价。")  # fmt: skip
def say(signup: Signup, *, user: User, satisfaction: int, word: str = "") -> None:
    """What the student says of it. Raises: Refused before the first day."""
    with walking(say, signup, user):
        found = Placement.objects.filter(signup=signup, days__gt=0)
        if not found.update(satisfaction=satisfaction, word=word):
            raise Refused("到岗以后才能评价。")
