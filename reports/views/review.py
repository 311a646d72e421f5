"""The steps of a plan: each one button, one action, and back to the plan."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from qingchun.organizations.access import access
from qingchun.organizations.choices import Level
from reports.actions import review as actions
from reports.choices import Section
from reports.models import Plan
from reports.permissions import REVIEWERS, WRITERS

OF_THE_CITY = {"levels": (Level.CITY,), "roles": WRITERS}
OF_THE_PROVINCE = {"levels": (Level.PROVINCE,), "roles": REVIEWERS}


def _step(request, pk, act, said, **values):
    plans = Plan.objects.visible_to(request.user).select_related("campaign", "organization")
    plan = get_object_or_404(plans, pk=pk)
    act(plan, actor=request.user, **values)
    messages.success(request, said.format(plan=plan))
    return redirect(plan)


@access(**OF_THE_CITY)
@require_POST
def submit(request, pk):
    return _step(request, pk, actions.submit, "已报送团省委基层组织建设部。审阅开始前可以撤回。")


@access(**OF_THE_CITY)
@require_POST
def take_back(request, pk):
    return _step(request, pk, actions.take_back, "已撤回，可以继续修改。")


@access(**OF_THE_PROVINCE)
@require_POST
def start_review(request, pk):
    return _step(request, pk, actions.start_review, "审阅已开始，市里暂时不能撤回。")


@access(**OF_THE_PROVINCE)
@require_POST
def send_back(request, pk):
    remarks = {key: request.POST.get(f"remark_{key}", "")[:2000] for key in Section}
    return _step(request, pk, actions.send_back, "{plan}已退回修改。", remarks=remarks)


@access(**OF_THE_PROVINCE)
@require_POST
def approve(request, pk):
    return _step(request, pk, actions.approve, "{plan}已通过，所选活动已下达到承担单位。")


@access(**OF_THE_PROVINCE)
@require_POST
def publish(request, pk):
    return _step(request, pk, actions.publish, "{plan}已作为示范发布，责任人姓名和电话没有公开。")
