"""我的活动: joining, one's own code, the line, the note to take home."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now

from qingchun.ground.calendars import calendar_file
from qingchun.ground.links import code_for, link_to, on_paper
from qingchun.ground.refusals import Refused, said_on
from qingchun.organizations.access import FORM, YOUNG, access
from qingchun.organizations.codes import is_above_county
from qingchun.stepping import Stepping
from qingchun.tapping import done, one_of, tapping
from services.events.actions import (
    certificates,
    coming,
    evenings,
    placing,
    pledging,
    registration,
    waiting_list,
)
from services.events.actions.roads import SIGNUPS
from services.events.choices import SignState
from services.events.exports import as_ics
from services.events.forms.registration import EveningForm, JoinForm, WishForm
from services.events.forms.steps import SayForm
from services.events.models import Event, EventGroup, Placement, Signup
from services.events.views.evening import evening_of
from services.events.views.public import public_or_404
from talent.youth.models import Youth
from talent.youth.views.public import own_youth

SAID = {
    "in": "报上了。到场时出示签到码。",
    "waiting": "名额满了，已排进候补，有人取消会按顺序通知您。",
    "applied": "已提交，主办单位审核后会告诉您。",
    "has": "您已经报过了。",
}


own_or_404 = one_of(Signup.objects.of, "group")
# With the event, which a step reads anew.
whole_or_404 = one_of(Signup.objects.of, "event__organization", "group")


@access(YOUNG, takes=FORM)
def join(request, pk):
    """One tap where nothing is asked; else the event's own form. First one checks in with home."""
    event, youth = public_or_404(pk), own_youth(request)
    if youth is None:
        messages.info(request, "报名要先向家乡团组织报到，约一分钟；报到后接着报名。")
        request.session["on_the_way_to"] = reverse("events:event", args=[pk])
        if is_above_county(event.organization_id):
            return redirect(f"{reverse('talent:find')}?in={event.organization_id}")
        return redirect("talent:check_in", event.organization_id)
    # Who is too young is told so before anything is asked of them.
    if problem := registration.problem_with(event, youth, lives_here=True, is_single=True):
        raise Refused(problem)
    if event.of.is_evening:
        return _join_evening(request, event, youth)
    if event.of.has_posts:
        return _wish(request, event, youth)
    form = JoinForm(request.POST if request.method == "POST" else None, event=event, youth=youth)
    asks = bool(form.fields)
    if request.method == "POST" and (not asks or form.is_valid()):
        try:
            group = registration.group_or_refuse(event, request.POST.get("group"))
            found, said = registration.join(
                request.user, event=event, youth=youth, group=group,
                **(form.own_word() | {"given": form.given()} if asks else {}),
            )  # fmt: skip
            return done(request, SAID[said], "events:my_event", found)
        except Refused as refusal:
            if not asks:
                raise
            form.add_error(None, str(refusal))
    context = {"event": event, "form": form, "groups": list(event.groups.all())}
    context["chosen"] = request.POST.get("group") or request.GET.get("group")
    return render(request, "events/join.html", context)


def _wish(request, event, youth):
    groups = EventGroup.objects.filter(event=event).select_related("near")
    posts = placing.near_first(groups, youth.organization_id)
    offered = [
        (str(post.pk), f"{post.host} {post.name}（{post.distance}，{post.capacity} 人）")
        for post in posts
    ]
    before = Signup.objects.of(request.user).filter(event=event).first()
    initial = {}
    if before:
        for wish in before.wishes.all():
            initial[f"wish{wish.place}"] = str(wish.group_id)
    form = WishForm(request.POST or None, event=event, youth=youth, posts=offered, initial=initial)
    if request.method == "POST" and form.is_valid():
        by_pk = {post.pk: post for post in posts}
        with said_on(form):
            found = registration.wish(
                request.user, event=event, youth=youth,
                groups=[by_pk[pk] for pk in form.wished()], given=form.given(), **form.own_word(),
            )  # fmt: skip
            messages.success(request, "志愿已保存。截止以前可以改，安排好会告诉您。")
            return redirect("events:my_event", found)
    return render(request, "events/wish.html", {"event": event, "form": form})


