"""The desk's board, the list of requests, the door, and the figures."""

from collections import namedtuple

from django.contrib import messages
from django.db import connection
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate

from campaigns.permissions import WRITERS
from campaigns.views.choosing import chosen_campaign
from qingchun.ground.prepared import prepared, sql_of, then
from qingchun.ground.refusals import said_on
from qingchun.organizations.access import FORM, access, takes_files
from qingchun.organizations.codes import county_of
from services.proxy import figures
from services.proxy.actions import asking
from services.proxy.choices import OPEN
from services.proxy.forms.asking import DoorForm
from services.proxy.models import ServiceItem, ServiceRequest
from services.proxy.permissions import NEAR, can_carry, is_near
from services.proxy.querysets import MOST_COUNTED
from talent.youth.actions.consents import current_texts
from talent.youth.choices import ConsentPurpose

DESK = {"levels": NEAR, "roles": WRITERS}
SHOWN = 6
ROW = (
    "pk", "number", "name", "state", "planned_on", "latest_on", "stopped_on", "agent_name",
    "version__title", "organization__short_name",
)  # fmt: skip


# One state of the board: how many, and those that are due first.
Column = namedtuple("Column", ("state", "count", "cases"))


def _counted(found):
    """How many, as far as a board counts; the question to the database, not yet asked."""
    sql, params = sql_of(found.order_by().values("pk")[:MOST_COUNTED])
    return f"(SELECT count(*) FROM ({sql}) counted)", params


def worded(questions):
    """(words, values) that ask for the count of each."""
    parts = [_counted(found) for found in questions]
    words = ", ".join(part for part, _ in parts)
    return f"SELECT {words}", [value for _, params in parts for value in params]


def counts_of(questions):
    """Each question's count, all in one way to the database."""
    return counted(*worded(questions))


def counted(words, values):
    """What ``worded`` asks."""
    with connection.cursor() as cursor:
        cursor.execute(words, values)
        return [f"{count - 1}+" if count == MOST_COUNTED else count for count in cursor.fetchone()]


def columns_of(scope, user=None):
    """The board: for each open state how many there are, and the first that fall due.

    Two queries, whose cost does not grow with the requests. ``user``: their own cases alone.
    """
    found, today = prepared(ServiceRequest.objects).within(scope), localdate()
    nobodys = found.nobodys(scope)
    if user:
        found = found.filter(agent=user.acting)
    states = [found.filter(state=state) for state in OPEN]
    *counts, late, unassigned = counts_of([*states, found.late(today), nobodys])
    rows = list(then(found, _first_due, None))
    for row in rows:
        row["is_late"] = row["stopped_on"] is None and row["planned_on"] < today
    columns = [
        Column(state, count, [row for row in rows if row["state"] == state])
        for state, count in zip(OPEN, counts, strict=True)
    ]
    return columns, late, unassigned


def _first_due(found, _):
    """The first of each open state."""
    first, *rest = [
        found.filter(state=state).order_by("planned_on", "pk").values(*ROW)[:SHOWN]
        for state in OPEN
    ]
    return first.union(*rest, all=True)


@access()
def board(request):
    """Counties and townships see their cases; the city and the province see figures."""
    if not is_near(request.user):
        return figures_page(request)
    is_mine = request.GET.get("mine") == "1"
    columns, late, unassigned = columns_of(request.user.scope, request.user if is_mine else None)
    context = {
        "states": columns,
        "late": late,
        "unassigned": unassigned,
        "is_mine": is_mine,
        "can_carry": can_carry(request.user),
    }
    return render(request, "proxy/board.html", context)


@access(**DESK)
def choose_item(request):
    """At the door: which item."""
    context = {"items": ServiceItem.objects.on_offer(county_of(request.user.scope))}
    return render(request, "proxy/choose_item.html", context)


@access(**DESK, takes=FORM)
@takes_files()
def register(request, pk):
    """At the door, for somebody who stands there; the signed paper is photographed."""
    unit = request.user.acting.organization
    found = ServiceItem.objects.on_offer(county_of(unit.code)).select_related("published__item")
    item = get_object_or_404(found, pk=pk)
    form = DoorForm(request.POST or None, request.FILES or None, version=item.published, unit=unit)
    if request.method == "POST" and form.is_valid():
        with said_on(form):
            case = asking.register_at_the_door(
                actor=request.user,
                item=item,
                paper=form.cleaned_data["paper"],
                **form.what(),
            )
            messages.success(request, f"已登记，编号 {case.spoken}。请把登记单打印给本人。")
            return redirect("proxy:case", case.pk)
    context = {"form": form, "item": item, "version": item.published, "unit": unit}
    return render(request, "proxy/register.html", context)


@access(**DESK)
def paper_form(request):
    """The mandate on paper, to print and have signed."""
    context = {
        "text": current_texts()[ConsentPurpose.PROXY],
        "unit": request.user.acting.organization,
    }
    return render(request, "proxy/paper_form.html", context)


@access()
def figures_page(request):
    """What was done, by unit, by item and office; and what sends people home."""
    editions, campaign = chosen_campaign(request)
    unit = request.user.acting.organization
    rows, whole = figures.by_unit(campaign, unit)
    context = {
        "editions": editions,
        "campaign": campaign,
        "rows": rows,
        "whole": whole,
        "items": figures.by_item(campaign, unit.code),
        "reasons": figures.sent_home(campaign, unit.code),
        "is_near": is_near(request.user),
    }
    return render(request, "proxy/figures.html", context)
