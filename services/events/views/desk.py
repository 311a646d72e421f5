"""The desk: a unit's events, how they are written, opened, moved, copied and held."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime

from campaigns.permissions import WRITERS
from qingchun.ground.paging import page_of
from qingchun.ground.prepared import prepared
from qingchun.ground.refusals import Refused, said_on
from qingchun.organizations.access import FORM, POST, access, takes_files
from qingchun.stepping import Stepping
from qingchun.tapping import done, one_of, valid
from services.events import kinds, lists
from services.events.actions import after, events, shifts
from services.events.actions.roads import EVENTS
from services.events.choices import HOLDS, EventState, SignState
from services.events.forms.desk import CopyForm, EntryForm
from services.events.forms.sheet import Sheet
from services.events.forms.steps import CallOffForm
from services.events.models import Event, Signup
from services.events.permissions import can_make, can_run

DESK = {"roles": WRITERS}


@access()
def event_list(request):
    """What one's own unit runs; a unit above sees those below on their public pages."""
    user = request.user
    context = {
        "page": page_of(lists.events(user, request.GET), request.GET.get("page")),
        "show": request.GET.get("show", ""),
        "tabs": [(key, label) for key, label, _ in lists.SHOWN],
        "can_make": can_make(user),
    }
    return render(request, "events/desk.html", context)


own_or_404 = one_of(Event.objects.own, "organization", "campaign", "evening")


@access(**DESK, takes=FORM)
def event_new(request):
    kind = request.POST.get("kind") or request.GET.get("kind", "")
    if kind not in kinds.KINDS:
        return render(request, "events/choose_kind.html", {"kinds": kinds.KINDS.values()})
    sheet = Sheet(request.POST or None, request.user.scope, kind)
    if request.method == "POST" and sheet.is_valid():
        with said_on(sheet.form):
            event = events.make(actor=request.user, **sheet.what())
            messages.success(request, "已存为草稿。看过没有问题，再点“发布”。")
            return redirect("events:desk_event", event.pk)
    return render(request, "events/event_form.html", sheet.context())


@access(**DESK, takes=FORM)
def event_edit(request, pk):
    event = own_or_404(request, pk)
    sheet = Sheet(request.POST or None, request.user.scope, event.kind, event)
    if request.method == "POST" and sheet.is_valid():
        version = sheet.form.cleaned_data["version"] or 0
        fresh = own_or_404(request, pk)
        with said_on(sheet.form, latest=fresh):
            told = events.edit(fresh, actor=request.user, version=version, **sheet.what())
            return done(request, _said_of(event, fresh, told), "events:desk_event", pk)
        if fresh.version != version:
            sheet.stand_beside(fresh)
            context = sheet.context() | {"stands": sheet.stands()}
            return render(request, "events/event_form.html", context)
    return render(request, "events/event_form.html", sheet.context())


def _said_of(before, event, told):
    """What a change did, and what became of the dates that hang on it."""
    said = f"已保存，时间或地点的变动已告诉 {told} 位报名的人。" if told else "已保存。"
    if event.campaign_id != before.campaign_id:
        said += f"这场活动现在算在{event.campaign}。"
    if event.closes_at != before.closes_at:
        said += f"报名截止跟着改到 {localtime(event.closes_at):%-m月%-d日 %H:%M}。"
    if event.state == EventState.CLOSED:
        said += "报名仍是截止的，还要收人请点“重新开放报名”。"
    return said


STEPPING = Stepping(
    EVENTS, own_or_404, who=DESK, route="events:event_step", forms={"call-off": CallOffForm},
    back=lambda event: redirect("events:desk_event", event.pk),
)  # fmt: skip
event_step = STEPPING.page


@access()
def desk_event(request, pk):
    event = own_or_404(request, pk)
    counts = dict(prepared(Signup.objects).filter(event=event).by_state())
    here = prepared(Signup.objects).filter(event=event).present().count()
    held = sum(counts.get(state, 0) for state in HOLDS)
    groups = list(prepared(event.groups).select_related("near", "point"))
    context = {
        "event": event,
        "groups": groups,
        "in": held,
        "waiting": counts.get(SignState.WAITING, 0),
        "applied": counts.get(SignState.APPLIED, 0),
        "here": here,
        "absent": counts.get(SignState.IN, 0) - here,
        "can_run": can_run(request.user, event),
        "copy_form": CopyForm(),
        "changeable": {group.pk for group in groups if shifts.can_change(group, event)},
        "steps": STEPPING.offers(request.user, event),
    }
    return render(request, "events/desk_event.html", context)


@access(**DESK, takes=POST)
def copy(request, pk):
    event = own_or_404(request, pk)
    given = valid(CopyForm(request.POST), "间隔 1 到 366 天，一次最多复制 12 场。")
    made = events.copy(event, actor=request.user, **given)
    days = "、".join(f"{localtime(one.starts_at):%-m月%-d日}" for one in made)
    messages.success(request, f"复制到 {days}，都是草稿，改好再发布。")
    if len(made) == 1:
        return redirect("events:event_edit", made[0].pk)
    return redirect(f"{reverse('events:desk')}?show=draft")


@access(**DESK, takes=POST)
@takes_files()
def set_picture(request, pk):
    event, file = own_or_404(request, pk), request.FILES.get("picture")
    if file is None:
        raise Refused("请先选一张图片。")
    events.set_picture(event, actor=request.user, file=file)
    return done(request, "图片已换上。", "events:desk_event", pk)


@access(**DESK, takes=FORM)
@takes_files()
def write_entry(request, pk):
    """One button into the activity log: what can be counted is filled in."""
    event = own_or_404(request, pk)
    kind = event.campaign and event.campaign.kinds.of_all().filter(key=event.kind).first()
    measures = list(kind.measures.all()) if kind else []
    initial = {"text": event.text}
    form = EntryForm(
        request.POST or None, request.FILES or None, measures=measures, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        with said_on(form):
            activity = after.write_entry(
                event,
                actor=request.user,
                text=form.cleaned_data["text"],
                figures=form.figures(),
                sure=form.confirmed,
                photos=form.cleaned_data["photos"],
            )
            messages.success(request, "已记入台账，人数和指标都算好了。")
            return redirect("campaigns:activity", activity.pk)
    context = {"event": event, "form": form, "came": after.who_came(event)}
    return render(request, "events/entry.html", context)
