"""活动 and 报名."""

import datetime as dt

from django.utils.timezone import now

from services.events.models import Event, Placement, Report
from tests.events import scene
from tests.steps.cases import Case


def _event(cast):
    """It began half an hour ago and can still be signed up for; somebody is in it."""
    event = _opened(cast, -dt.timedelta(minutes=30))
    scene.joined(cast["chen"], event)
    return scene.fresh(event)


def _opened(cast, after):
    begins = now() + after
    return scene.opened(
        cast["zhang"], [scene.row(capacity=3)], starts_at=begins,
        ends_at=begins + dt.timedelta(hours=3), closes_at=begins + dt.timedelta(hours=2),
    )  # fmt: skip


def _signup(cast):
    signup, _ = scene.joined(cast["chen"], _opened(cast, dt.timedelta(hours=1)))
    return signup


def _has_post(signup):
    Event.objects.filter(pk=signup.event_id).update(kind="internship")
    Placement.objects.update_or_create(
        signup=signup, defaults={"organization_id": "140105", "why": "第一志愿", "days": 1}
    )


def _report(cast):
    event = _opened(cast, dt.timedelta(hours=1))
    return Report.objects.create(organization_id="140105", event=event, number=1, text="说话难听")


CASES = {
    "evening-reports": Case(
        _report,
        {"close": "zhang"},
        {"closed": {"outcome": "已谈话"}},
        given={"close": {"outcome": "已谈话"}},
    ),
    "events": Case(
        _event,
        {
            "publish": "zhang", "close": "zhang", "reopen": "zhang", "call-off": "zhang",
            "hold": "zhang nobody", "open-again": "zhang",
        },
        {"held": {"held_at": now}, "cancelled": {"cancelled_why": "大雪封路"}},
        given={"call-off": {"why": "大雪封路"}},
    ),
    "signups": Case(
        _signup,
        {
            "approve": "zhang", "decline": "zhang", "reconsider": "zhang", "leave": "chen", "accept": "chen",
            "let-lapse": "nobody", "let-in": "zhang", "arrive": "zhang", "not-here": "zhang",
            "hours": "zhang", "attend": "zhang", "finish": "zhang", "say": "chen",
        },
        {"offered": {"offered_until": lambda: now() + dt.timedelta(hours=1)}},
        given={
            "decline": {"why": "面向学生"}, "hours": {"hours": 2}, "finish": {"finish": "good"},
            "say": {"satisfaction": 3},
        },
        told={"leave": ("event_offered", "event_moved_up")},
        whole_stands={"held": {"held_at": now}, "cancelled": {"cancelled_why": "大雪封路"}},
        stands_for={key: {"in": {"arrived_at": now}} for key in ("not-here", "hours")},
        before={
            "attend": _has_post, "finish": _has_post,
            "say": _has_post,
        },
    ),
}  # fmt: skip
