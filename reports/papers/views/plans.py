"""Plans on the screen: the list, the paper, the writing desk."""

from django.shortcuts import get_object_or_404, redirect, render

from campaigns.choices import DeadlineType
from campaigns.views.choosing import carry_on, chosen_campaign
from qingchun.accounts.audit import history_of
from qingchun.ground.prepared import prepared
from qingchun.organizations.access import POST, access
from qingchun.organizations.models import Organization
from reports.papers import content, standing
from reports.papers.actions import writing
from reports.papers.actions.workflow import ROADS, names_for, road_of, shown
from reports.papers.choices import CHANGE, Section
from reports.papers.forms.plans import OWN_KEYS, DayForm, read_section
from reports.papers.forms.texts import AttachmentForm
from reports.papers.models import Plan, PlanExample
from reports.papers.permissions import can_write_plans, is_province
from reports.papers.views.papers import (
    CITY_WRITERS,
    PLAN_STEPS,
    READERS,
    all_remarks,
    as_read,
    attaching,
    changed,
    compared,
    may_write,
    missing_in,
    paper_or_404,
    remarks_on,
    save_part,
)


@access(**READERS)
def plans(request):
    """The province's queue of cities; a city's own plan, or the way to begin it."""
    editions, campaign = chosen_campaign(request, "deadlines")
    context = {"editions": editions, "campaign": campaign}
    context["deadline"] = standing.deadline_of(campaign, DeadlineType.PLAN)
    context["examples"] = (
        prepared(PlanExample.objects).filter(campaign=campaign).select_related("city")
    )
    if is_province(request.user):
        rows = standing.paper_rows(DeadlineType.PLAN, campaign, request.user)
        context |= {"rows": rows, "what": "方案", "tab": "plans"}
        return render(request, "reports/plans.html", context)
    mine = Plan.objects.visible_to(request.user).filter(campaign=campaign).first()
    if mine:
        return redirect(mine)
    context["can_start"] = can_write_plans(request.user) and not campaign.is_locked
    return render(request, "reports/plan_none.html", context)


@access(**CITY_WRITERS, takes=POST)
def start_plan(request):
    _, campaign = chosen_campaign(request)
    begun = writing.start(DeadlineType.PLAN, campaign, actor=request.user)
    return redirect("reports:plan_edit", begun.pk)


@access(**READERS)
def plan(request, pk):
    found, user = paper_or_404(request, DeadlineType.PLAN, pk), request.user
    contents, names, version = shown(found, user)
    writes, remarks = may_write(user, found), all_remarks(found)
    context = {
        "plan": found,
        "campaign": found.campaign,
        "paper": as_read(road_of(found), contents, names, remarks),
        "history": history_of(found),
        "changes": changed(found, user),
        "changed_for": version and version.content.get(CHANGE),
        "answers": [remark for remark in remarks if not remark.section],
        "attachments": prepared(found.attachments),
        "missing": missing_in(found, contents, names) if writes else [],
        "standing": standing.standing_of(found),
        "borrowed": prepared(found.practices_used).select_related("practice"),
        "may_edit": writes,
        "steps": PLAN_STEPS.offers(user, found),
    }
    return render(request, "reports/plan.html", context)


def _desk(request, found, conflict=None, typed=None):
    """The writing page; after a conflict, with both contents of that part."""
    sections = {section.key: section for section in found.sections.all()}
    contents = {key: section.content for key, section in sections.items()}
    names = names_for(found, contents)
    remarks = remarks_on(found)
    shown_now = contents | ({conflict.key: typed} if conflict else {})
    running = [(key, names[key]) for key in content.run_keys(contents)]
    units = [(found.organization_id, "市本级")] + [
        (code, names[code])
        for code in sorted(names)
        if code.isdecimal() and len(code) > len(found.organization_id)
    ]
    items = {item["key"]: item for item in shown_now[Section.INNOVATIONS]["items"]}
    people = shown_now[Section.PEOPLE]
    context = {
        "plan": found,
        "section_route": "reports:plan_section",
        "campaign": found.campaign,
        "content": shown_now,
        "sections": sections,
        "kinds": found.campaign.kinds.of_all(),
        "running": running,
        "grid": [
            (code, name, shown_now[Section.GRID]["rows"].get(code, [])) for code, name in units
        ],
        "own": [(key, items.get(key, {})) for key in OWN_KEYS],
        "people": [("first", "第一责任人", people["first"])]
        + [(key, name, people["kinds"].get(key, {})) for key, name in running],
        "action_day": DayForm(initial=_day(shown_now, Section.ACTION_DAY), campaign=found.campaign),
        "party_day": DayForm(
            initial=_day(shown_now, Section.PARTY_REPORT),
            campaign=found.campaign,
            label="什么时候汇报的",
            auto_id="party_%s",
        ),
        "remarks": {key: [r for r in remarks if r.section == key] for key in Section},
        "labels": {key: key.label for key in Section},
        "missing": missing_in(found, contents, names),
        "conflict": conflict,
        "theirs": content.lines(conflict.key, conflict.content, names) if conflict else (),
        "attachments": found.attachments.all(),
        "attachment_form": AttachmentForm(),
        "stage": next(
            (s for s in found.campaign.stages.all() if s.number == content.CARRY_OUT), None
        ),
    }
    return render(request, "reports/plan_edit.html", context, status=409 if conflict else 200)


def _day(contents, key):
    return {"on": content.day_of(contents[key]["on"])}


@access(**CITY_WRITERS)
def edit_plan(request, pk):
    found = paper_or_404(request, DeadlineType.PLAN, pk)
    writing.refuse_unless_editable(found)
    return _desk(request, found)


@access(**CITY_WRITERS, takes=POST)
def save_section(request, pk, key):
    found = paper_or_404(request, DeadlineType.PLAN, pk)
    kind_keys = found.campaign.kinds.of_all().values_list("key", flat=True)
    units = Organization.objects.counties_of(found.organization_id).values_list("code", flat=True)

    def read(data):
        return read_section(
            key,
            data,
            campaign=found.campaign,
            kind_keys=list(kind_keys),
            units=[found.organization_id, *units],
        )

    def desk(conflict, typed):
        return _desk(request, found, conflict, typed)

    return save_part(request, found, key, read, desk)


@access(**READERS)
def versions(request, pk):
    found = paper_or_404(request, DeadlineType.PLAN, pk)
    return render(request, "reports/paper_versions.html", compared(request, found))


@access(**READERS)
def print_plan(request, pk):
    found = paper_or_404(request, DeadlineType.PLAN, pk)
    contents, names, _ = shown(found, request.user)
    context = {
        "plan": found,
        "paper": as_read(road_of(found), contents, names),
        "remarks": found.remarks.all(),
        "labels": dict(Section.choices),
        "standing": standing.standing_of(found),
    }
    return render(request, "reports/plan_print.html", context)


attach = attaching(DeadlineType.PLAN, CITY_WRITERS)


@access()
def example(request, pk):
    found = get_object_or_404(PlanExample.objects.select_related("city", "campaign"), pk=pk)
    paper = as_read(ROADS[DeadlineType.PLAN], found.content, found.content["names"])
    carry_on(request, found.campaign_id)
    return render(request, "reports/plan_example.html", {"example": found, "paper": paper})
