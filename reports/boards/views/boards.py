"""Boards of the province, a city and a county; each number opens the rows that it counts."""

from django.db.models import prefetch_related_objects
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import now

from campaigns.choices import Reporting
from campaigns.models import ActivityQuestion
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
from reports.boards import kept
from reports.boards.actions import document_jobs
from reports.boards.board import Board, stages_now
from reports.boards.unheld import unheld
from reports.papers.choices import AWAITING
from reports.papers.models import Plan
from reports.papers.standing import punctuality_counts, standing_of

TEMPLATES = {
    Level.PROVINCE: "reports/board_province.html",
    Level.CITY: "reports/board_city.html",
}


def unit_of(user, code):
    """The unit asked for; outside the scope there is no such unit."""
    own = user.acting.organization
    if not code or code == own.code:
        return own
    return get_object_or_404(Organization.objects.within(user.scope), pk=code)


@access()
def board(request, code=None):
    """The page around it is of this moment; the board is as it was last made, where nothing changed."""
    user, code = request.user, code or request.user.scope
    editions, campaign = chosen_campaign(request, among=kept.editions(code))
    name = kept.name_of(code, campaign, user)
    found = kept.kept(name, campaign.revision)
    if found is None:
        found = _made(editions, campaign, user, code)
        kept.keep(name, campaign.revision, found)
    context = {
        "title": found["title"],
        "pieces": kept.opened(found["pieces"]),
        "now": now(),
        "unheld": unheld(code) if code == user.scope and is_near(code) else (),
    }
    return render(request, "reports/board.html", context)


def _made(editions, campaign, user, code):
    """The board itself, with holes for what is not to be kept: {"title", "pieces"}."""
    unit = unit_of(user, code)
    prefetch_related_objects([campaign], "stages", "deadlines")
    found = Board(campaign, unit, user)
    expected = found.expected()
    context = {
        "board": found,
        "unit": unit,
        "title": "全省进展" if found.is_province else f"{unit.name}进展",
        "editions": editions,
        "campaign": campaign,
        "stages": stages_now(campaign),
        "deadlines": campaign.deadlines.all(),
        "now": kept.hole("now"),
        "newest": [(one, kept.ago(one.logged_at)) for one in found.newest()],
        "kind_rows": found.kind_rows(expected),
        "is_expected": bool(expected),
        # Once, not once a row: a board holds sixty links.
        "log_url": reverse("campaigns:activities"),
        "board_url": reverse("reports:board"),
        "is_own": found.code == user.scope,
        "files": document_jobs.BOARDS if found.code == user.scope else (),
    }
    if found.is_province:
        rows = found.children(expected)
        waiting = [row for row in rows if row["plan"] and row["plan"].state in AWAITING]
        context |= {"rows": rows, "map": maps.shaded(rows), "waiting": waiting}
        context["punctuality"] = punctuality_counts(rows)
        context["received"] = sum(bool(row["sent_at"]) for row in rows)
        context["silent"] = sum(row["silent"] for row in rows)
    elif found.is_city:
        context |= _city(user, found, expected)
    else:
        context |= _county(user, found)
    template = TEMPLATES.get(unit.level, "reports/board_county.html")
    return {"title": context["title"], "pieces": kept.drawn(template, context, user.scope)}


def _city(user, found, expected):
    rows = found.children(expected)
    kinds, grid = found.grid(rows, expected)
    plan = (
        Plan.objects.visible_to(user)
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


def _county(user, found):
    asked = ActivityQuestion.objects.within(found.code).filter(
        answered_at=None, activity__campaign=found.campaign
    )
    undertakings = [row["undertaking"] for row in found.undertaken]
    for row in found.undertaken:
        row["undertaking"].campaign = found.campaign
        steps = UNDERTAKING_STEPS.offers(user, row["undertaking"])
        row["steps"] = () if row["state"] == Reporting.REPORTED else steps
    return {
        "undertaken": found.undertaken,
        # One for all kinds of a plan.
        "action_day": next((u.action_day for u in undertakings if u.action_day), None),
        "unheld": kept.hole("unheld"),
        "missing": sum(row["state"] == found.owed for row in found.undertaken),
        "questions": asked.select_related("activity")[:10],
        "can_log": can_log(user, found.code) and found.campaign.is_open,
    }


@access()
def export_board(request, code):
    _, campaign = chosen_campaign(request, "stages", "deadlines")
    found = Board(campaign, unit_of(request.user, code), request.user)
    expected = found.expected()
    if found.is_province or found.is_city:
        header, rows = exports.board_rows(found, found.children(expected))
    else:
        header, rows = exports.kind_rows(found.kind_rows(expected))
    return xlsx_response(f"{found.unit.name}进展", header, rows)
