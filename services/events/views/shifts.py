"""班次: one shift of an event, moved, called off, deleted."""

from django.contrib import messages
from django.shortcuts import redirect, render

from qingchun.ground.refusals import said_on
from qingchun.organizations.access import FORM, POST, access
from qingchun.tapping import one_of, tapping, valid
from services.events.actions import shifts
from services.events.choices import EventState
from services.events.forms.shifts import CallOffForm, ShiftForm
from services.events.models import EventGroup
from services.events.views.desk import DESK

own_or_404 = one_of(
    lambda user: EventGroup.objects.own(user).filter(starts_at__isnull=False), "event"
)


def _said(told, what, event):
    said = f"{what}，告诉了 {told} 位报了这一班的人。" if told else f"{what}。"
    event.refresh_from_db(fields=["state"])
    return said + ("报名仍是截止的。" if event.state == EventState.CLOSED else "")


@access(**DESK, takes=FORM)
def shift(request, pk):
    """One shift: its time can be changed."""
    found = own_or_404(request, pk)
    form = ShiftForm(request.POST or None, shift=found)
    if request.method == "POST" and form.is_valid():
        with said_on(form):
            told = shifts.move(found, actor=request.user, **form.times())
            messages.success(request, _said(told, "班次的时间已改", found.event))
            return redirect("events:desk_event", found.event_id)
    context = {"shift": found, "event": found.event, "form": form, "is_used": shifts.is_used(found)}
    context["why_form"] = CallOffForm()
    return render(request, "events/shift.html", context)


@access(**DESK, takes=POST)
def call_off(request, pk):
    found, form = own_or_404(request, pk), CallOffForm(request.POST)
    told = shifts.call_off(found, actor=request.user, **valid(form))
    messages.success(request, _said(told, "这一班已取消", found.event))
    return redirect("events:desk_event", found.event_id)


delete = tapping(
    shifts.drop, own_or_404, said="这一班已删去。",
    back=lambda shift: redirect("events:desk_event", shift.event_id), **DESK,
)  # fmt: skip
