"""What becomes of one sign-up: approved, declined, given up, accepted, lapsed, let in."""

import datetime as dt
from contextlib import suppress

from django.utils.timezone import now

from qingchun.accounts.models import User
from qingchun.accounts.steps import by_the_portal, plain_step, step, walking
from qingchun.ground.refusals import Refused
from qingchun.organizations.walls import acting
from services.events.actions import waiting_list
from services.events.actions.roads import SIGNUPS
from services.events.choices import AHEAD, HOLDS, LAST_ASKED, SignState
from services.events.models import Event, EventGroup, Signup
from services.events.notices import APPROVED, APPROVED_WAITING, DECLINED
from services.events.notices import LAPSED as TOLD_LAPSED
from services.events.permissions import can_run, is_own

APPLIED, IN, WAITING, OFFERED, LAPSED, LEFT, TURNED_DOWN = SignState
DONE = "这个报名已经处理过了，请刷新页面。"
DECIDED = dict.fromkeys((IN, WAITING, OFFERED, LAPSED, LEFT, TURNED_DOWN), DONE)
PASSED = "确认的时间已经过了，名额让给了下一位。还想参加，可以重新报名排队。"


def _has_no_group(signup: Signup) -> str:
    return "" if signup.group_id else "还没有安排岗位，请在“安排岗位”里一起安排。"


@step(SIGNUPS, ((APPLIED, IN), (APPLIED, WAITING)), "通过报名", may=can_run, within=AHEAD,
      tells={IN: APPROVED, WAITING: APPROVED_WAITING}, needs=_has_no_group, says=DECIDED,
      label="通过", said="已通过，本人会收到。")  # fmt: skip
def approve(signup: Signup, *, actor: User) -> str:
    """In, or in the line when it is full or somebody waits. Returns: the new state."""
    with walking(approve, signup, actor) as walk:
        walk.to = IN if waiting_list.has_place(walk.whole, signup.group_id) else WAITING
        waiting_list.say_whether_full(walk.whole)
    return signup.state


@step(SIGNUPS, ((APPLIED, TURNED_DOWN),), "不通过报名", may=can_run, within=AHEAD,
      tells={TURNED_DOWN: DECLINED}, says=DECIDED, label="不通过",
      ask="不通过吗？本人会收到原因。点错了可以改回待审。", said="已记下，本人会收到原因。")  # fmt: skip
def decline(signup: Signup, *, actor: User, why: str) -> None:
    """Raises: Refused without a reason."""
    with walking(decline, signup, actor) as walk:
        if not why:
            raise Refused("请写明为什么不通过，本人会看到。")
        walk.facts["why"] = walk.words["why"] = why


reconsider = plain_step(
    SIGNUPS, ((TURNED_DOWN, APPLIED),), "重新审核报名", key="reconsider", may=can_run, within=AHEAD,
    label="改回待审", said="已改回待审核，可以重新点通过或不通过。",
)  # fmt: skip


def _is_over(signup: Signup) -> str:
    if signup.arrived_at:
        return "您已经签到了，不用取消。"
    return "活动已经结束，不用再取消报名。" if now() >= signup.event.ends_at else ""


def has_begun(signup: Signup, moment: dt.datetime) -> bool:
    """Who is in when it begins was there or was absent; a place at work can be given up later."""
    return signup.state == IN and not signup.event.of.has_posts and moment >= signup.span[0]


@step(SIGNUPS, ((APPLIED, LEFT), (WAITING, LEFT), (OFFERED, LEFT), (IN, LEFT)), "取消报名",
      may=is_own, within=AHEAD, needs=_is_over, own=True, label="取消报名",
      ask="取消报名吗？名额会让给下一位，再报要重新排队。", said="已取消。")  # fmt: skip
def leave(signup: Signup, *, user: User, moment: dt.datetime | None = None) -> bool:
    """The person does not come; whoever is next is asked at once. Returns: whether a place is free."""
    moment = moment or now()
    with acting("run an event", signup.organization_id):
        with walking(leave, signup, user) as walk:
            if has_begun(signup, moment):
                raise Refused("已经开始，不能再取消。去不了的，请打联系电话说一声。")
            walk.facts["offered_until"] = None
            if held := walk.came_from in HOLDS:
                waiting_list.free(walk.whole, signup.group_id)
        waiting_list.promote(walk.whole, moment, has_room=held or None)
        waiting_list.recount(walk.whole)
    return held


def _no_time_left(signup: Signup) -> str:
    return "" if signup.offered_until and now() < signup.offered_until else PASSED


@step(SIGNUPS, ((OFFERED, IN),), "确认递补", may=is_own, within=AHEAD, needs=_no_time_left,
      says=dict.fromkeys((WAITING, LAPSED), PASSED), own=True,
      label="我要参加", said="已确认，到时见。")  # fmt: skip
def accept(signup: Signup, *, user: User) -> None:
    """Somebody who moved up comes."""
    with walking(accept, signup, user) as walk:
        walk.facts["offered_until"] = None
        waiting_list.has_post(walk.whole, signup)


@step(SIGNUPS, ((OFFERED, LAPSED),), "递补没有确认", may=by_the_portal, within=AHEAD,
      tells={LAPSED: TOLD_LAPSED})  # fmt: skip
def let_lapse(signup: Signup, *, actor: None) -> None:
    """An offer nobody took goes to the next."""
    with walking(let_lapse, signup, actor) as walk:
        walk.facts["offered_until"] = None
        waiting_list.free(walk.whole, signup.group_id)


def lapse_what_is_over(moment: dt.datetime) -> None:
    """Needs: to run the event."""
    ended = Signup.objects.filter(state=OFFERED, offered_until__lte=moment, event__state__in=AHEAD)
    by_event: dict[Event, list[Signup]] = {}
    for signup in ended.order_by("turn").select_related("event"):
        by_event.setdefault(signup.event, []).append(signup)
    for event, signups in by_event.items():
        for signup in signups:
            with suppress(Refused):  # left, or answered, a moment ago
                let_lapse(signup, actor=None)
        waiting_list.promote(waiting_list.locked_event(event.pk), moment)


@step(SIGNUPS, ((WAITING, IN),), "现场补人", may=can_run, within=AHEAD,
      label="现场补进", said="已补进来，可以签到了。")  # fmt: skip
def let_in(signup: Signup, *, actor: User) -> None:
    """Somebody of the line stands at the door and there is room: others did not come.

    Who is absent keeps the place they hold until it is needed here. Raises: Refused while
    everybody who holds a place is here, or before it begins.
    """
    with walking(let_in, signup, actor) as walk:
        event, group = walk.whole, signup.group
        if now() < group.begins_at(event) - LAST_ASKED:
            raise Refused("活动前两小时才能现场补人；在这之前由系统按顺序递补。")
        if not waiting_list.take(event, group.pk):
            _give_up_a_place(event, group)
            if not waiting_list.take(event, group.pk):
                raise Refused(_no_room(event, group))


def _no_room(event: Event, group: EventGroup) -> str:
    if now() < group.begins_at(event):
        return "还没有开始，名额还给没到的人留着。开始以后仍有人没到，再点“现场补进”。"
    return "名额都有人，而且人都到了，没有空位。"


def _give_up_a_place(event: Event, group: EventGroup) -> None:
    """The last of those who hold a place of the group and are not here gives it up."""
    if now() < group.begins_at(event):
        return
    absent = Signup.objects.filter(event=event, group=group, state=IN, arrived_at=None)
    last = absent.order_by("-turn").first()
    if last and waiting_list.change(last, LEFT, why="没有按时到，名额让给了现场的候补"):
        waiting_list.free(event, group.pk)
