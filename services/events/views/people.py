"""Who signed up, and the door: by a code, from the list, by the last four digits."""

import json
import uuid

from django.http import JsonResponse, RawPostDataException
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from qingchun.accounts.audit import opened, shows_nobody
from qingchun.ground.paging import page_of
from qingchun.ground.refusals import Refused
from qingchun.organizations.access import FORM, POST, access
from qingchun.stepping import Stepping
from qingchun.tapping import one_of
from services.events.actions import door
from services.events.actions.roads import SIGNUPS
from services.events.choices import AHEAD, SignState
from services.events.forms.desk import PeopleFilter
from services.events.forms.steps import DeclineForm, FinishForm, HoursForm
from services.events.models import EventGroup, Signup
from services.events.views.desk import DESK, own_or_404
from services.events.views.mine import note

MOST_AT_ONCE = 200  # scans that a phone kept while it had no network


def signups_of(event):
    found = Signup.objects.filter(event=event, organization_id=event.organization_id)
    return found.select_related("group", "event", "home")


@access(**DESK, reads=("姓名", "电话", "报名时填的内容"), takes=FORM)
def people(request, pk):
    """The list: who comes, what they answered, what is to be decided; names are half hidden until
    the day before.

    Words are posted: a name in an address is kept in too many places.
    """
    event = own_or_404(request, pk)
    named = event.names_its_guests
    opened(request, event, "查看报名人姓名和号码" if named else "查看报名名单")
    form = PeopleFilter(request.GET)
    words = request.POST.get("q", "").strip()[:30]
    found = form.narrow(signups_of(event)).order_by("turn")
    if event.of.has_posts:
        found = found.select_related("group", "event", "home", "placement").prefetch_related(
            "wishes__group"
        )
    if words:
        found = found.filter(door.looked_for(event, words))
    page = page_of(found, request.GET.get("page"))
    for signup in page:
        signup.event = event
        signup.steps = _steps_of(signup, request.user)
        signup.said = [
            (q["label"], signup.answers[q["key"]])
            for q in event.questions
            if q["key"] in signup.answers
        ]
    context = {
        "event": event,
        "form": form,
        "page": page,
        "named": named,
        "words": words,
        "is_ahead": event.state in AHEAD,
        "show_group": event.groups.count() > 1,
    }
    return render(request, "events/people.html", context)


_own_signup = one_of(Signup.objects.own, "event__organization", "event__campaign", "group")
FORMS = {"decline": DeclineForm, "hours": HoursForm, "finish": FinishForm}


def _back_to_the_list(signup):
    return redirect(f"{reverse('events:people', args=[signup.event_id])}#s{signup.pk}")


STEPPING = Stepping(
    SIGNUPS, _own_signup, who=DESK, route="events:signup_step", forms=FORMS, back=_back_to_the_list
)
AT_THE_DOOR = Stepping(
    SIGNUPS, _own_signup, who=DESK, route="events:door_step", forms=FORMS, api=False,
    back=lambda signup: redirect("events:door", signup.event_id),
)  # fmt: skip
signup_step, door_step = STEPPING.page, AT_THE_DOOR.page
# What a list offers of each kind of event; elsewhere the other steps are refused in words.
OF_POSTS = {"attend", "finish"}
NOT_OF_POSTS = {"approve", "decline", "reconsider", "arrive", "let-in", "not-here", "hours"}


def _steps_of(signup, user, stepping=STEPPING):
    """The buttons of a row."""
    hidden = NOT_OF_POSTS if signup.event.of.has_posts else OF_POSTS
    if not signup.event.of.has_shifts:
        hidden = hidden | {"hours"}
    if signup.arrived_at:
        hidden = hidden | {"arrive"}
    return [offer for offer in stepping.offers(user, signup) if offer.key not in hidden]


@access(**DESK, reads=("姓名",))
def certificate(request, pk):
    """A note of participation, printed for somebody who has no printer."""
    signup = _own_signup(request, pk)
    opened(request, signup, "打印证明")
    return note(request, signup)


@access(**DESK, reads=("姓名",), takes=FORM)
def the_door(request, pk):
    """The page at the door: the camera, the last four digits, how many are here. Names are told as in
    the list; numbers stay half hidden, since others look on."""
    event = own_or_404(request, pk)
    named = event.names_its_guests
    if named:
        opened(request, event, "签到时查看姓名")
    else:
        shows_nobody(request)
    digits = request.POST.get("digits", "").strip()[:4]
    signups = signups_of(event)
    found = list(door.by_last_four(event, digits)) if digits else []
    for signup in found:
        signup.event = event
        signup.steps = _steps_of(signup, request.user, AT_THE_DOOR)
    context = {
        "event": event,
        "digits": digits,
        "named": named,
        "found": found,
        "here": signups.present().count(),
        "expected": signups.filter(state=SignState.IN).count(),
        "groups": EventGroup.objects.filter(event=event),
        "latest": signups.present().order_by("-arrived_at")[:8],
        "is_ahead": event.state in AHEAD,
    }
    return render(request, "events/door.html", context)


@access(**DESK, takes=POST)
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
    return JsonResponse({"answers": answers, "here": signups_of(event).present().count()})


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
