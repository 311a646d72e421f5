"""报名: one tap for whoever has checked in."""

import datetime as dt
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import localtime, now

from qingchun.accounts.models import User
from qingchun.accounts.phones import PHONE
from qingchun.ground.refusals import Refused, only_if
from qingchun.ground.sealed_fields import seal_number
from qingchun.ground.sealing import blind_index
from qingchun.organizations.codes import county_of
from services.events.choices import AHEAD, Asked, Reach, SignState
from services.events.models import Event, EventGroup, Signup, SignupFacts, Wish
from services.events.models.signups import ending_mark
from talent.youth.actions.consents import give
from talent.youth.choices import ConsentPurpose, YouthType
from talent.youth.models import Youth

MOST_WISHES = 5
PERSON = "event person"
CLOSED = "报名还没有开始，或者已经截止。"
SHIFT_IS_OFF = "这一班已经取消了，请选别的班次。"
ASK_FIRST = "这个活动不是家乡团组织办的，要先看过同意书，勾选同意主办单位使用您的姓名和手机号。"
DECLINED_BEFORE = "您报过这个活动，没有通过。有疑问请打联系电话。"


def is_of_another(event: Event, youth: Youth) -> bool:
    """Whether whoever holds it is not home: the city, the province, another county."""
    return not event.organization_id.startswith(county_of(youth.organization_id))


def problem_with(
    event: Event, youth: Youth, *, lives_here: bool = False, is_single: bool = False
) -> str:
    """Why somebody cannot join, in words; empty when they can. Asks nothing of the database."""
    if event.adults_only and not youth.is_adult:
        return "这个活动只对 18 周岁以上开放。"
    if event.classes and youth.kind not in event.classes:
        return f"这个活动面向{'、'.join(YouthType(kind).label for kind in event.classes)}。"
    is_home = youth.organization_id.startswith(county_of(event.organization_id))
    if event.reach == Reach.LOCAL and not (is_home or lives_here):
        return "这个活动面向家在本地或现在住在本地的青年。住在本地的，请勾选“我现在住在本地”。"
    if event.singles_only and not is_single:
        return "这个活动只对单身青年开放，请勾选“我声明本人单身”。"
    return ""


def answers_to(event: Event, given: Mapping[str, Any]) -> dict[str, str]:
    """The answers kept: those to the event's own questions. Raises: Refused for a missing one."""
    kept = {}
    for question in event.questions:
        said = str(given.get(question["key"], "")).strip()[:200]
        if question["kind"] == Asked.ONE and said and said not in question["choices"]:
            said = ""
        if question.get("required") and not said:
            raise Refused(f"请回答：{question['label']}")
        if said:
            kept[question["key"]] = said
    return kept


