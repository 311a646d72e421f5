"""Plans on the screen: the list, the paper, the writing desk."""

from django.contrib import messages
from django.http import FileResponse, Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_GET, require_POST

from campaigns.choices import Purpose
from campaigns.models import Campaign
from campaigns.views.choosing import chosen_campaign
from qingchun.accounts.audit import history_of
from qingchun.organizations.access import access
from qingchun.organizations.choices import Level
from qingchun.organizations.models import Organization
from qingchun.organizations.refusals import Refused
from reports import boards, content
from reports.actions import review, writing
from reports.choices import PlanState, Section
from reports.forms import OWN_KEYS, AttachmentForm, DayForm, read_section
from reports.models import Attachment, Plan, PlanExample, PlanVersion
from reports.permissions import WRITERS, can_edit, can_review, can_write_plans, is_province

READERS = {"levels": (Level.PROVINCE, Level.CITY)}
CITY_WRITERS = {"levels": (Level.CITY,), "roles": WRITERS}


def _plan_or_404(request, pk):
    plans = Plan.objects.visible_to(request.user).select_related("campaign", "organization")
    plans = plans.with_extension().prefetch_related("campaign__stages", "campaign__deadlines")
    return get_object_or_404(plans, pk=pk)


@access(**READERS)
@require_GET
def plans(request):
    """The province's queue of cities; a city's own plan, or the way to begin it."""
    editions, campaign = chosen_campaign(request, Campaign.objects.prefetch_related("deadlines"))
    context = {"editions": editions, "campaign": campaign}
    context["deadline"] = boards.deadline_of(campaign, Purpose.PLAN)
    context["examples"] = PlanExample.objects.filter(campaign=campaign).select_related("city")
    if is_province(request.user):
        context["rows"] = boards.plan_rows(campaign, request.user)
        return render(request, "reports/plans.html", context)
    mine = Plan.objects.visible_to(request.user).filter(campaign=campaign).first()
    if mine:
        return redirect(mine)
    context["can_start"] = can_write_plans(request.user) and not campaign.is_locked
    return render(request, "reports/plan_none.html", context)


@access(**CITY_WRITERS)
@require_POST
def start_plan(request):
    _, campaign = chosen_campaign(request)
    begun = writing.start_plan(campaign, actor=request.user)
    return redirect("reports:plan_edit", begun.pk)


def _paper(contents, names, remarks=()):
    """The parts of a plan as they read on paper, each with its remarks."""
    return [
        {
            "key": key,
            "label": Section(key).label,
            "lines": content.lines(key, contents[key], names),
            "remarks": [remark for remark in remarks if remark.section == key],
        }
        for key in Section
        if key in contents
    ]


def _shown(plan):
    """What the province sees is what was sent; the city sees its working copy while it writes."""
    if plan.is_editable or plan.number == 0:
        contents = review.contents_of(plan)
        return contents, review.names_for(plan, contents)
    sent = plan.versions.get(number=plan.number).content
    return {key: sent[key] for key in Section}, sent["names"]


@access(**READERS)
@require_GET
def plan(request, pk):
    found, user = _plan_or_404(request, pk), request.user
    if is_province(user) and found.is_editable:
        # Returned: the province keeps seeing what it returned, not the mending.
        sent = found.versions.get(number=found.number).content
        contents, names = {key: sent[key] for key in Section}, sent["names"]
    else:
        contents, names = _shown(found)
    remarks = [r for r in found.remarks.all() if r.number == found.number]
    mine = can_edit(user, found)
    missing = review.problems_of(found, contents, names) if mine and found.is_editable else []
    context = {
        "plan": found,
        "campaign": found.campaign,
        "paper": _paper(contents, names, remarks),
        "history": history_of(found),
        "attachments": found.attachments.all(),
        "missing": [(key, Section(key).label, text) for key, text in missing],
        "may_edit": mine and found.is_editable and not found.campaign.is_locked,
        "may_take_back": mine and found.state == PlanState.SUBMITTED,
        "may_review": can_review(user, found) and not found.campaign.is_locked,
        "standing": boards.standing_of(found),
        "deadline": boards.deadline_of(found.campaign, Purpose.PLAN),
    }
    return render(request, "reports/plan.html", context)


