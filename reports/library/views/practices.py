"""经验做法 on the screen: found, written, proposed, chosen, taken up."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render

from campaigns.models import Activity
from campaigns.views.choosing import chosen_campaign, leads_on_in
from qingchun.ground.refusals import said_on
from qingchun.organizations.access import FORM, POST, access
from qingchun.organizations.choices import Level
from qingchun.stepping import Stepping
from qingchun.tapping import done, one_of
from reports.library import lists
from reports.library.actions import keeping
from reports.library.choices import PracticeState
from reports.library.forms import PracticeForm
from reports.library.models import Practice
from reports.library.permissions import can_keep
from reports.papers.models import Plan
from reports.papers.permissions import WRITERS, is_own

MOST_ENTRIES = 60
ABOVE = (Level.PROVINCE, Level.CITY, Level.COUNTY)
KEEPERS = {"levels": ABOVE, "roles": WRITERS}


_practice_or_404 = one_of(Practice.objects.open_to, "organization", "campaign")


STEPPING = Stepping(
    keeping.PRACTICES, _practice_or_404, who={"levels": ABOVE}, route="reports:practice_step"
)
practice_step = STEPPING.page


@access()
def practices(request):
    page = keeping.page_with_uses(
        lists.practices(request.user, request.GET), request.GET.get("page")
    )
    context = {"page": page, "q": lists.words_of(request.GET), "may_keep": can_keep(request.user)}
    context["campaign"] = leads_on_in(request)
    return render(request, "reports/kept/practices.html", context)


@access()
def practice(request, pk):
    found, user = _practice_or_404(request, pk), request.user
    living = list(keeping.living_evidence(found).order_by("held_on"))
    own = is_own(user, found) and can_keep(user)
    is_city = user.acting.organization.level == Level.CITY
    context = {
        "practice": found,
        "parts": [(label, getattr(found, name)) for name, label in Practice.PARTS],
        "evidence": living,
        "has_evidence": bool(living) or found.evidence.exists(),
        "used_by": keeping.used_by(found),
        "may_edit": own and found.state in (PracticeState.DRAFT, PracticeState.PROPOSED),
        "steps": STEPPING.offers(user, found),
        "may_use": is_city and can_keep(user) and found.state == PracticeState.CHOSEN,
        "sees_evidence": found.organization_id.startswith(user.scope),
    }
    return render(request, "reports/kept/practice.html", context)


def _entries(request, campaign):
    """Entries of one's own log that may show a practice, newest first."""
    found = Activity.objects.within(request.user.scope).of(campaign)
    newest = found.order_by("-held_on").values_list("pk", flat=True)[:MOST_ENTRIES]
    return Activity.objects.filter(pk__in=list(newest))


def _edit(request, record, campaign):
    if record.pk:
        chosen = keeping.living_evidence(record)
        entries = _entries(request, campaign) | Activity.objects.filter(pk__in=chosen)
    else:
        chosen, entries = (), _entries(request, campaign)
    form = PracticeForm(
        request.POST or None, instance=record, entries=entries, initial={"evidence": chosen}
    )
    if request.method == "POST" and form.is_valid():
        evidence = form.cleaned_data["evidence"]
        with said_on(form):
            saved = keeping.save_practice(
                form.instance, actor=request.user, evidence=evidence, changed=form.edited
            )
            return done(request, "已保存。", saved)
    context = {"form": form, "title": "写经验做法", "keep": f"practice-{record.pk or 'new'}"}
    context["hint"] = "写给没做过的人看：照着您写的，别的县能不能做成。"
    return render(request, "reports/kept/form.html", context)


@access(**KEEPERS, takes=FORM)
def practice_new(request):
    _, campaign = chosen_campaign(request)
    return _edit(request, Practice(campaign=campaign, organization_id=request.user.scope), campaign)


@access(**KEEPERS, takes=FORM)
def practice_edit(request, pk):
    found = _practice_or_404(request, pk)
    if not is_own(request.user, found):
        raise Http404
    return _edit(request, found, found.campaign)


@access(levels=(Level.CITY,), roles=WRITERS, takes=POST)
def practice_use(request, pk):
    """Take a practice up in the city's plan of the edition at work."""
    found = _practice_or_404(request, pk)
    _, campaign = chosen_campaign(request)
    plan = get_object_or_404(
        Plan.objects.select_related("campaign", "organization"),
        campaign=campaign,
        organization=request.user.scope,
    )
    keeping.take_up(found, actor=request.user, plan=plan)
    return done(request, f"“{found}”已写进{plan}的借鉴里，方案通过后计数。", plan)
