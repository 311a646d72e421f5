"""Boards of the province, a city and a county; each number opens the rows that it counts."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import now

from campaigns.choices import Reporting
from campaigns.models import ActivityQuestion, Campaign
from campaigns.permissions import can_log
from campaigns.views.choosing import chosen_campaign
from campaigns.views.log import UNDERTAKING_STEPS
from qingchun.ground.spreadsheets import xlsx_response
from qingchun.organizations import maps
from qingchun.organizations.access import access
from qingchun.organizations.choices import Level
from qingchun.organizations.codes import is_near
from qingchun.organizations.models import Organization
from reports.boards import exports as exports
from reports.boards.actions import making
from reports.boards.board import Board, stages_now
from reports.boards.unheld import unheld
from reports.papers.choices import AWAITING
from reports.papers.models import Plan
from reports.papers.standing import punctuality_counts, standing_of

TEMPLATES = {
    Level.PROVINCE: "reports/board_province.html",
    Level.CITY: "reports/board_city.html",
}


def _board(request, code):
    """(editions, board) of the unit asked for; outside the scope there is no such unit."""
    editions, campaign = chosen_campaign(
        request, Campaign.objects.prefetch_related("stages", "deadlines")
    )
    unit = request.user.acting.organization
    if code and code != unit.code:
        unit = get_object_or_404(Organization.objects.within(request.user.scope), pk=code)
    return editions, Board(campaign, unit, request.user)


@access()
def board(request, code=None):
    editions, found = _board(request, code)
    expected = found.expected()
    context = {
        "board": found,
        "unit": found.unit,
        "editions": editions,
        "campaign": found.campaign,
        "stages": stages_now(found.campaign),
        "deadlines": found.campaign.deadlines.all(),
        "now": now(),
        "newest": found.newest(),
        "kind_rows": found.kind_rows(expected),
        # Once, not once a row: a board holds sixty links.
        "log_url": reverse("campaigns:activities"),
        "board_url": reverse("reports:board"),
        "is_own": found.code == request.user.scope,
        "files": making.BOARDS if found.code == request.user.scope else (),
    }
    if found.is_province:
        rows = found.children(expected)
        waiting = [row for row in rows if row["plan"] and row["plan"].state in AWAITING]
        context |= {"rows": rows, "map": maps.shaded(rows), "waiting": waiting}
        context["punctuality"] = punctuality_counts(rows)
        context["received"] = sum(bool(row["sent_at"]) for row in rows)
        context["silent"] = sum(row["silent"] for row in rows)
    elif found.is_city:
        context |= _city(request, found, expected)
    else:
        context |= _county(request, found)
    return render(request, TEMPLATES.get(found.unit.level, "reports/board_county.html"), context)


def _city(request, found, expected):
    rows = found.children(expected)
    kinds, grid = found.grid(rows, expected)
    plan = (
        Plan.objects.visible_to(request.user)
        .filter(campaign=found.campaign, organization=found.unit)
        .with_deadline()
        .first()
    )
    if plan:
        plan.campaign = found.campaign
    return {
        "rows": rows,
        "grid_kinds": kinds,
        "grid": grid,
        "map": maps.shaded(rows, found.code),
        "plan": plan,
        "standing": standing_of(plan) if plan else None,
        "silent": sum(row["is_silent"] for row in rows),
        "counties": sum(row["unit"].closed_on is None for row in rows),
    }


def _county(request, found):
    asked = ActivityQuestion.objects.within(found.code).filter(answered_at=None)
    for row in found.undertaken:
        row["undertaking"].campaign = found.campaign
        steps = UNDERTAKING_STEPS.offers(request.user, row["undertaking"])
        row["steps"] = () if row["state"] == Reporting.REPORTED else steps
    is_own = found.code == request.user.scope
    return {
        "undertaken": found.undertaken,
        "unheld": unheld(found.code) if is_own and is_near(found.code) else (),
        "missing": sum(row["state"] == "missing" for row in found.undertaken),
        "questions": asked.select_related("activity")[:10],
        "can_log": can_log(request.user, found.code) and not found.campaign.is_locked,
    }


@access()
def export_board(request, code):
    _, found = _board(request, code)
    expected = found.expected()
    if found.is_province or found.is_city:
        header, rows = exports.board_rows(found, found.children(expected))
    else:
        header, rows = exports.kind_rows(found.kind_rows(expected))
    return xlsx_response(f"{found.unit.name}进展", header, rows)
