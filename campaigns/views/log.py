"""The activity log in a browser."""

import datetime as dt
from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate

from campaigns.actions import log as actions
from campaigns.actions.photos import add_photo, bring_along
from campaigns.calendar import running
from campaigns.checks import limit
from campaigns.entry_forms import ActivityForm
from campaigns.forms import AnswerForm, CoverageForm, QuestionForm, ReasonForm
from campaigns.forwarding import forwarded
from campaigns.listing import listed, sorting_of
from campaigns.models import (
    Activity,
    ActivityKind,
    ActivityQuestion,
    MediaCoverage,
    Photo,
    Undertaking,
)
from campaigns.permissions import (
    CHECKERS,
    WRITERS,
    can_answer,
    can_check_below,
    can_edit,
    can_log,
    just_logged,
)
from campaigns.proposals import latest, read_by
from campaigns.views.choosing import carry_on, chosen_campaign
from qingchun.accounts.audit import history_of
from qingchun.ground.paging import rows_after
from qingchun.ground.prepared import prepared
from qingchun.ground.refusals import said_on
from qingchun.many import Many
from qingchun.organizations.access import FORM, POST, access, takes_files
from qingchun.stepping import Stepping
from qingchun.tapping import done, one_of, tapping, valid


def _activity_or_404(request, pk):
    found = prepared(Activity.objects).visible_to(request.user).live()
    found = found.select_related("campaign", "kind", "organization")
    found = get_object_or_404(found.prefetch_related("campaign__stages"), pk=pk)
    carry_on(request, found.campaign_id)
    return found


def _back(activity):
    if activity.deleted_at is None:
        return redirect(activity)
    return redirect(f"{reverse('campaigns:activities')}?campaign={activity.campaign_id}")


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
CHECKING = Many(
    STEPPING,
    ("check",),
    among=lambda user: (
        Activity.objects.visible_to(user).live().select_related("campaign", "organization")
    ),
    may=can_check_below,
    route="campaigns:activities_many",
    back="campaigns:activities",
    called=lambda activity: f"{activity.title}（{activity.organization.short_name}）",
)
activities_many = CHECKING.page


@access()
def activities(request):
    editions, campaign = chosen_campaign(request)
    form, found = listed(request.user, campaign, request.GET)
    sorting = sorting_of(request.GET)
    context = {
        "editions": editions,
        "campaign": campaign,
        "form": form,
        "sorting": sorting,
        "page": rows_after(sorting.of(found.as_list_rows()), request.GET),
        "can_log": can_log(request.user, request.user.scope) and campaign.is_open,
        "many": CHECKING.offer(request.user) if campaign.is_open else None,
        "is_filtered": any(form.cleaned_data.values()),
    }
    return render(request, "campaigns/activities.html", context)


def _kinds_for(request, campaign):
    """The unit's kinds with their measures, and which of them it undertook."""
    scope = request.user.scope
    kinds = prepared(ActivityKind.objects).filter(campaign=campaign).open_to(scope)
    kinds = kinds.known_to(scope).for_forms()
    undertaken = prepared(Undertaking.objects).run_by(scope).filter(campaign=campaign)
    return kinds, set(undertaken.values_list("kind_id", flat=True))


def _as_asked(typed, kinds, editions):
    """What was typed, its figures named as these kinds name them: it goes into another edition than
    the form was opened for, where the button says so beside the form."""
    opened_for, *other = typed.getlist("campaign") or [""]
    if not other or opened_for not in {str(edition.pk) for edition in editions}:
        return typed
    typed, here = typed.copy(), {kind.key: kind.pk for kind in kinds}
    for pk, key in ActivityKind.objects.filter(campaign=opened_for).values_list("pk", "key"):
        for name in [name for name in typed if name.startswith(f"figure_{pk}_")]:
            typed[f"figure_{here.get(key)}_{name.split('_', 2)[2]}"] = typed.pop(name)[-1]
    return typed


