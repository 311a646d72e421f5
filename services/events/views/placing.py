"""Posts for wishes: how many want what, and one button that gives them out."""

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import redirect, render

from campaigns.permissions import WRITERS
from qingchun.organizations.access import FORM, access
from services.events.actions import placing
from services.events.choices import SignState
from services.events.models import EventGroup, Placement, Signup
from services.events.views.desk import own_or_404


@access(roles=WRITERS, takes=FORM)
def posts(request, pk):
    event = own_or_404(request, pk)
    if request.method == "POST":
        done = placing.ask_to_place(event, actor=request.user)
        if done:
            placed, without = done
            said = f"安排好了：{placed} 人有岗位"
            said += f"，{without} 人排进候补" if without else ""
            messages.success(request, f"{said}。每个人都收到了结果和理由。")
        return redirect("events:posts", pk)
    groups = EventGroup.objects.filter(event=event).select_related("near")
    groups = groups.annotate(
        first=Count("wishes", filter=Q(wishes__place=1)), all_wishes=Count("wishes")
    )
    by_wish = dict(
        Placement.objects.filter(signup__event=event, signup__state=SignState.IN)
        .order_by()
        .values_list("place")
        .annotate(n=Count("pk"))
    )
    context = {
        "event": event,
        "is_placing": placing.is_being_placed(event),
        "groups": groups,
        "applied": Signup.objects.filter(event=event, state=SignState.APPLIED).count(),
        "by_wish": [(place, by_wish[place]) for place in sorted(p for p in by_wish if p)],
        "waiting": Signup.objects.filter(event=event, state=SignState.WAITING).count(),
    }
    return render(request, "events/posts.html", context)
