"""Against formalism: texts beside their sources, numbers that grow, and what each level asks."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.timezone import localdate

from campaigns.choices import DeadlineType
from campaigns.days_off import in_force_for
from campaigns.effort import GOAL_FIELDS, GOAL_SECONDS
from campaigns.views.choosing import chosen_campaign
from qingchun.organizations.access import FORM, POST, access
from qingchun.organizations.choices import Level
from qingchun.organizations.codes import is_above_county
from qingchun.stepping import Stepping
from qingchun.tapping import done, one_of
from reports.boards import formalism, reporting_burden
from reports.boards.actions import demands as actions
from reports.boards.choices import DemandKind
from reports.boards.forms import DemandForm, YouthCountForm
from reports.boards.models import Demand
from reports.boards.permissions import can_ask_below
from reports.papers import figures
from reports.papers.actions.workflow import shown
from reports.papers.permissions import REVIEWERS, WRITERS
from reports.papers.views.papers import READERS, paper_or_404

ASKERS = {"levels": (Level.PROVINCE, Level.CITY, Level.COUNTY), "roles": WRITERS}


def _likeness(request, purpose, pk):
    found = paper_or_404(request, purpose, pk)
    contents, _, version = shown(found, request.user)
    # What the portal drafted is left out of every other text, so it matches nothing either way.
    own = formalism.drafted_in(contents) if version else ()
    context = {"paper": found, "found": formalism.compared(found, contents, own)}
    return render(request, "reports/likeness.html", context)


@access(**READERS)
def plan_likeness(request, pk):
    return _likeness(request, DeadlineType.PLAN, pk)


@access(**READERS)
def summary_likeness(request, pk):
    return _likeness(request, DeadlineType.SUMMARY, pk)


@access(levels=(Level.PROVINCE,), roles=REVIEWERS)
def formalism_page(request):
    """One edition: how much was copied, which numbers grew, which days were brought forward."""
    editions, campaign = chosen_campaign(request, "deadlines")
    found = Demand.objects.filter(campaign=campaign, dropped_at=None)
    found = list(found.select_related("organization"))
    due = {deadline.purpose: deadline for deadline in campaign.deadlines.all()}
    days = in_force_for(request.user)
    context = {
        "editions": editions,
        "campaign": campaign,
        "papers": [(p.label, rows) for p, rows in formalism.overview(campaign).items()],
        "growths": reporting_burden.growths(found),
        "days": [
            (demand, due[demand.purpose], _share_of_days(demand, due[demand.purpose], days))
            for demand in found
            if demand.kind == DemandKind.DAY and demand.purpose in due
        ],
    }
    return render(request, "reports/formalism.html", context)


def _share_of_days(demand, deadline, days):
    return reporting_burden.days_left(localdate(demand.made_at), demand.due_on, deadline, days)


@access(levels=(Level.PROVINCE,), roles=WRITERS, takes=FORM)
def youth_counts(request):
    """How many young people each county has, from the yearbook; figures are held against it."""
    form = YouthCountForm(request.POST or None, units=reporting_burden.counties())
    if request.method == "POST" and form.is_valid():
        noted = actions.note_youth(actor=request.user, **form.values())
        return done(request, f"已记下 {noted} 个县的青年人数。", "reports:youth_counts")
    return render(request, "reports/youth_counts.html", {"form": form})


@access()
def ledger(request):
    """What is asked of a unit and by it, in minutes; a form for one thing more."""
    editions, campaign = chosen_campaign(request, "deadlines")
    return _ledger(request, editions, campaign, None)


def _ledger(request, editions, campaign, form, known=None):
    unit, user = request.user.acting.organization, request.user
    kinds = figures.kinds_of(campaign, unit.code)
    before = next((one for one in editions if one.starts_on < campaign.starts_on), None)
    meter = reporting_burden.meter(campaign, before, kinds, request.GET.get("level"))
    rows = reporting_burden.ledger(campaign, unit, meter.entry or reporting_burden.A_MINUTE)
    may_ask = can_ask_below(user) and not campaign.is_locked
    if may_ask and form is None:
        form = DemandForm(campaign=campaign, kinds=kinds, initial={"kind": DemandKind.QUOTA})
    below = (
        reporting_burden.demands_below(campaign, unit.code) if is_above_county(unit.code) else ()
    )
    context = {
        "editions": editions,
        "campaign": campaign,
        "meter": meter,
        "goal": (GOAL_SECONDS, GOAL_FIELDS),
        "rows": rows,
        "minutes": sum(row.in_all for row in rows),
        "hours": round(sum(row.in_all for row in rows) / 60),
        "below": below,
        "form": form if may_ask else None,
        "known": known,
        "scope": user.scope,
    }
    return render(request, "reports/ledger.html", context, status=422 if known else 200)


@access(**ASKERS, takes=POST)
def ask_below(request):
    editions, campaign = chosen_campaign(request, "deadlines")
    kinds = figures.kinds_of(campaign, request.user.scope)
    form = DemandForm(request.POST, campaign=campaign, kinds=kinds)
    if not form.is_valid():
        return _ledger(request, editions, campaign, form)
    try:
        demand = actions.ask_below(campaign, actor=request.user, **form.cleaned_data)
    except actions.Known as known:
        return _ledger(request, editions, campaign, form, known)
    except actions.Refused as refusal:
        form.add_error("due_on", str(refusal))
        return _ledger(request, editions, campaign, form)
    messages.success(request, f"已提出，{demand.units} 个单位共要花 {demand.minutes_in_all} 分钟。")
    return redirect("reports:ledger")


DEMAND_STEPS = Stepping(
    actions.DEMANDS, one_of(Demand.objects.own, "campaign"), who=ASKERS, route="reports:demand_step",
    back=lambda demand: redirect("reports:ledger"),
)  # fmt: skip
demand_step = DEMAND_STEPS.page
