"""就业创业政策: for everybody by home and wish; cadres collect and keep them up to date."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render

from campaigns.views.choosing import leads_on_in
from qingchun.ground import bills
from qingchun.ground.paging import page_of
from qingchun.organizations.access import FORM, PUBLIC, access
from qingchun.organizations.models import Organization
from qingchun.stepping import Stepping
from qingchun.tapping import done
from reports.library import lists
from reports.library.actions import document_jobs, keeping
from reports.library.choices import PolicyKind
from reports.library.forms import PolicyForm
from reports.library.models import Policy
from reports.library.permissions import can_keep
from reports.library.views.practices import KEEPERS
from reports.papers.permissions import is_own, is_province
from talent.youth.models import CheckIn, Youth


@access(PUBLIC)
def policies(request):
    """Those that hold today, for a home and a wish; for whoever checked in, their own first."""
    user, code = request.user, request.GET.get("home", "")[:9]
    words, kind = request.GET.get("q", "").strip()[:30], request.GET.get("kind", "")
    youth = Youth.objects.of(user).first() if user.is_authenticated else None
    wishes = ()
    if youth and not code:
        code = youth.organization_id
        newest = CheckIn.objects.filter(youth=youth).order_by("-at").first()
        wishes = tuple(w for w in newest.wants if w in PolicyKind.values) if newest else ()
    home = Organization.objects.filter(code=code, is_public=True).first() if code else None
    found = Policy.objects.standing().mentioning(words).select_related("organization__parent")
    if home:
        found = found.for_home(home.code)
    if kind in PolicyKind.values:
        found = found.filter(kind=kind)
    elif wishes and not words:
        found = found.filter(kind__in=wishes)
    context = {
        "page": page_of(found, request.GET.get("page")),
        "q": words,
        "home": home,
        "kind": kind,
        "kinds": PolicyKind.choices,
        "wishes": [PolicyKind(wish).label for wish in wishes if not words and not kind],
    }
    return render(request, "reports/kept/policies.html", context)


def _public_or_404(pk):
    found = Policy.objects.filter(withdrawn_at=None).select_related("organization__parent")
    return get_object_or_404(found, pk=pk)


@access(PUBLIC)
def policy(request, pk):
    return render(request, "reports/kept/policy.html", {"policy": _public_or_404(pk)})


@access(PUBLIC)
def policy_share(request, pk):
    """What a chat shows of a link to it."""
    found = _public_or_404(pk)
    return bills.given(bills.card, found.title, f"{found.amount}　{found.organization.place}")


@access()
def policy_desk(request):
    """A unit's own policies and those below it, the soonest to end first."""
    page = page_of(lists.policies(request.user, request.GET), request.GET.get("page"))
    for policy in page:
        policy.steps = STEPPING.offers(request.user, policy)
    campaign = leads_on_in(request)
    context = {
        "page": page,
        "q": lists.words_of(request.GET),
        "sorting": lists.policy_sorting(request.GET),
        "may_keep": can_keep(request.user),
        "campaign": campaign,
        "files": [document_jobs.policies_word] if campaign and is_province(request.user) else (),
        "scope": request.user.scope,
    }
    return render(request, "reports/kept/policy_desk.html", context)


def _edit(request, record):
    form = PolicyForm(request.POST or None, instance=record)
    if request.method == "POST" and form.is_valid():
        keeping.save_policy(form.instance, actor=request.user, changed=form.edited)
        return done(request, "已保存，青年马上能看到。", "reports:policy_desk")
    context = {"form": form, "title": "收集政策", "keep": f"policy-{record.pk or 'new'}"}
    context["hint"] = "写给青年看：够不够条件、给多少、怎么办，一看就明白。"
    return render(request, "reports/kept/form.html", context)


@access(**KEEPERS, takes=FORM)
def policy_new(request):
    return _edit(request, Policy(organization_id=request.user.scope))


def _own_or_404(request, pk):
    found = get_object_or_404(Policy.objects.within(request.user.scope), pk=pk)
    if not is_own(request.user, found):
        raise Http404
    return found


STEPPING = Stepping(
    keeping.POLICIES, _own_or_404, who=KEEPERS, route="reports:policy_step",
    back=lambda policy: redirect("reports:policy_desk"),
)  # fmt: skip
policy_step = STEPPING.page


@access(**KEEPERS, takes=FORM)
def policy_edit(request, pk):
    return _edit(request, _own_or_404(request, pk))