def _join_evening(request, event, youth):
    form = EveningForm(request.POST or None, event=event, youth=youth)
    if request.method == "POST" and form.is_valid():
        groups = {group.key: group for group in event.groups.all()}
        with said_on(form):
            found, said = evenings.join(
                request.user, event=event, youth=youth, group=groups[form.cleaned_data["sex"]],
                identity_number=form.cleaned_data["identity_number"], avoids=form.avoided(),
                facts=form.profile(), given=form.given(), lives_here=form.own_word()["lives_here"],
                agreed=form.own_word()["agreed"],
            )  # fmt: skip
            return done(request, SAID[said], "events:my_event", found)
    return render(request, "events/join_evening.html", {"event": event, "form": form})


@access(YOUNG)
def my_events(request):
    user = request.user
    found = Signup.objects.of(user).select_related("event__organization", "group")
    youth = Youth.objects.of(user).first()
    ahead, past = [], []
    for signup in found.order_by("-event__starts_at")[:60]:
        (past if signup.event.is_over or not signup.is_standing else ahead).append(signup)
    near = ()
    if youth:
        known = [signup.event_id for signup in ahead]
        near = Event.objects.near(youth.organization_id).ahead().exclude(pk__in=known)
        near = near.select_related("organization").order_by("starts_at")[:10]
    context = {"ahead": ahead[::-1], "past": past, "near": near, "youth": youth}
    return render(request, "events/my_events.html", context)


MINE = Stepping(
    SIGNUPS, own_or_404, who={"declared": YOUNG}, route="events:my_step", forms={"say": SayForm},
    api=False, back=lambda signup: redirect("events:my_event", signup.pk),
)  # fmt: skip
my_step = MINE.page


@access(YOUNG)
def my_event(request, pk):
    """Where somebody stands with one event: their code, their place in the line, what is next."""
    signup = whole_or_404(request, pk)
    event, context = signup.event, {}
    if signup.state == SignState.WAITING:
        context["line"] = waiting_list.place_in_line(signup)
        context["why"] = waiting_list.why_still(event, signup.group, now())
    if event.of.has_posts:
        placement = Placement.objects.filter(signup=signup).first()
        context["placement"] = placement
        context["wishes"] = signup.wishes.select_related("group")
    if event.of.is_evening:
        context |= evening_of(request.user, signup)
    context |= {
        "signup": signup,
        "event": event,
        "code": code_for(f"qingchun:{signup.code}") if signup.state == SignState.IN else "",
        "steps": {offer.key: offer for offer in MINE.offers(request.user, signup)},
        "has_begun": coming.has_begun(signup, now()),
        "is_earned": certificates.is_earned(signup),
        "can_change": event.of.has_posts and signup.state == SignState.APPLIED,
    }
    return render(request, "events/my_event.html", context)


@access(YOUNG)
def calendar(request, pk):
    """One's own hours for one's own calendar: of a volunteer the shift alone."""
    signup = whole_or_404(request, pk)
    link = link_to(reverse("events:my_event", args=[pk]))
    body = as_ics(signup.event, link=link, signup=signup)
    return calendar_file(body, f"event-{signup.event_id}")


@access(YOUNG)
def certificate(request, pk):
    """The note of participation, to print; its number can be looked up by anybody who holds it."""
    signup = whole_or_404(request, pk)
    return note(request, signup)


def note(request, signup):
    number = certificates.certificate_of(signup)
    context = {
        "signup": signup,
        "event": signup.event,
        "placement": Placement.objects.filter(signup=signup).first(),
        "number": "-".join(number[at : at + 4] for at in (0, 4, 8)),
        **on_paper("events:verify", fills=f"n={number}"),
    }
    return render(request, "events/certificate.html", context)


sign_pledge = tapping(
    pledging.pledge, said="承诺已签，谢谢您。可以打印留念。", back="events:pledge", declared=YOUNG
)
take_back_pledge = tapping(
    pledging.take_back, said="承诺已收回。", back="events:pledge", declared=YOUNG
)
