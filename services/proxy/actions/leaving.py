"""A person is forgotten, or takes their data along; a cadre leaves: this app's part of it."""

from typing import Any, TypedDict

from django.db.models import QuerySet
from django.utils.timezone import localtime

from qingchun.accounts.actions.persons import LEFT_ALONE
from qingchun.accounts.models import Membership, User
from qingchun.ground.refusals import Refused
from qingchun.notifications.actions import no_longer
from services.proxy.actions import asking, cases
from services.proxy.actions.after import end_for_the_forgotten
from services.proxy.choices import CaseEventType, Custodian
from services.proxy.models import CaseEvent, Paper, ServiceRequest
from services.proxy.notices import MOVED_BY_NUMBER, TO_DESK


def forget(rows: QuerySet, *, user: User, **_: Any) -> int:
    """Also what was registered at the door with their number and name.

    Raises: Refused while papers of theirs are with us: who would they be given back to?
    """
    asking.claim(user)
    if Paper.objects.filter(request__in=rows).exclude(holder=Custodian.PERSON).exists():
        raise Refused("您还有材料在代办员手里，请先取回，再删除账号。")
    found = list(rows.select_related("organization"))
    for case in found:
        end_for_the_forgotten(case)
    _leave_alone(ServiceRequest.objects.filter(asker__represented_by=user))
    return len(found)


def pass_on(rows: QuerySet, *, after: Membership | None, **_: Any) -> int:
    """Whoever comes after carries the open cases."""
    if after is None:
        return 0
    found = list(rows.open())
    CaseEvent.objects.bulk_create(
        CaseEvent(
            organization_id=case.organization_id,
            request=case,
            kind=CaseEventType.AGENT,
            state=case.state,
            title=f"{case.agent_name}交接给{after.user.name}",
            by_name="系统",
        )
        for case in found
    )
    kept = ServiceRequest.objects.filter(pk__in=[case.pk for case in found])
    kept.update(agent=after, agent_name=after.user.name)
    no_longer(*found, purposes=TO_DESK)
    return len(found)


def pass_on_trips(rows: QuerySet, *, after: Membership | None, **_: Any) -> int:
    """Whoever comes after comes back from the trips."""
    if after is None:
        return 0
    return rows.filter(back_at=None).update(agent=after, agent_name=after.user.name)


def _leave_alone(requests: QuerySet) -> None:
    """Those without a phone keep what is theirs; the number that was left with it goes."""
    for case in requests.exclude(name=""):
        ServiceRequest.objects.filter(pk=case.pk).update(phone="", asker_name="")
        no_longer(case, purposes=(MOVED_BY_NUMBER,))
        cases.note(case, CaseEventType.WORD, f"{LEFT_ALONE}，请直接和本人联系", by="系统")


class RequestTaken(TypedDict):
    """A request as its person takes it along."""

    编号: str
    事项: str
    办事人: str
    联系电话: str
    座机: str
    上门地址: str
    说明: str
    状态: str
    登记时间: str
    评价: str
    经过: list[str]


def requests_of(user: User, _: Any) -> list[RequestTaken]:
    found = ServiceRequest.objects.filter(asker=user).select_related("version")
    return [
        {
            "编号": case.spoken,
            "事项": case.version.title,
            "办事人": case.name,
            "联系电话": case.phone,
            "座机": case.landline,
            "上门地址": case.place,
            "说明": case.wish,
            "状态": case.get_state_display(),
            "登记时间": f"{localtime(case.begun_at):%Y-%m-%d %H:%M}",
            "评价": case.get_satisfaction_display() or "",
            "经过": [
                f"{localtime(e.at):%Y-%m-%d %H:%M} {e.title} {e.note}".strip()
                for e in case.events.filter(is_shown=True)
            ],
        }
        for case in found
    ]
