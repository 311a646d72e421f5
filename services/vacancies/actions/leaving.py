"""A person is forgotten, takes a consent back, or takes their data along: this app's part."""

import datetime as dt
from typing import Any, TypedDict

from django.db.models import QuerySet
from django.utils.timezone import localdate, localtime

from qingchun.accounts.models import User
from qingchun.notifications.actions import no_longer
from qingchun.organizations.walls import acting
from services.vacancies.actions.watching import hush
from services.vacancies.choices import KEPT_AFTER
from services.vacancies.models import Interest, Watch


class InterestTaken(TypedDict):
    岗位: str
    用人单位: str
    发布: str
    时间: str
    我写的话: str
    状态: str
    答复: str


class WatchTaken(TypedDict):
    行业: str
    地方: str


def give_up(rows: QuerySet, **_: Any) -> int:
    """Nothing is left of who asked, and nobody is told of it any more."""
    if found := list(rows):
        no_longer(*found)
    return rows.delete()[0]


def stop(rows: QuerySet, **_: Any) -> int:
    for one in rows:
        hush(one)
    return rows.delete()[0]


def forget_what_is_over(moment: dt.datetime) -> int:
    """Names and numbers go some time after the last day of a vacancy. Returns: how many."""
    last = localdate(moment - KEPT_AFTER)
    with acting("forget"):
        old = Interest.objects.filter(vacancy__until__lt=last)
        return give_up(old)


def interests_of(user: User | None, _: Any) -> list[InterestTaken]:
    found = Interest.objects.filter(user=user).select_related("vacancy__organization")
    return [
        {
            "岗位": interest.vacancy.title,
            "用人单位": interest.vacancy.employer,
            "发布": interest.vacancy.organization.full_name,
            "时间": f"{localtime(interest.asked_at):%Y-%m-%d %H:%M}",
            "我写的话": interest.words,
            "状态": interest.get_state_display(),
            "答复": interest.answer,
        }
        for interest in found
    ]


def watches_of(user: User | None, _: Any) -> list[WatchTaken]:
    found = Watch.objects.filter(user=user).select_related("organization")
    return [{"行业": one.said, "地方": one.organization.name} for one in found]