def call(
    event: Event,
    group_id: int | None,
    slot: int,
    user: User,
    facts: SignupFacts,
    moment: dt.datetime,
) -> tuple[int, str]:
    """(signup's id, what it said): see ``events_join`` in migration 0007. One round trip."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT signup, said FROM events_join(%s, %s, %s, %s, %s::jsonb, %s)",
            [event.pk, group_id, slot, user.pk, json.dumps(facts), moment],
        )
        return cursor.fetchone()


@transaction.atomic
def join(
    user: User,
    *,
    event: Event,
    youth: Youth,
    group: EventGroup | None = None,
    given: Mapping[str, Any] | None = None,
    lives_here: bool = False,
    is_single: bool = False,
    agreed: Collection[str] = (),
    guardian: str = "",
) -> tuple[int, str]:
    """Sign up: in, or in the line, or to be looked at.

    Needs: a person who has checked in; a group of the event, or none for an internship, whose
    wishes are given apart; among ``agreed`` that another than home is told who they are, where it
    is; ``guardian``: see ``consents.give``. Returns: (the sign-up's id, its state or "has" when it stood already).
    Raises: Refused, in words of what to do.
    """
    only_if(youth is not None and youth.user_id == user.pk)
    if problem := problem_with(event, youth, lives_here=lives_here, is_single=is_single):
        raise Refused(problem)
    only_if(group is None or group.event_id == event.pk)
    moment = now()
    if not event.takes_people:
        raise Refused(why_closed(event, moment))
    if is_of_another(event, youth):
        if ConsentPurpose.HOST not in agreed:
            raise Refused(ASK_FIRST)
        give(youth, {ConsentPurpose.HOST}, guardian=guardian)
    if group is not None and group.cancelled_why:
        raise Refused(SHIFT_IS_OFF)
    if group is not None and group.ends_at and group.ends_at <= moment:
        raise Refused("这一班已经结束了，请选别的班次。")
    slot = group.pk if group is not None and event.of.has_shifts else 0
    if group is not None and slot:
        _refuse_two_at_once(user, group)
    facts: SignupFacts = {
        "name": youth.name,
        "phone": seal_number(youth.phone, PHONE).hex(),
        "ending": ending_mark(event.pk, youth.phone),
        "kind": youth.kind,
        "home": youth.organization_id,
        "mark": blind_index(str(user.pk), PERSON),
        "answers": answers_to(event, given or {}),
    }
    found, said = call(event, group.pk if group else None, slot, user, facts, moment)
    if said == "closed":
        raise Refused(CLOSED)
    if said == "off":
        raise Refused(SHIFT_IS_OFF)
    if said == "declined":
        raise Refused(DECLINED_BEFORE)
    return found, said


def why_closed(event: Event, moment: dt.datetime) -> str:
    if moment < event.opens_at:
        return f"报名 {localtime(event.opens_at):%-m月%-d日 %H:%M} 开始，到时再来。"
    return "报名已经截止。想去的，请打联系电话问。"


def _refuse_two_at_once(user: User, group: EventGroup) -> None:
    """A volunteer stands in one place at a time."""
    ahead = Signup.objects.of(user).filter(event__state__in=AHEAD)
    clash = ahead.standing().exclude(group=group)
    clash = clash.filter(group__starts_at__lt=group.ends_at, group__ends_at__gt=group.starts_at)
    other = clash.select_related("group").first()
    if other:
        raise Refused(f"您同一时间已经报了“{other.group.name}”，请先取消那一班。")


@transaction.atomic
def wish(
    user: User,
    *,
    event: Event,
    youth: Youth,
    groups: Sequence[EventGroup],
    given: Mapping[str, Any] | None = None,
    **own_word: Any,
) -> int:
    """Sign up for an internship with posts in the order they are wished for, or change them.

    Needs: up to five posts of the event. Returns: the sign-up's id. Raises: Refused.
    """
    if not groups:
        raise Refused("请至少选一个岗位。")
    if len({group.pk for group in groups}) != len(groups):
        raise Refused("同一个岗位选了两次，请改一个。")
    if len(groups) > MOST_WISHES or any(group.event_id != event.pk for group in groups):
        raise Refused(f"最多选 {MOST_WISHES} 个本次活动的岗位。")
    found, _ = join(user, event=event, youth=youth, given=given, **own_word)
    # Placing waits for the shared lock that ``join`` holds until this transaction ends.
    signup = Signup.objects.get(pk=found)
    if signup.state != SignState.APPLIED:
        raise Refused("已经安排过岗位，志愿不能再改。有特殊情况请打联系电话。")
    signup.wishes.all().delete()
    Wish.objects.bulk_create(
        Wish(organization_id=event.organization_id, signup=signup, group=group, place=place)
        for place, group in enumerate(groups, 1)
    )
    return found


def group_or_refuse(event: Event, pk: Any) -> EventGroup:
    """The group somebody tapped. Raises: Refused when it is none of the event's."""
    groups = list(EventGroup.objects.filter(event=event))
    if len(groups) == 1:
        return groups[0]
    for group in groups:
        if str(group.pk) == str(pk):
            return group
    raise Refused("请选一项再报名。")
