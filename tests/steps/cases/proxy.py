"""代办件 and 代办事项."""

import datetime as dt

from django.utils.timezone import localdate, now

from qingchun.accounts.models import Membership
from qingchun.organizations.choices import Role
from services.proxy.actions import items, slots
from services.proxy.models import ItemVersion, Mandate, Paper, ServiceItem, ServiceRequest, Slot
from tests.conftest import person
from tests.services import scene
from tests.services.test_hours import DAY, NINE
from tests.steps.cases import Case


def _case(cast):
    """Asked by 陈返乡, with its papers looked at; whoever carried it has left the county."""
    zhang, item = cast["zhang"], scene.published(cast["zhang"])
    case = scene.asked(cast["chen"], item)
    hou = person("hou", "侯小店", "140105", Role.EDITOR)
    Membership.objects.filter(user=hou).update(state="suspended")
    slots.open_hours(
        actor=zhang, way="drop", place="", first=DAY, last=DAY, hours=(NINE,), capacity=2
    )
    Paper.objects.filter(request=case).update(checked_by="张小店", checked_at=now())
    held = ServiceRequest.objects.filter(pk=case.pk)
    held.update(agent=hou.acting, agent_name="侯小店")
    return held.get()


def _item(cast):
    """On the list, with a newer version to which the office has agreed."""
    zhang, item = cast["zhang"], scene.published(cast["zhang"])
    content = scene.CONTENT | {"fee": "5 元"}
    items.write(actor=zhang, content=content, item=item, number=item.newest.number)
    ServiceItem.objects.filter(pk=item.pk).update(confirmed_number=2)
    return ServiceItem.objects.get(pk=item.pk)


def _first():
    return ItemVersion.objects.filter(organization_id="140105").order_by("number").first()


def _post():
    return Membership.objects.select_related("user").get(user__username="zhang")


def _waits_for_second(case):
    Mandate.objects.filter(request=case).update(needs_second=True)


def _with_the_agent(case):
    Paper.objects.filter(request=case).update(holder="agent")


def _papers():
    return list(Paper.objects.all())


def _hour():
    return Slot.objects.get().pk


DESK = dict.fromkeys(
    (
        "take", "assign", "accept", "to-office", "wait", "done", "impossible", "extend", "reopen",
        "undo", "hour", "mandate", "tick", "waive", "receive", "back", "fetch",
    ),
    "zhang",
)  # fmt: skip
OWN = dict.fromkeys(("withdraw", "rate", "again", "own-hour", "entrust"), "chen")
SAID = {"text": "说明"}


def _closable(cast):
    slots.open_hours(
        actor=cast["zhang"], way="drop", place="", first=DAY, last=DAY, hours=(NINE,), capacity=2
    )
    return Slot.objects.get()


def _later():
    return now() + dt.timedelta(days=2)


def _ahead():
    return now() + dt.timedelta(days=1)


def _lies_at_the_office(case):
    Paper.objects.filter(request=case).update(holder="office")


CASES = {
    "hours": Case(
        _closable,
        dict.fromkeys(("close", "open"), "zhang"),
        {
            state: {"is_closed": state == "closed", "starts_at": _ahead, "ends_at": _later}
            for state in ("open", "closed")
        },
        among=("sun",),
    ),
    "cases": Case(
        _case,
        DESK | OWN | {"let-go": "nobody", "confirm": "zhang"},
        {
            "waiting": {"stopped_on": localdate},
            "done": {"ended_at": now, "in_time": True, "days": 0},
            "impossible": {"ended_at": now},
            "withdrawn": {"ended_at": now},
        },
        given={
            **dict.fromkeys(("wait", "impossible", "reopen", "again"), SAID),
            "assign": {"agent": _post},
            "extend": SAID | {"days": 1},
            "hour": {"slot": _hour},
            "own-hour": {"slot": _hour},
            "rate": {"satisfaction": 5},
            **{key: {"papers": _papers} for key in ("tick", "receive", "back")},
            "waive": {"papers": _papers, "why": "窗口能查到"},
            **{key: {"until_on": localdate} for key in ("mandate", "entrust")},
        },
        before={
            "fetch": _lies_at_the_office,
            "confirm": _waits_for_second,
            "back": _with_the_agent,
        },
        told=dict.fromkeys(("reopen", "again"), ("proxy_reopened",)),
        among=("sun",),
    ),
    "items": Case(
        _item,
        dict.fromkeys(("confirm", "publish", "withdraw"), "zhang"),
        {"off": {"published": None}, "public": {"published": _first}},
        given={"confirm": {"by": "区医保局 李科长"}},
        among=("sun",),
    ),
}