def _form_page(request, form, undertaken, editions=(), **context):
    kinds, places = latest(request.user.scope, form.campaign, editions)
    # What was logged last stands first: it is often the next one too.
    last = next((kind for kind in form.kinds if kind.key in kinds[:1]), None)
    first = [kind for kind in form.kinds if kind.pk in undertaken or kind is last]
    first = sorted(first if undertaken else form.kinds, key=lambda kind: kind is not last)
    rest = [kind for kind in form.kinds if kind not in first]
    chosen = form["kind"].value()
    if not form.activity:
        context["notices"] = read_by(request.user, form.campaign, form.kinds)
    context |= {
        "form": form,
        "first": first,
        "rest": rest,
        "chosen": chosen,
        "rest_open": any(kind.key == chosen for kind in rest),
        "known": {
            str(kind.pk): {"most": kind.most, "limit": limit(kind.most), "latest": kind.latest}
            for kind in form.kinds
        },
        "figures": [(kind, form.figures_of(kind)) for kind in form.kinds],
        "has_undertaken": bool(undertaken),
        "places": places,
        "days": _days(form.campaign),
    }
    return render(request, "campaigns/activity_form.html", context)


def _days(campaign):
    """What the days of an edition are called that nearly all entries are of."""
    today = localdate()
    named = ("今天", today), ("昨天", today - dt.timedelta(1))
    return [name for name, day in named if campaign.starts_on <= day <= campaign.ends_on]


@access(roles=WRITERS, takes=FORM)
@takes_files()
def log(request):
    editions, campaign = chosen_campaign(request)
    kinds, undertaken = _kinds_for(request, campaign)
    # Once more what was logged before, or what 今天 says is owed; whoever opened it sees both filled in.
    initial = {name: request.GET[name][:60] for name in ("kind", "place") if name in request.GET}
    form = ActivityForm(
        _as_asked(request.POST, kinds, editions) or None,
        request.FILES or None,
        campaign=campaign,
        kinds=kinds,
        editions=editions,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        with said_on(form):
            entry = form.cleaned_data["entry"]
            if opened_for := getattr(request, "opened_for", ""):
                bring_along(actor=request.user, entry=entry, came_from=opened_for)
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
            # What is kept in the browser is kept for the edition the form was opened for.
            said = filter(str.isdecimal, request.POST.getlist("campaign"))
            kept_for = next(said, campaign.pk)
            return redirect(f"{activity.get_absolute_url()}?logged={kept_for}")
    runs = running([one for one in editions if one.is_open], localdate())
    instead = runs if campaign.starts_on > localdate() and runs != campaign else None
    return _form_page(request, form, undertaken, editions, campaign=campaign, instead=instead)


@access()
def activity(request, pk):
    found, user = _activity_or_404(request, pk), request.user
    measures = {measure.key: measure for measure in prepared(found.kind.measures)}
    figures = [(measures[key], value) for key, value in found.figures.items() if key in measures]
    is_open = found.campaign.is_open
    photos = prepared(Photo.objects).visible_to(user).filter(activity=found)
    photos = list(photos.select_related("clip"))
    kept = [photo for photo in photos if not photo.trouble]
    context = {
        "activity": found,
        "figures": figures,
        "photos": [photo for photo in kept if not photo.film],
        "films": [p for p in kept if p.film and (p.film.came_at or can_edit(user, found))],
        "refused": [photo for photo in photos if photo.trouble and can_edit(user, found)],
        "waiting": sum(photo.is_waiting for photo in kept if not photo.film),
        "coverage": prepared(found.coverage),
        "questions": [
            (asked, AnswerForm(auto_id=f"answer-{asked.pk}-%s"))
            for asked in prepared(found.questions)
        ],
        "history": history_of(found),
        "can_edit": can_edit(user, found) and is_open,
        "again": "&" + urlencode({"kind": found.kind.key, "place": found.place}),
        "forwarded": forwarded(found, figures) if can_edit(user, found) else "",
        "can_answer": can_answer(user, found) and is_open,
        "steps": STEPPING.offers(user, found),
        "coverage_form": CoverageForm(),
    }
    return render(request, "campaigns/activity.html", context)


@access(roles=WRITERS, takes=FORM)
def edit(request, pk):
    found = _activity_or_404(request, pk)
    kinds, undertaken = _kinds_for(request, found.campaign)
    form = ActivityForm(request.POST or None, campaign=found.campaign, kinds=kinds, activity=found)
    if just_logged(request.user, found):
        del form.fields["reason"]
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
    given = valid(CoverageForm(request.POST), "：")
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
    back=None,
)
undertaking_step = UNDERTAKING_STEPS.page
