"""寒假实践: posts for wishes, days at work, and what both sides say at the end."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import localdate

from qingchun.accounts.audit import write_down
from qingchun.notifications.actions import tell_one
from qingchun.organizations.refusals import Refused
from qingchun.organizations.walls import as_clerk
from services.events import counts, placement
from services.events.actions import line
from services.events.choices import AHEAD, SignState, State
from services.events.models import Event, EventGroup, Placement, Signup, Wish
from services.events.notices import PLACED
from services.events.permissions import can_run


def nearness(home, near):
    """(a whole number, small when near; in words) of a post's place to somebody's home."""
    if not home or not near:
        return 4, "地点待定"
    if len(near) >= 9 and home[:9] == near[:9]:
        return 0, "同乡镇"
    if home[:6] == near[:6] and len(near) >= 6:
        return 1, "同县"
    if home[:4] == near[:4]:
        return 2, "同市"
    return 3, "外市"


@transaction.atomic
def place(event, *, actor):
    """Give out the posts, so that the most people have their first wish, then their second, …

    Sign-up ends with it. Everybody is told, and why. Who has none stands in the line of the first
    wish. Returns: (placed, without a place). Raises: PermissionDenied; Refused.
    """
    if not can_run(actor, event):
        raise PermissionDenied
    with as_clerk():
        event = line.fresh(event.pk)
        if event.state not in AHEAD:
            raise Refused("活动还没有发布，或者已经结束，不能安排岗位。")
        signups = list(Signup.objects.filter(event=event, state=SignState.APPLIED).order_by("turn"))
        groups = {group.pk: group for group in EventGroup.objects.filter(event=event)}
        wishes = _wishes(event, groups)
        signups = [signup for signup in signups if wishes.get(signup.pk)]
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
        demand = _demand(wishes, signups)
        for signup in signups:
            _settle(event, signup, wishes[signup.pk], given.get(signup.pk), groups, demand)
        taking = Event.objects.filter(pk=event.pk, state__in=(State.OPEN, State.FULL))
        taking.update(state=State.CLOSED)
    counts.count_event(event)
    write_down(actor, "安排实习岗位", event, placed=len(given), people=len(signups))
    return len(given), len(signups) - len(given)


def _wishes(event, groups):
    found = {}
    rows = Wish.objects.filter(signup__event=event).order_by("signup", "place")
    for signup, group in rows.values_list("signup_id", "group_id"):
        if group in groups:
            found.setdefault(signup, []).append(group)
    return found


def _demand(wishes, signups):
    """Post → how many wished for it first."""
    first = {}
    for signup in signups:
        post = wishes[signup.pk][0]
        first[post] = first.get(post, 0) + 1
    return first


def _settle(event, signup, wished, given, groups, demand):
    """Write one person's placement, with the reason in words. Needs: the lock, the clerk."""
    if given and line.take(event, given[0]):
        post, rank = given
        state, group = SignState.IN, groups[post]
        why = _why(wished, rank, groups, demand)
    else:
        state, group, rank = SignState.WAITING, groups[wished[0]], None
        why = "所填志愿的岗位都满了，已排进第一志愿的候补，有人放弃就按顺序通知您。"
    line.change(signup, state, group_id=group.pk)
    Placement.objects.update_or_create(
        signup=signup,
        defaults={"organization_id": event.organization_id, "place": rank, "why": why[:300]},
    )
    if signup.user_id:
        post = f"{group.host}{group.name}（第 {rank} 志愿）" if rank else "暂时没有，已排进候补"
        tell_one(
            PLACED,
            signup.user_id,
            about=signup,
            offset=str(signup.turn),
            organization_id=event.organization_id,
            link=line.link_of(signup),
            values=line.spoken(event) | {"post": post},
        )


def _why(wished, rank, groups, demand):
    if rank == 1:
        return "安排在您的第一志愿。"
    full = [
        f"“{groups[post].name}”第一志愿 {demand.get(post, 0)} 人、名额 {groups[post].capacity} 个"
        for post in wished[: rank - 1]
    ]
    return (
        f"安排在您的第 {rank} 志愿。{'；'.join(full)}。先让最多的人得到第一志愿，再依次排后面的，"
        "同等的看离家远近。"
    )


@transaction.atomic
def attend(signup, *, actor, day=None):
    """The student is at work today; once a day. Raises: PermissionDenied; Refused."""
    if not can_run(actor, signup.event):
        raise PermissionDenied
    day = day or localdate()
    if signup.state != SignState.IN:
        raise Refused("这位没有安排岗位，不能记到岗。")
    begins, ends = localdate(signup.event.starts_at), localdate(signup.event.ends_at)
    if not begins <= day <= ends:
        raise Refused(f"到岗只能记在 {begins:%-m月%-d日} 到 {ends:%-m月%-d日} 之间。")
    with as_clerk():
        found, _ = Placement.objects.get_or_create(
            signup=signup,
            defaults={"organization_id": signup.organization_id, "why": "从候补递补。"},
        )
        if found.last_day is not None and found.last_day >= day:
            raise Refused("今天已经记过到岗了。")
        found.days, found.last_day = found.days + 1, day
        found.save(update_fields=["days", "last_day"])


@transaction.atomic
def finish(signup, *, actor, finish, word=""):
    """What the host says at the end. Raises: PermissionDenied; Refused without a day at work."""
    if not can_run(actor, signup.event):
        raise PermissionDenied
    with as_clerk():
        found = Placement.objects.filter(signup=signup, days__gt=0)
        if not found.update(finish=finish, host_word=word):
            raise Refused("这位一天也没有到岗，请先记到岗。")
    counts.count_event(signup.event)
    write_down(actor, "实习鉴定", signup.event, signup=signup.pk)


@transaction.atomic
def say(signup, *, user, satisfaction, word=""):
    """What the student says of it. Raises: PermissionDenied; Refused before the first day."""
    if signup.user_id is None or signup.user_id != user.pk:
        raise PermissionDenied
    found = Placement.objects.filter(signup=signup, days__gt=0)
    if not found.update(satisfaction=satisfaction, word=word):
        raise Refused("到岗以后才能评价。")
