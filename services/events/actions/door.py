"""签到: by the code on a phone, from the list, by a number's last four digits."""

import datetime as dt
import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localtime, now

from qingchun.accounts.audit import write_down
from qingchun.organizations.refusals import Refused
from qingchun.organizations.walls import as_clerk
from services.events.actions import after, line
from services.events.choices import LAST_ASKED, TICKS, SignState, State
from services.events.models import Profile, Signup
from services.events.permissions import can_run

# A phone without a network keeps what it scanned for so long.
KEPT_BY_PHONE = dt.timedelta(hours=24)
OPENS_BEFORE = dt.timedelta(hours=12)
# Of several shifts of one day each is ticked in its own time.
SHIFT_OPENS_BEFORE = dt.timedelta(hours=2)


def code_in(text):
    """The code somebody shows, as it was scanned or typed; None when it is none of ours."""
    try:
        return uuid.UUID(text.strip().removeprefix("qingchun:"))
    except ValueError:
        return None


def find(event, text):
    """Whose code it is. Raises: Refused for another event's, and for what is none."""
    code = code_in(text)
    if code is None:
        raise Refused("这不是签到码。请让对方打开“我的活动”里的签到码。")
    with as_clerk():  # to say that it is another event's, which may be another unit's
        signup = Signup.objects.select_related("event", "group").filter(code=code).first()
    if signup is None:
        raise Refused("没有这个签到码，可能是旧的。请按姓名或手机后四位找。")
    if signup.event_id != event.pk:
        raise Refused("这是另一场活动的签到码，不是这一场的，请核对。")
    return signup


@transaction.atomic
def arrive(signup, *, actor, scan=None, at=None):
    """Somebody is here. The same scan sent again is silent; a second scan of one code is said.

    ``scan``: an id made where it was scanned; ``at``: when, if it had to wait for a network.
    Returns: the sign-up, with its number at an evening. Raises: PermissionDenied; Refused with the
    one reason that whoever stands at the door can act on.
    """
    event, moment = signup.event, now()
    if not can_run(actor, event):
        raise PermissionDenied
    at = min(max(at, moment - KEPT_BY_PHONE), moment) if at else moment
    after.must_take_ticks(event)
    _refuse_another_time(signup, at, is_scan=scan is not None)
    with as_clerk():
        # Whoever says that it was held waits for those who are just coming in, and they for it.
        line.hold(event.pk)
        here = Signup.objects.filter(
            pk=signup.pk, state=SignState.IN, arrived_at=None, event__state__in=TICKS
        )
        is_new = here.update(arrived_at=at, arrived_by=scan)
        signup.refresh_from_db()
        if not is_new:
            _refuse_again(signup, scan)
        elif signup.event.state == State.HELD:
            _make_up_for(signup)
        elif event.is_matchmaking:
            _give_number(signup)
    return signup


def _refuse_another_time(signup, at, *, is_scan):
    """A shift has a door of its own; who was overlooked is ticked from the list when it is over."""
    begins, ends = signup.span
    time = f"{localtime(begins):%-m月%-d日 %H:%M}"
    if not (signup.group and signup.group.starts_at):
        if at < begins - OPENS_BEFORE:
            raise Refused(f"还没到时间：活动 {time} 开始，提前 12 小时可以签到。")
        return
    if at < begins - SHIFT_OPENS_BEFORE:
        raise Refused(f"这是 {time} {signup.group.name} 的班次，提前两小时可以签到。")
    if is_scan and at > ends:
        raise Refused(
            f"这是 {time} {signup.group.name} 的班次，已经结束。要补签到，请在名单里点“到了”。"
        )


def _make_up_for(signup):
    """Somebody is ticked after it was held. Needs: the clerk."""
    if signup.event.is_volunteering:
        after.propose(signup)
    after.count_ticks(signup.event)


def _refuse_again(signup, scan):
    if signup.arrived_at and scan and signup.arrived_by == scan:
        return
    if signup.arrived_at:
        raise Refused(
            f"这个码 {localtime(signup.arrived_at):%H:%M} 签过到了（{signup.masked_name}，尾号 "
            f"{signup.phone[-4:]}）。不是同一个人的，请核对身份。"
        )
    if signup.state == SignState.OFFERED:
        raise Refused("这位是候补递补的，还没有确认。请先在手机上点“我要参加”，再来签到。")
    if signup.state == SignState.WAITING:
        raise Refused("这位还在候补，没有名额。有人没来、还有空位的，可以在名单里让他（她）进来。")
    raise Refused(f"这位的报名是“{signup.get_state_display()}”，不能签到。")


def _give_number(signup):
    """The next number on the lapel. Needs: the lock."""
    top = Profile.objects.filter(event=signup.event_id).aggregate(n=Max("number"))["n"] or 0
    Profile.objects.filter(signup=signup, number=None).update(number=top + 1)


@transaction.atomic
def not_here(signup, *, actor):
    """Somebody was ticked by mistake."""
    if not can_run(actor, signup.event):
        raise PermissionDenied
    after.must_take_ticks(signup.event)
    with as_clerk():
        Signup.objects.filter(pk=signup.pk).update(
            arrived_at=None, arrived_by=None, hours=None, hours_by=""
        )
    after.count_ticks(signup.event)
    write_down(actor, "撤销签到", signup.event, signup=signup.pk)


@transaction.atomic
def let_in(signup, *, actor):
    """Somebody of the line stands at the door and there is room: others did not come.

    Who is absent keeps the place they hold until it is needed here. Raises: PermissionDenied;
    Refused while everybody who holds a place is here, or before it begins.
    """
    event = signup.event
    if not can_run(actor, event):
        raise PermissionDenied
    with as_clerk():
        event = line.fresh(event.pk)
        signup.refresh_from_db(fields=["state", "group_id"])
        if signup.state != SignState.WAITING:
            raise Refused("这位不在候补里，请刷新页面。")
        if now() < signup.group.begins_at(event) - LAST_ASKED:
            raise Refused("活动前两小时才能现场补人；在这之前由系统按顺序递补。")
        if not line.take(event, signup.group_id):
            _give_up_a_place(event, signup.group)
            if not line.take(event, signup.group_id):
                raise Refused(_no_room(event, signup.group))
        line.change(signup, SignState.IN)
    write_down(actor, "现场补人", event, signup=signup.pk)


def _no_room(event, group):
    if now() < group.begins_at(event):
        return "还没有开始，名额还给没到的人留着。开始以后仍有人没到，再点“现场补进”。"
    return "名额都有人，而且人都到了，没有空位。"


def _give_up_a_place(event, group):
    """The last of those who hold a place of the group and are not here gives it up."""
    if now() < group.begins_at(event):
        return
    absent = Signup.objects.filter(event=event, group=group, state=SignState.IN, arrived_at=None)
    last = absent.order_by("-turn").first()
    if last and line.change(last, SignState.CANCELLED, why="没有按时到，名额让给了现场的候补"):
        line.free(event, group.pk)


def by_last_four(event, digits):
    """Who signed up with a number that ends so: at most a handful."""
    found = Signup.objects.filter(event=event, phone__endswith=digits).standing()
    return found.select_related("group")[:10] if len(digits) == 4 else Signup.objects.none()


def number_of(signup):
    """The number on somebody's lapel, which the door reads out; None but at an evening."""
    with as_clerk():
        profile = Profile.objects.filter(signup=signup).values_list("number", flat=True)
        return profile.first()
