"""Which edition somebody looks at: the one that is asked for, or the one that runs."""

from collections.abc import Mapping
from typing import Any

from django.utils.timezone import localdate

from campaigns.calendar import running
from campaigns.models import Campaign
from campaigns.permissions import can_run_editions
from qingchun.ground.prepared import prepared
from qingchun.ground.refusals import NothingYet


def edition_of(user: Any, asked: Mapping[str, str]) -> Campaign:
    """Of the address of a list."""
    return seen(user, asked.get("campaign"))[1]


def seen(
    user: Any, wanted: str | None, along: tuple[str, ...] = (), among: Any = None
) -> tuple[list[Campaign], Campaign, Campaign]:
    """(the editions that somebody sees, the one that is wanted, the one that runs).

    ``among``: the editions, where they are asked for otherwise. Raises: NothingYet before the first.
    """
    found = prepared(Campaign.objects) if among is None else among
    editions = list(found.prefetch_related(*along) if along else found)
    if not can_run_editions(user):
        editions = [edition for edition in editions if not edition.is_preparing]
    if not editions:
        raise NothingYet("还没有行动。请省级管理员在“行动安排”里按通知新建一次，再开放。")
    runs = running(editions, localdate())
    return editions, next((one for one in editions if str(one.pk) == wanted), runs), runs
