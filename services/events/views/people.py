"""Who signed up, and the door: by a code, from the list, by the last four digits."""

import json
import uuid

from django.contrib import messages
from django.http import JsonResponse, RawPostDataException
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.permissions import WRITERS
from qingchun.accounts.audit import opened
from qingchun.organizations.access import access
from qingchun.organizations.refusals import Refused
from qingchun.paging import page_of
from services.events.actions import after, door, joining, placing
from services.events.choices import AHEAD, TICKS, SignState
from services.events.forms import FinishForm, HoursForm, PeopleFilter
from services.events.models import EventGroup, Signup
from services.events.views.desk import own_or_404
from services.events.views.mine import note

DESK = {"roles": WRITERS}
MOST_AT_ONCE = 200  # scans that a phone kept while it had no network


def _signups(event):
    found = Signup.objects.filter(event=event, organization_id=event.organization_id)
    return found.select_related("group", "event", "home")


@access(**DESK, reads=("报名时填的内容",))
@never_cache
@require_http_methods(["GET", "POST"])
def people(request, pk):
    """The list: names half hidden, what they answered, what is to be decided.

    Words are posted: a name in an address is kept in too many places.
    """
    event = own_or_404(request, pk)
    opened(request, event, "查看报名名单")
    form = PeopleFilter(request.GET)
    words = request.POST.get("q", "").strip()[:30]
    found = form.narrow(_signups(event)).order_by("turn")
    if event.is_internship:
        found = found.select_related("group", "event", "home", "placement").prefetch_related(
            "wishes__group"
        )
    if words:
        found = found.filter(name__contains=words) | found.filter(phone__endswith=words)
    page = page_of(found, request.GET.get("page"))
    for signup in page:
        signup.said = [
            (q["label"], signup.answers[q["key"]])
            for q in event.questions
            if q["key"] in signup.answers
        ]
    context = {
        "event": event,
        "form": form,
        "page": page,
        "words": words,
        "finish_form": FinishForm(),
        "is_ahead": event.state in AHEAD,
        "takes_ticks": event.state in TICKS,
        "show_group": event.groups.count() > 1,
    }
    return render(request, "events/people.html", context)


def _own_signup(request, pk):
    found = Signup.objects.filter(organization_id=request.user.scope)
    return get_object_or_404(
        found.select_related("event__organization", "event__campaign", "group"), pk=pk
    )


def _hours(signup, request):
    form = HoursForm(request.POST)
    if not form.is_valid():
        raise Refused("服务时长在 0 到 24 小时之间，最多一位小数。")
    after.set_hours(signup, actor=request.user, hours=form.cleaned_data["hours"])


def _finish(signup, request):
    form = FinishForm(request.POST)
    if not form.is_valid():
        raise Refused("请选完成情况，评语最多 200 字。")
    placing.finish(signup, actor=request.user, **form.cleaned_data)


DONE = {
    "approve": (lambda s, r: joining.approve(s, actor=r.user), "已通过，本人会收到。"),
    "decline": (
        lambda s, r: joining.decline(s, actor=r.user, why=r.POST.get("why", "").strip()[:200]),
        "已记下，本人会收到原因。",
    ),
    "here": (lambda s, r: door.arrive(s, actor=r.user), "已签到。"),
    "not_here": (lambda s, r: door.not_here(s, actor=r.user), "签到已撤销。"),
    "let_in": (lambda s, r: door.let_in(s, actor=r.user), "已补进来，可以签到了。"),
    "attend": (lambda s, r: placing.attend(s, actor=r.user), "今天的到岗记下了。"),
    "hours": (_hours, "服务时长已确认。"),
    "finish": (_finish, "鉴定已记下。"),
}


@access(**DESK)
@require_POST
def decide(request, pk):
    """One thing done about one sign-up; then back to the list, or the door, it was done from."""
    signup, what = _own_signup(request, pk), request.POST.get("do")
    if what not in DONE:
        raise Refused("请选一项再提交。")
    action, said = DONE[what]
    action(signup, request)
    messages.success(request, said)
    if request.POST.get("from") == "door":
        return redirect("events:door", signup.event_id)
    return redirect(f"{reverse('events:people', args=[signup.event_id])}#s{signup.pk}")


@access(**DESK, reads=("姓名",))
@never_cache
@require_GET
def certificate(request, pk):
    """A note of participation, printed for somebody who has no printer."""
    signup = _own_signup(request, pk)
    opened(request, signup, "打印证明")
    return note(request, signup)


@access(**DESK)
@never_cache
@require_http_methods(["GET", "POST"])
def the_door(request, pk):
    """The page at the door: the camera, the last four digits, how many are here."""
    event = own_or_404(request, pk)
    digits = request.POST.get("digits", "").strip()[:4]
    signups = _signups(event)
    found = list(door.by_last_four(event, digits)) if digits else []
    context = {
        "event": event,
        "digits": digits,
        "found": found,
        "here": signups.present().count(),
        "expected": signups.filter(state=SignState.IN).count(),
        "groups": EventGroup.objects.filter(event=event),
        "latest": signups.present().order_by("-arrived_at")[:8],
        "is_ahead": event.state in AHEAD,
    }
    return render(request, "events/door.html", context)


@access(**DESK)
@require_POST
def scanned(request, pk):
    """Codes from the camera, one or as many as waited for a network: each gets its answer.

    Takes [{"code", "scan", "at"}]; returns {"answers": [{"scan", "fine", "text"}], "here"}.
    """
    event = own_or_404(request, pk)
    try:
        given = json.loads(request.body)
        scans = [
            (str(one["code"])[:80], uuid.UUID(one["scan"]), parse_datetime(str(one.get("at", ""))))
            for one in given[:MOST_AT_ONCE]
        ]
    except (ValueError, TypeError, KeyError, AttributeError, RawPostDataException):
        return JsonResponse({"reason": "签到的数据不完整，请刷新页面再扫。"}, status=400)
    answers = [_answer(event, request.user, *one) for one in scans]
    return JsonResponse({"answers": answers, "here": _signups(event).present().count()})


def _answer(event, actor, code, scan, at):
    if at is not None and at.tzinfo is None:
        at = None
    try:
        signup = door.find(event, code)
        signup.event = event
        signup = door.arrive(signup, actor=actor, scan=scan, at=at)
    except Refused as refusal:
        return {"scan": str(scan), "fine": False, "text": str(refusal)}
    number = door.number_of(signup)
    group = f" · {signup.group.name}" if signup.group else ""
    said = f"{signup.masked_name} 尾号 {signup.phone[-4:]}{group}"
    said += f"，号码 {number}" if number else ""
    return {"scan": str(scan), "fine": True, "text": said + ("，迟到" if signup.is_late else "")}
