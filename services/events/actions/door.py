"""签到: by the code on a phone, from the list, by a number's last four digits."""

import datetime as dt
import uuid
from uuid import UUID

from django.db.models import Max, Q, QuerySet
from django.utils.timezone import localtime, now

from qingchun.accounts.models import User
from qingchun.accounts.phones import of_number
from qingchun.accounts.steps import stays, step, walking
from qingchun.ground.refusals import Refused
from qingchun.organizations.walls import acting
from services.events.actions import after
from services.events.actions.roads import SIGNUPS
from services.events.choices import TICKS, EventState, SignState
from services.events.models import Event, Profile, Signup
from services.events.models.signups import ending_mark
from services.events.permissions import can_run

IN, WAITING, OFFERED = SignState.IN, SignState.WAITING, SignState.OFFERED
UNCONFIRMED = "这位是候补递补的，还没有确认。请先在手机上点“我要参加”，再来签到。"
NOT_IN = {state: f"这位的报名是“{state.label}”，不能签到。" for state in SignState if state != IN}
IN_LINE = "这位还在候补，没有名额。有人没来、还有空位的，可以在名单里让他（她）进来。"
# A phone without a network keeps what it scanned for so long.
KEPT_BY_PHONE = dt.timedelta(hours=24)
OPENS_BEFORE = dt.timedelta(hours=12)
# Of several shifts of one day each is ticked in its own time.
SHIFT_OPENS_BEFORE = dt.timedelta(hours=2)


def code_in(text: str) -> UUID | None:
    """The code somebody shows, as it was scanned or typed; None when it is none of ours."""
    try:
        return uuid.UUID(text.strip().removeprefix("qingchun:"))
    except ValueError:
        return None


def find(event: Event, text: str) -> Signup:
    """Whose code it is. Raises: Refused for another event's, and for what is none."""
    code = code_in(text)
    if code is None:
        raise Refused("这不是签到码。请让对方打开“我的活动”里的签到码。")
    with acting("run an event"):  # to say that it is another event's, which may be another unit's
        signup = Signup.objects.select_related("event", "group").filter(code=code).first()
    if signup is None:
        raise Refused("没有这个签到码，可能是旧的。请按姓名或手机后四位找。")
    if signup.event_id != event.pk:
        raise Refused("这是另一场活动的签到码，不是这一场的，请核对。")
    return signup


@step(SIGNUPS, stays(IN), "签到", may=can_run, within=TICKS,
      says=NOT_IN | {OFFERED: UNCONFIRMED, WAITING: IN_LINE}, label="到了", said="已签到。")  # fmt: skip
def arrive(
    signup: Signup, *, actor: User, scan: UUID | None = None, at: dt.datetime | None = None
) -> Signup:
    """Somebody is here. The same scan sent again is silent; a second scan of one code is said.

    ``scan``: an id made where it was scanned; ``at``: when, if it had to wait for a network.
    Returns: the sign-up. Raises: Refused with the one reason that whoever stands at the door can
    act on.
    """
    moment = now()
    at = min(max(at, moment - KEPT_BY_PHONE), moment) if at else moment
    if scan and signup.arrived_by == scan and can_run(actor, signup):
        return signup
    # Whoever says that it was held waits for those who are just coming in, and they for it.
    with walking(arrive, signup, actor) as walk:
        after.must_take_ticks(walk.whole)
        _refuse_again(signup)
        _refuse_another_time(signup, at, is_scan=scan is not None)
        walk.facts |= {"arrived_at": at, "arrived_by": scan}
        if walk.whole.state == EventState.HELD and walk.whole.of.has_shifts:
            walk.facts |= after.proposed(signup, at)
        elif walk.whole.of.is_evening:
            _refuse_another_of_one_identity(signup)
            _give_number(signup)
    return signup


def _refuse_another_time(signup: Signup, at: dt.datetime, *, is_scan: bool) -> None:
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


def _refuse_again(signup: Signup) -> None:
    if signup.arrived_at:
        raise Refused(
            f"这个码 {localtime(signup.arrived_at):%H:%M} 签过到了（{signup.masked_name}，尾号 "
            f"{signup.phone[-4:]}）。不是同一个人的，请核对身份。"
        )


def _refuse_another_of_one_identity(signup: Signup) -> None:
    """Two signed up with one identity number: neither was told of the other. Whoever holds the
    card comes in. Needs: the lock."""
    profiles = Profile.objects.filter(event=signup.event_id).exclude(person_mark=None)
    marks = profiles.filter(signup=signup).values("person_mark")
    here = profiles.filter(signup__arrived_at__isnull=False, person_mark__in=marks)
    if other := here.exclude(signup=signup).first():
        raise Refused(
            f"用这个身份证号的已经签到了（{other.number} 号），请看身份证。证件是这一位的，"
            f"先撤销 {other.number} 号的签到。"
        )


def _give_number(signup: Signup) -> None:
    """The next number on the lapel. Needs: the lock."""
    top = Profile.objects.filter(event=signup.event_id).aggregate(n=Max("number"))["n"] or 0
    Profile.objects.filter(signup=signup, number=None).update(number=top + 1)


@step(SIGNUPS, stays(IN), "撤销签到", may=can_run, within=TICKS, needs=after.is_absent,
      label="撤销签到", ask="撤销后记为没有到，时长和人数一起减去，打印过的证明不再有效。确定吗？",
      said="签到已撤销。")  # fmt: skip
def not_here(signup: Signup, *, actor: User) -> None:
    """Somebody was ticked by mistake."""
    with walking(not_here, signup, actor) as walk:
        after.must_take_ticks(walk.whole)
        walk.facts |= {"arrived_at": None, "arrived_by": None, "hours": None, "hours_by": ""}


def by_last_four(event: Event, digits: str) -> QuerySet:
    """Who signed up with a number that ends so: at most a handful."""
    if len(digits) != 4:
        return Signup.objects.none()
    found = Signup.objects.filter(event=event, phone_ending_mark=ending_mark(event.pk, digits))
    return found.standing().select_related("group")[:10]


def looked_for(event: Event, words: str) -> Q:
    """Q of the sign-ups that a name, a whole number or the last four digits of one mean."""
    found = Q(name__contains=words) | of_number(words)
    return found | Q(phone_ending_mark=ending_mark(event.pk, words)) if len(words) == 4 else found


def number_of(signup: Signup) -> int | None:
    """The number on somebody's lapel, which the door reads out; None but at an evening."""
    with acting("run an event"):
        profile = Profile.objects.filter(signup=signup).values_list("number", flat=True)
        return profile.first()
