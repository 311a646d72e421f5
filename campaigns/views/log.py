"""The activity log in a browser."""

from django.conf import settings
from django.contrib import messages
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render

from campaigns.actions import log as actions
from campaigns.actions.photos import add_photo
from campaigns.exports import activity_rows
from campaigns.forms import (
    ActivityFilter,
    ActivityForm,
    AnswerForm,
    CoverageForm,
    QuestionForm,
    ReasonForm,
)
from campaigns.models import (
    Activity,
    ActivityKind,
    ActivityQuestion,
    Measure,
    MediaCoverage,
    Photo,
    Undertaking,
)
from campaigns.permissions import CHECKERS, WRITERS, can_answer, can_edit, can_log
from campaigns.views.choosing import chosen_campaign
from qingchun.accounts.audit import history_of
from qingchun.ground.paging import page_of
from qingchun.ground.refusals import said_on
from qingchun.ground.spreadsheets import xlsx_response
from qingchun.organizations.access import FORM, POST, access, takes_files
from qingchun.organizations.choices import Level
from qingchun.organizations.models import Organization
from qingchun.stepping import Stepping
from qingchun.tapping import done, one_of, tapping, valid

LEVEL_BELOW = {
    Level.PROVINCE: Level.CITY,
    Level.CITY: Level.COUNTY,
    Level.COUNTY: Level.TOWNSHIP,
}


def _activity_or_404(request, pk):
    found = Activity.objects.visible_to(request.user).live()
    return get_object_or_404(
        found.select_related("campaign", "kind", "organization").prefetch_related(
            "campaign__stages"
        ),
        pk=pk,
    )


def _back(activity):
    return redirect("campaigns:activities") if activity.deleted_at else redirect(activity)


STEPPING = Stepping(
    actions.ENTRIES,
    _activity_or_404,
    who={"roles": dict.fromkeys((*WRITERS, *CHECKERS))},
    route="campaigns:activity_step",
    forms={"delete-activity": ReasonForm, "ask": QuestionForm},
    back=_back,
    pk="uuid",
)
activity_step = STEPPING.page


def _listed(request):
    """(editions, edition, filter form, narrowed activities) of what the address asks for."""
    editions, campaign = chosen_campaign(request)
    scope = request.user.scope
    kinds = ActivityKind.objects.filter(campaign=campaign).open_to(scope)
    units = Organization.objects.within(scope).filter(
        level=LEVEL_BELOW.get(request.user.acting.organization.level)
    )
    form = ActivityFilter(request.GET, kinds=kinds, units=units.only("code", "short_name"))
    asked = request.GET.get("unit", "")
    if asked.startswith(scope) and asked not in dict(form.fields["unit"].choices):
        # A link from a board may name a unit deeper down than the list offers.
        deeper = Organization.objects.within(scope).filter(pk=asked)
        form.fields["unit"].choices += deeper.values_list("code", "short_name")
    return (
        editions,
        campaign,
        form,
        form.narrow(Activity.objects.visible_to(request.user).of(campaign)),
    )


@access()
def activities(request):
    editions, campaign, form, found = _listed(request)
    context = {
        "editions": editions,
        "campaign": campaign,
        "form": form,
        "page": page_of(found.as_list_rows(), request.GET.get("page")),
        "can_log": can_log(request.user, request.user.scope) and not campaign.is_locked,
        "is_filtered": any(form.cleaned_data.values()),
    }
    return render(request, "campaigns/activities.html", context)


@access()
def export(request):
    *_, found = _listed(request)
    header, rows = activity_rows(found)
    return xlsx_response(f"活动台账-{request.user.acting.organization.short_name}", header, rows)


def _kinds_for(request, campaign):
    """The unit's kinds with their measures, and which of them it undertook."""
    kinds = (
        ActivityKind.objects.filter(campaign=campaign)
        .open_to(request.user.scope)
        .select_related("campaign")
        .prefetch_related(
            "campaign__stages", Prefetch("measures", Measure.objects.order_by("position"))
        )
    )
    undertaken = set(
        Undertaking.objects.run_by(request.user.scope)
        .filter(campaign=campaign)
        .values_list("kind_id", flat=True)
    )
    return kinds, undertaken


