"""A person is forgotten, or takes their data along: this app's part of both."""

from typing import Any, TypedDict

from django.db import connection
from django.db.models import QuerySet
from django.utils.timezone import localtime, now

from qingchun.accounts.models import User
from qingchun.organizations.codes import county_of
from services.events.actions import telling, waiting_list
from services.events.choices import AHEAD, HOLDS, SignState
from services.events.kinds import MATCHMAKING
from services.events.models import Choice, Placement, Pledge, Profile, Signup
from talent.youth.choices import ConsentPurpose
from talent.youth.models import Youth


class SignupTaken(TypedDict):
    活动: str
    主办: str
    时间: str
    报名: str
    状态: str
    报名时间: str
    签到: str
    服务时长: str
    回答: dict[str, str]


class ProfileTaken(TypedDict):
    活动: str
    出生年: int
    工作: str
    希望: str
    对方年龄: str
    号码: int | str
    选择: str


class PledgeTaken(TypedDict):
    时间: str
    姓名: str


def _give_up(signups: QuerySet) -> None:
    """Places ahead go to the next. Needs: to forget."""
    for signup in signups.standing().select_related("event"):
        if signup.event.state in AHEAD and not signup.arrived_at:
            event = waiting_list.locked_event(signup.event_id)
            held = signup.state in HOLDS
            if waiting_list.change(signup, SignState.CANCELLED) and held:
                waiting_list.free(event, signup.group_id)
            telling.hush_one(event, signup)
            waiting_list.promote(event, now())
            waiting_list.recount(event)


def erase_choices(_: QuerySet, *, user: User, **__: Any) -> int:
    """Whom they chose: the wall shows it to nobody else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT events_erase_choices(NULL, %s)", [user.pk])
        return cursor.rowcount


def give_up(rows: QuerySet, *, purpose: str, user: User | None, **_: Any) -> int:
    """The consent to 青春有约, or to hosts other than home, is taken back: places ahead are given
    up, and the lists lose name, number and answers; of whoever came the name, on their note, stays.
    """
    if purpose == ConsentPurpose.MATCHMAKING:
        rows = rows.filter(event__kind=MATCHMAKING.key)
    else:
        # Home is what it was then, and what it is now that it was merged.
        now_at = Youth.objects.filter(user=user).values_list("organization_id", flat=True)
        found = rows.exclude(home=None).values_list("pk", "home_id", "event__organization_id")
        rows = rows.filter(
            pk__in=[
                pk
                for pk, home, host in found
                if not any(host.startswith(county_of(code)) for code in (home, *now_at))
            ]
        )
    _give_up(rows)
    rows.filter(arrived_at=None).update(name="")
    return rows.update(phone="", phone_ending_mark=None, answers={})


def forget(rows: QuerySet, **_: Any) -> int:
    """Places ahead go to the next; what is over stays as a count of nobody."""
    _give_up(rows)
    Placement.objects.filter(signup__in=rows).update(why="", host_word="", word="")
    return rows.update(
        user=None, name="", phone="", phone_ending_mark=None, answers={}, why="", home=None
    )


def signups_of(user: User, _: Any) -> list[SignupTaken]:
    found = Signup.objects.filter(user=user).select_related("event__organization", "group")
    return [
        {
            "活动": signup.event.title,
            "主办": signup.event.organization.full_name,
            "时间": f"{localtime(signup.event.starts_at):%Y-%m-%d %H:%M}",
            "报名": signup.group.name if signup.group else "",
            "状态": signup.get_state_display(),
            "报名时间": f"{localtime(signup.joined_at):%Y-%m-%d %H:%M}",
            "签到": f"{localtime(signup.arrived_at):%Y-%m-%d %H:%M}" if signup.arrived_at else "",
            "服务时长": str(signup.hours or ""),
            "回答": _answers(signup),
        }
        for signup in found
    ]


def _answers(signup: Signup) -> dict[str, str]:
    labels = {question["key"]: question["label"] for question in signup.event.questions}
    return {labels.get(key, key): said for key, said in signup.answers.items()}


def profiles_of(user: User | None, _: Any) -> list[ProfileTaken]:
    chosen = dict(
        Choice.objects.filter(user_id=user.pk if user else None).values_list("event_id", "chosen")
    )
    found = Profile.objects.filter(user=user).select_related("event")
    return [
        {
            "活动": profile.event.title,
            "出生年": profile.birth_year,
            "工作": profile.trade,
            "希望": profile.hopes,
            "对方年龄": f"{profile.from_age}—{profile.to_age}",
            "号码": profile.number or "",
            "选择": "、".join(f"{number} 号" for number in chosen.get(profile.event_id, ())),
        }
        for profile in found
    ]


def pledges_of(user: User | None, _: Any) -> list[PledgeTaken]:
    found = Pledge.objects.filter(user=user) if user else ()
    return [{"时间": f"{localtime(one.at):%Y-%m-%d %H:%M}", "姓名": one.name} for one in found]
