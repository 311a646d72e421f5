"""向团组织报到, in two short steps that work without a script."""

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from qingchun.accounts import codes
from qingchun.accounts.proving import proved_phone
from qingchun.accounts.views.sign_in import asks_for_code
from qingchun.organizations.access import PUBLIC, YOUNG, access
from qingchun.organizations.refusals import Refused
from qingchun.organizations.walls import as_clerk
from talent.actions import checkin as actions
from talent.actions.consents import standing, up_to_date
from talent.forms import CheckInForm, MoreForm
from talent.models import CheckIn, GroupMember, LiaisonGroup
from talent.views.public import own_youth, place_or_redirect


@access(PUBLIC)
@never_cache
@require_http_methods(["GET", "POST"])
def check_in(request, code):
    """First step: who somebody is. A number is proved by a code, in the same form."""
    unit, elsewhere = place_or_redirect(code, "talent:check_in")
    if elsewhere:
        return elsewhere
    youth = own_youth(request)
    options = {
        "unit": unit,
        "is_known": bool(proved_phone(request.user)),
        "agreed_before": up_to_date(youth) if youth else (),
    }
    form, shown = CheckInForm(request.POST or None, initial=_known_of(youth, unit), **options), {}
    if request.method == "POST" and "send" in request.POST:
        shown = asks_for_code(request, form)
    elif request.method == "POST" and form.is_valid():
        try:
            if answer := _check_in(request, form, options["is_known"]):
                return answer
        except Refused as refusal:
            form.add_error("code" if "code" in form.fields else None, str(refusal))
    context = {"form": form, "unit": unit, "youth": youth, **shown}
    return render(request, "talent/check_in.html", context)


def _known_of(youth, unit):
    """What a person who comes back need only confirm."""
    if youth is None:
        return {}
    known = {name: getattr(youth, name) for name in ("name", "kind", "age", "lives_at")}
    if youth.organization_id.startswith(unit.code) and len(youth.organization_id) > 6:
        known["township"] = youth.organization_id
    return known


def _check_in(request, form, is_known):
    clean = form.cleaned_data
    if not is_known:
        proof = codes.check_code(request, clean["phone"], clean["code"])
        # Whoever has a second factor passes it first, and comes back to a form that was kept.
        if answer := codes.sign_in(request, clean["phone"], proof=proof, name=clean["name"]):
            return answer
    actions.check_in(
        request.user, home=form.home(), agreed=form.agreed(), stay=clean["stay"], **form.facts()
    )
    return redirect("talent:check_in_more")


@access(YOUNG)
@never_cache
@require_http_methods(["GET", "POST"])
def check_in_more(request):
    """Second step, voluntary; skipped, nothing is lost."""
    youth = own_youth(request)
    checkin = CheckIn.objects.filter(youth=youth).order_by("-at").first() if youth else None
    if checkin is None:
        return redirect("talent:find")
    known = {name: getattr(youth, name) for name in ("school", "major", "trade", "member")}
    form = MoreForm(
        request.POST or None,
        youth=youth,
        agreed_before=up_to_date(youth),
        initial=known | {"wants": checkin.wants},
    )
    if request.method == "POST" and form.is_valid():
        left_out = actions.say_more(youth, checkin, standing=standing(youth), **form.values())
        if left_out:
            messages.warning(
                request,
                "没有勾选对应的同意，“加入人才库”或“青春有约”没有登记。需要时可在“我的”里补上。",
            )
        return redirect("talent:check_in_done")
    return render(request, "talent/check_in_more.html", {"form": form, "youth": youth})


@access(YOUNG)
@never_cache
@require_http_methods(["GET"])
def check_in_done(request):
    """Checked in: the group to join and the person to ask."""
    youth = own_youth(request)
    if youth is None:
        return redirect("talent:find")
    mine = GroupMember.objects.filter(group=OuterRef("pk"), youth=youth, joined_at__isnull=False)
    with as_clerk():  # whose post a group is looked after from
        groups = list(LiaisonGroup.objects.for_person(youth).annotate(is_joined=Exists(mine)))
    context = {
        "youth": youth,
        "groups": [g for g in groups if g.takes_people or g.is_joined],
        # Where somebody was on the way to when they were asked to check in first.
        "on_the_way_to": request.session.pop("on_the_way_to", ""),
    }
    return render(request, "talent/check_in_done.html", context)