def _desk(request, found, conflict=None, typed=None):
    """The writing page; after a conflict, with both contents of that part."""
    sections = {section.key: section for section in found.sections.all()}
    contents = {key: section.content for key, section in sections.items()}
    names = review.names_for(found, contents)
    remarks = [r for r in found.remarks.all() if r.number == found.number]
    shown = contents | ({conflict.key: typed} if conflict else {})
    running = [(key, names[key]) for key in content.run_keys(contents)]
    units = [(found.organization_id, "市本级")] + [
        (code, names[code])
        for code in sorted(names)
        if code.isdecimal() and len(code) > len(found.organization_id)
    ]
    items = {item["key"]: item for item in shown[Section.INNOVATIONS]["items"]}
    people = shown[Section.PEOPLE]
    missing = review.problems_of(found, contents, names)
    context = {
        "plan": found,
        "campaign": found.campaign,
        "content": shown,
        "sections": sections,
        "kinds": found.campaign.kinds.filter(city=None),
        "running": running,
        "grid": [(code, name, shown[Section.GRID]["rows"].get(code, [])) for code, name in units],
        "own": [(key, items.get(key, {})) for key in OWN_KEYS],
        "people": [("first", "第一责任人", people["first"])]
        + [(key, name, people["kinds"].get(key, {})) for key, name in running],
        "action_day": DayForm(initial=_day(shown, Section.ACTION_DAY), campaign=found.campaign),
        "party_day": DayForm(
            initial=_day(shown, Section.PARTY_REPORT), campaign=found.campaign, auto_id="party_%s"
        ),
        "remarks": {key: [r for r in remarks if r.section == key] for key in Section},
        "labels": {key: key.label for key in Section},
        "missing": [(key, Section(key).label, text) for key, text in missing],
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
@require_GET
def edit_plan(request, pk):
    found = _plan_or_404(request, pk)
    writing.refuse_unless_editable(found)
    return _desk(request, found)


@access(**CITY_WRITERS)
@require_POST
def save_section(request, pk, key):
    """Save one part: by itself while the city types (JSON), or by its button."""
    found = _plan_or_404(request, pk)
    if key not in Section.values or not request.POST.get("version", "").isdecimal():
        raise Http404
    wants_json = "application/json" in request.headers.get("Accept", "")
    kind_keys = found.campaign.kinds.filter(city=None).values_list("key", flat=True)
    units = Organization.objects.counties_of(found.organization_id).values_list("code", flat=True)
    try:
        typed = read_section(
            key,
            request.POST,
            campaign=found.campaign,
            kind_keys=list(kind_keys),
            units=[found.organization_id, *units],
        )
        saved = writing.save_section(
            found, actor=request.user, key=key, content=typed, version=int(request.POST["version"])
        )
    except writing.Conflict as conflict:
        if not wants_json:
            return _desk(request, found, conflict.theirs, typed)
        contents = review.contents_of(found)
        names = review.names_for(found, contents)
        return JsonResponse(
            {
                "reason": str(conflict),
                "version": conflict.theirs.version,
                "theirs": content.lines(key, conflict.theirs.content, names),
            },
            status=409,
        )
    except Refused as refusal:
        if not wants_json:
            raise
        return JsonResponse({"reason": str(refusal)}, status=422)
    if wants_json:
        missing = review.problems_of(found)
        return JsonResponse(
            {
                "version": saved.version,
                "saved": f"{localtime(saved.edited_at):%H:%M} 已保存",
                "missing": [(k, Section(k).label, text) for k, text in missing],
            }
        )
    messages.success(request, f"“{saved}”已保存。")
    return redirect(f"{reverse('reports:plan_edit', args=[found.pk])}#{key}")


@access(**READERS)
@require_GET
def versions(request, pk):
    """Two versions side by side, part by part."""
    found = _plan_or_404(request, pk)
    kept = list(found.versions.all())
    if not kept:
        raise Http404
    numbers = [version.number for version in kept]
    right = _number(request.GET.get("b"), numbers, numbers[-1])
    left = _number(request.GET.get("a"), numbers, numbers[max(0, len(numbers) - 2)])
    sides = [next(version for version in kept if version.number == n) for n in (left, right)]
    papers = [_paper(side.content, side.content["names"]) for side in sides]
    rows = [
        {
            "label": a["label"],
            "left": a["lines"],
            "right": b["lines"],
            "same": a["lines"] == b["lines"],
        }
        for a, b in zip(*papers, strict=True)
    ]
    context = {"plan": found, "versions": kept, "sides": sides, "rows": rows}
    return render(request, "reports/plan_versions.html", context)


def _number(text, numbers, default):
    return int(text) if text and text.isdecimal() and int(text) in numbers else default


@access(**READERS)
@require_GET
def print_plan(request, pk):
    found = _plan_or_404(request, pk)
    version = PlanVersion.objects.filter(plan=found).order_by("-number").first()
    if version and not (can_edit(request.user, found) and found.is_editable):
        contents, names = version.content, version.content["names"]
    else:
        contents, names = _shown(found)
    context = {
        "plan": found,
        "paper": _paper(contents, names),
        "remarks": found.remarks.all(),
        "labels": dict(Section.choices),
        "standing": boards.standing_of(found),
    }
    return render(request, "reports/plan_print.html", context)


@access(**CITY_WRITERS)
@require_POST
def attach(request, pk):
    found = _plan_or_404(request, pk)
    form = AttachmentForm(request.POST, request.FILES)
    if not form.is_valid():
        raise Refused("请先选择要上传的附件。")
    writing.attach(found, actor=request.user, file=form.cleaned_data["file"])
    messages.success(request, "附件已上传。")
    return redirect(f"{reverse('reports:plan_edit', args=[found.pk])}#attachments")


def _attachment_or_404(request, pk):
    mine = Plan.objects.visible_to(request.user)
    found = Attachment.objects.visible_to(request.user).filter(plan__in=mine)
    return get_object_or_404(found.select_related("plan__campaign"), pk=pk)


@access(**READERS)
@require_GET
def attachment(request, pk):
    found = _attachment_or_404(request, pk)
    return FileResponse(found.file.open(), as_attachment=True, filename=found.name)


@access(**CITY_WRITERS)
@require_POST
def detach(request, pk):
    found = _attachment_or_404(request, pk)
    writing.detach(found, actor=request.user)
    return redirect(f"{reverse('reports:plan_edit', args=[found.plan_id])}#attachments")


@access()
@require_GET
def example(request, pk):
    found = get_object_or_404(PlanExample.objects.select_related("city", "campaign"), pk=pk)
    context = {"example": found, "paper": _paper(found.content, found.content["names"])}
    return render(request, "reports/plan_example.html", context)
