"""Reminders: when they go out, who would get them, and one by hand."""

from copy import copy

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now

from campaigns.models import Campaign, Deadline
from campaigns.views.choosing import carry_on
from campaigns.views.editions import EDITION_ADMINS
from qingchun.ground.refusals import said_on
from qingchun.many import Offer
from qingchun.notifications.health import state_of_things
from qingchun.organizations.access import FORM, access
from qingchun.tapping import done
from reports.papers.actions import nudges
from reports.papers.actions import reminders as actions
from reports.papers.forms.schedule import ScheduleForm


@access(**EDITION_ADMINS, takes=FORM)
def reminders(request, pk):
    """The schedule of an edition, and who would get what, when; the preview saves nothing."""
    editions = Campaign.objects.select_related("reminder_schedule").prefetch_related("deadlines")
    campaign = get_object_or_404(editions, pk=pk)
    carry_on(request, campaign.pk)
    kept = actions.schedule_of(campaign)
    form = ScheduleForm(request.POST or None, instance=copy(kept))
    if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        with said_on(form):
            actions.change_schedule(form.instance, actor=request.user, changed=form.edited)
            return done(request, "提醒安排已保存。", "reports:reminders", campaign.pk)
    is_preview = form.is_bound and form.is_valid()
    context = {
        "campaign": campaign,
        "form": form,
        "coming": actions.coming(
            form.instance if is_preview else kept, campaign.deadlines.all(), now()
        ),
        "is_preview": is_preview,
        "deadlines": campaign.deadlines.all(),
        "things": state_of_things(now()),
    }
    return render(request, "reports/reminders.html", context)


@access(**EDITION_ADMINS, takes=FORM)
def remind_now(request, pk):
    """Remind those who owe now: shown first, then done."""
    deadline = get_object_or_404(Deadline.objects.select_related("campaign"), pk=pk)
    carry_on(request, deadline.campaign_id)
    if request.method == "POST":
        only = request.POST.getlist("chosen") if "some" in request.POST else None
        _say(request, nudges.remind_now(deadline, actor=request.user, only=only))
        return redirect("reports:remind_now", deadline.pk)
    standing, rows = nudges.nudges(deadline, now())
    context = {"deadline": deadline, "campaign": deadline.campaign, "standing": standing}
    context["rows"] = [{"debt": d, "people": p, "reminded_at": at} for d, p, at in rows]
    able = [debt.unit.code for debt, people, at in rows if people and at is None]
    context["many"] = Offer(request.path, (), frozenset(able)) if able else None
    context["may_remind"] = bool(able)
    return render(request, "reports/remind_now.html", context)


def _say(request, done):
    if done.told:
        messages.success(request, f"已提醒 {len(done.told)} 个市：{_names(done.told)}。")
    if done.passed_over:
        messages.info(request, f"一小时内已经提醒过，这次没有再发：{_names(done.passed_over)}。")
    if done.without_anybody:
        messages.warning(request, f"没有可提醒的账号，没有发：{_names(done.without_anybody)}。")


def _names(units):
    return "、".join(unit.name for unit in units)