def _form_page(request, form, undertaken, **context):
    first = [kind for kind in form.kinds if kind.pk in undertaken] or form.kinds
    rest = [kind for kind in form.kinds if kind not in first]
    chosen = form["kind"].value()
    context |= {
        "form": form,
        "first": first,
        "rest": rest,
        "chosen": chosen,
        "rest_open": any(kind.key == chosen for kind in rest),
        "figures": [(kind, form.figures_of(kind)) for kind in form.kinds],
        "has_undertaken": bool(undertaken),
    }
    return render(request, "campaigns/activity_form.html", context)


@access(roles=WRITERS, takes=FORM)
@takes_files()
def log(request):
    _, campaign = chosen_campaign(request)
    kinds, undertaken = _kinds_for(request, campaign)
    initial = {"kind": request.GET["kind"]} if "kind" in request.GET else {}
    form = ActivityForm(
        request.POST or None, request.FILES or None, campaign=campaign, kinds=kinds, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        with said_on(form):
            entry = form.cleaned_data["entry"]
            # Without a script the pictures come with the form.
            for file in form.cleaned_data["photos"]:
                add_photo(actor=request.user, entry=entry, file=file)
            activity, is_new = actions.log_activity(
                actor=request.user, entry=entry, **form.values()
            )
            messages.success(
                request,
                "已登记，县、市、省的进展已经更新。"
                if is_new
                else "这条活动已经登记过，没有重复登记。",
            )
            return redirect(f"{activity.get_absolute_url()}?logged=1")
    return _form_page(request, form, undertaken, campaign=campaign)


@access()
def activity(request, pk):
    found, user = _activity_or_404(request, pk), request.user
    measures = {measure.key: measure for measure in found.kind.measures.all()}
    figures = [(measures[key], value) for key, value in found.figures.items() if key in measures]
    is_open = not found.campaign.is_locked
    context = {
        "activity": found,
        "figures": figures,
        "photos": Photo.objects.visible_to(user).filter(activity=found),
        "coverage": found.coverage.all(),
        "questions": [
            (asked, AnswerForm(auto_id=f"answer-{asked.pk}-%s")) for asked in found.questions.all()
        ],
        "history": history_of(found),
        "can_edit": can_edit(user, found) and is_open,
        "can_answer": can_answer(user, found) and is_open,
        "steps": STEPPING.offers(user, found),
        "coverage_form": CoverageForm(campaign=found.campaign),
    }
    return render(request, "campaigns/activity.html", context)


@access(roles=WRITERS, takes=FORM)
def edit(request, pk):
    found = _activity_or_404(request, pk)
    kinds, undertaken = _kinds_for(request, found.campaign)
    form = ActivityForm(request.POST or None, campaign=found.campaign, kinds=kinds, activity=found)
    if request.method == "POST" and form.is_valid():
        with said_on(form, latest=found):
            actions.edit_activity(found, actor=request.user, **form.values())
            return done(request, "已修改。", found)
    return _form_page(request, form, undertaken, campaign=found.campaign, activity=found)


answer = tapping(
    actions.answer, one_of(ActivityQuestion.objects.visible_to, "activity__campaign"),
    form=AnswerForm, wrong="请写明答复，500 字以内。", said="已答复。",
    back=lambda question: redirect(question.activity), roles=WRITERS,
)  # fmt: skip


@access(roles=WRITERS, takes=POST)
def add_coverage(request, pk):
    found = _activity_or_404(request, pk)
    given = valid(CoverageForm(request.POST, campaign=found.campaign), "：")
    actions.add_coverage(found, actor=request.user, **given)
    return done(request, "已添加媒体报道。", found)


remove_coverage = tapping(
    actions.remove_coverage, one_of(MediaCoverage.objects.visible_to, "activity__campaign"),
    said="已删去。", back=lambda coverage: redirect(coverage.activity), roles=WRITERS,
)  # fmt: skip


UNDERTAKING_STEPS = Stepping(
    actions.UNDERTAKINGS,
    one_of(Undertaking.objects.own, "campaign"),
    who={"roles": WRITERS},
    route="campaigns:undertaking_step",
    back=lambda undertaking: redirect(settings.LOGIN_REDIRECT_URL),
)
undertaking_step = UNDERTAKING_STEPS.page
