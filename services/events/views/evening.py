"""青春有约: what a person sees of their evening, and what the desk does with it."""

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now

from qingchun.ground.refusals import Refused
from qingchun.organizations.access import POST, YOUNG, access
from qingchun.stepping import Stepping
from qingchun.tapping import done, one_of, valid
from services.events.actions import choosing, evenings
from services.events.choices import FEWEST_SHOWN, News, Sex, SignState
from services.events.forms.registration import ProfileForm
from services.events.forms.steps import OutcomeForm
from services.events.models import Event, Profile, Report, Seat, Signup
from services.events.views.desk import DESK


def evening_of(user, signup):
    """What one person is shown: their own number, tables and choices; after the end, whom they
    may write to. Nobody's profile, and of others a number alone.
    """
    event, evening = signup.event, signup.event.evening
    profile = Profile.objects.filter(signup=signup, user=user).first()
    context = {"evening": evening, "profile": profile, "news": News.choices}
    if profile and not evening.round_now and signup.is_standing:
        known = {name: getattr(profile, name) for name in ("trade", "hopes", "from_age", "to_age")}
        context["profile_form"] = ProfileForm(initial=known)
    if profile is None or profile.number is None:
        return context
    seats = evenings.seats_of(event.pk, profile.number)
    met = sorted({other for number, _, other in seats if other and number <= evening.round_now})
    chosen = choosing.chosen_by(user, event.pk)
    matches = list(choosing.matches_of(user, event.pk)) if evening.told_at else []
    numbers = choosing.numbers_at(event)
    return context | {
        "seats": seats,
        "met": [(number, number in chosen) for number in met],
        "met_numbers": [(number, f"{number} 号") for number in met],
        "may_choose": choosing.may_choose(evening, now()),
        "matches": [
            {
                "match": match,
                "number": numbers.get(match.b_id if match.a_id == profile.pk else match.a_id),
                "agreed": match.a_agreed_at if match.a_user_id == user.pk else match.b_agreed_at,
                "other": choosing.other_of(match, user),
            }
            for match in matches
        ],
    }


def _own_profile(request, pk):
    found = Profile.objects.filter(user=request.user, number__isnull=False)
    return get_object_or_404(found, signup_id=pk)


def _numbers(texts, longest=4):
    return [int(text) for text in texts if text.isdecimal() and len(text) <= longest]


@access(YOUNG, takes=POST)
def correct(request, pk):
    """Change what one said of oneself, before the first round."""
    profile = get_object_or_404(Profile.objects.filter(user=request.user), signup_id=pk)
    form = ProfileForm(request.POST)
    valid(form)
    evenings.correct(profile, user=request.user, facts=form.profile(), avoids=form.avoided())
    return done(request, "资料已改。", "events:my_event", pk)


@access(YOUNG, takes=POST)
def choose(request, pk):
    """Keep the choices. The answer is the same for whatever was chosen."""
    profile = _own_profile(request, pk)
    choosing.choose(profile, user=request.user, numbers=_numbers(request.POST.getlist("number")))
    return done(request, "选择已保存，截止以前都可以改。", "events:my_event", pk)


@access(YOUNG, takes=POST)
def answer(request, pk):
    """To a match: show each other's number, end it, or tell how it goes."""
    profile, user = _own_profile(request, pk), request.user
    wanted = _numbers([request.POST.get("match", "")], longest=12)
    match = get_object_or_404(choosing.matches_of(user, profile.event_id), pk__in=wanted)
    what = request.POST.get("do")
    if what == "agree":
        both = choosing.agree(match, user=user)
        said = (
            "双方都同意了，可以联系了。"
            if both
            else "已同意。对方也同意以后，双方才能看到联系方式。"
        )
        messages.success(request, said)
    elif what == "end":
        choosing.end(match, user=user)
        messages.success(request, "已结束，联系方式不再显示，对方不会收到通知。")
    elif what == "news" and request.POST.get("news") in News.values:
        choosing.tell_news(match, user=user, news=request.POST["news"])
        messages.success(request, "谢谢您告诉我们，只计数，不留姓名。")
    else:
        raise Refused("请选一项再提交。")
    return redirect("events:my_event", pk)


@access(YOUNG, takes=POST)
def protect(request, pk):
    """Never again at one table with a number, or tell the unit of it."""
    profile, user = _own_profile(request, pk), request.user
    number = next(iter(_numbers([request.POST.get("number", "")])), 0)
    if request.POST.get("do") == "report":
        text = request.POST.get("text", "").strip()[:300]
        choosing.report(profile, user=user, number=number, text=text)
        messages.success(request, "已告诉主办单位，他们不知道是谁说的。")
    else:
        choosing.block(profile, user=user, number=number)
        messages.success(request, "以后不会再和这个号码的人同桌，对方不会知道。")
    return redirect("events:my_event", pk)


# The desk: numbers, no names


own_evening = one_of(
    lambda user: Event.objects.own(user).filter(evening__isnull=False), "evening", "organization"
)
REPORTING = Stepping(
    choosing.REPORTS, one_of(Report.objects.own), who=DESK, route="events:report_step",
    forms={"close": OutcomeForm}, back=lambda report: redirect("events:evening", report.event_id),
)  # fmt: skip
report_step = REPORTING.page


@access(**DESK)
def evening(request, pk):
    """Rounds, and how many: no name, no profile, nobody's choice."""
    event = own_evening(request, pk)
    counts = Signup.objects.filter(event=event, state=SignState.IN).aggregate(
        standing=Count("pk"),
        men=Count("pk", filter=Q(arrived_at__isnull=False, group__key=Sex.MEN)),
        women=Count("pk", filter=Q(arrived_at__isnull=False, group__key=Sex.WOMEN)),
    )
    came = counts["men"] + counts["women"]
    news = choosing.told_of(event)
    last = Seat.objects.filter(event=event).order_by("-round").first()
    reports = list(Report.objects.filter(event=event))
    for report in reports:
        report.steps = REPORTING.offers(request.user, report)
    context = {
        "event": event,
        "evening": event.evening,
        "men": counts["men"],
        "women": counts["women"],
        "absent": counts["standing"] - came,
        # Of fewer than five people a number would say who.
        "pairs": event.evening.pairs if came >= FEWEST_SHOWN else None,
        "news": news if news >= FEWEST_SHOWN else None,
        "last_round": last.round if last else 0,
        "seats": Seat.objects.filter(event=event, round=event.evening.round_now),
        "reports": reports,
    }
    return render(request, "events/evening.html", context)


@access(**DESK, takes=POST)
def act(request, pk):
    event, what = own_evening(request, pk), request.POST.get("do")
    if what == "seat":
        ahead = evenings.seat(event, actor=request.user)
        messages.success(request, f"座位排好了，后面共 {ahead} 次见面，没有人重复。")
    elif what == "next":
        seen = _numbers([request.POST.get("seen", "")])
        evenings.next_round(event, actor=request.user, seen=seen[0] if seen else 0)
    elif what == "end":
        choosing.end_choosing(event, actor=request.user)
        messages.success(request, "选择已截止，每个人都收到了看结果的通知。")
    else:
        raise Refused("请选一项再提交。")
    return redirect("events:evening", pk)


@access(**DESK)
def seat_sheet(request, pk):
    """The tables of all rounds on paper, numbers alone."""
    event = own_evening(request, pk)
    rounds = {}
    for seat in Seat.objects.filter(event=event):
        rounds.setdefault(seat.round, []).append(seat)
    return render(request, "events/seats.html", {"event": event, "rounds": rounds.items()})
