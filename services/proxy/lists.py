"""Lists of the green channel's desk, on their pages, printed and exported whole; names stay masked."""

from django.utils.timezone import localdate

from qingchun.ground.lists import Listing
from qingchun.ground.ordering import Sorting
from qingchun.ground.prepared import prepared
from qingchun.ground.refusals import Refused
from services.proxy.choices import OPEN, Custodian, Office
from services.proxy.forms.desk import CaseFilter
from services.proxy.models import Paper, ServiceRequest, Slot, Trip
from services.proxy.permissions import NEAR

DUE = {"due": ("planned_on", "pk"), "number": ("-pk",)}


def sorting_of(asked):
    """What is open by the day it is due, what has ended by when it came."""
    is_due = asked.get("state", "") in ("", *OPEN)
    return Sorting(asked, DUE if is_due else dict(reversed(DUE.items())))


def cases(user, asked):
    """(the form that narrows it, the cases)."""
    form = CaseFilter(asked, offices=Office.choices)
    found = form.narrow(prepared(ServiceRequest.objects).visible_to(user), user)
    if asked.get("show") == "with_us":
        with_us = Paper.objects.visible_to(user).exclude(holder=Custodian.PERSON)
        found = ServiceRequest.objects.visible_to(user).filter(papers__in=with_us).distinct()
    return form, sorting_of(asked).of(found)


def _cases(user, asked):
    form, found = cases(user, asked)
    if form.wrong:
        raise Refused(form.wrong)
    return found.for_lists()


def trips(user, asked):
    return Trip.objects.visible_to(user)


def hours(user, asked):
    return Slot.objects.visible_to(user).filter(starts_at__date__gte=localdate())


CASES = Listing(
    name="cases",
    title="代办件",
    page="proxy:cases",
    rows=_cases,
    who={"levels": NEAR},
    columns={
        "编号": "spoken",
        "事项": "version.title",
        "姓名": "masked_name",
        "单位": "organization.short_name",
        "部门": "version.get_office_display",
        "代办员": "agent_name",
        "到期": lambda case: None if case.stopped_on else case.planned_on,
        "状态": lambda case: "超期" if case.is_late else case.get_state_display(),
    },
)
TRIPS = Listing(
    name="trips",
    title="跑办单目录",
    page="proxy:trips",
    rows=trips,
    who={"levels": NEAR},
    columns={
        "部门": "get_office_display",
        "代办员": "agent_name",
        "开单时间": "at",
        "都有结果": "back_at",
    },
)
HOURS = Listing(
    name="hours",
    title="可约时段",
    page="proxy:slots",
    rows=hours,
    who={"levels": NEAR},
    columns={
        "开始": "starts_at",
        "结束": "ends_at",
        "方式": "get_way_display",
        "地点": "place",
        "已约": "taken",
        "可约": "capacity",
        "不再接受": "is_closed",
    },
)
