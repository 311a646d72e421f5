"""典型 on the screen: cadres' own list, the stories for everybody, and the person's own say."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from campaigns.views.choosing import carry_on, chosen_campaign, leads_on_in
from qingchun.accounts.audit import CLAIMED, history_of, opened
from qingchun.ground import bills
from qingchun.ground.kept import serve_picture
from qingchun.ground.paging import page_of
from qingchun.ground.pictures import paper_answer
from qingchun.ground.refusals import said_on
from qingchun.organizations.access import FORM, PUBLIC, YOUNG, access, takes_files
from qingchun.stepping import Stepping
from qingchun.tapping import done, one_of
from reports.library import lists
from reports.library.actions import exemplars as actions
from reports.library.choices import ExemplarState
from reports.library.forms import ExemplarForm, StoryForm
from reports.library.models import Exemplar
from reports.library.permissions import can_keep, is_keepers_own
from reports.library.views.practices import ABOVE, KEEPERS
from reports.papers.permissions import is_own

_exemplar_or_404 = one_of(
    lambda user: Exemplar.objects.visible_to(user).open_to(user), "organization"
)


def _back(exemplar):
    """To the list, which goes on in the edition that somebody looks at."""
    edition = f"?campaign={exemplar.campaign_id}" if exemplar.campaign_id else ""
    return redirect(reverse("reports:exemplars") + edition)


STEPPING = Stepping(
    actions.EXEMPLARS,
    _exemplar_or_404,
    who={"levels": ABOVE},
    route="reports:exemplar_step",
    back=_back,
)
exemplar_step = STEPPING.page


@access(levels=ABOVE, reads=("典型姓名",))
def exemplars(request):
    page = page_of(lists.exemplars(request.user, request.GET), request.GET.get("page"))
    context = {"page": page, "q": lists.words_of(request.GET), "may_keep": can_keep(request.user)}
    context["campaign"] = leads_on_in(request)
    return render(request, "reports/kept/exemplars.html", context)


@access(levels=ABOVE, reads=("姓名", "事迹"))
def exemplar(request, pk):
    found, user = _exemplar_or_404(request, pk), request.user
    opened(request, found, "查看典型")
    if found.campaign_id:
        carry_on(request, found.campaign_id)
    context = {
        "exemplar": found,
        "may_edit": is_keepers_own(user, found) and found.state == ExemplarState.DRAFT,
        "steps": STEPPING.offers(user, found),
        "claims": history_of(found).filter(verb=CLAIMED),
    }
    return render(request, "reports/kept/exemplar.html", context)


def _edit(request, record):
    form = ExemplarForm(request.POST or None, request.FILES or None, instance=record)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("phone", "picture", "paper")}
        with said_on(form):
            saved = actions.save_exemplar(
                form.instance, actor=request.user, changed=form.edited, **given
            )
            return done(request, "已保存。", saved)
    context = {"form": form, "title": "写典型", "keep": f"exemplar-{record.pk or 'new'}"}
    context["hint"] = (
        f"发布前要本人同意下面这段话（书面的请照抄签字）：{actions.text_of_today().text}"
    )
    return render(request, "reports/kept/form.html", context)


@access(**KEEPERS, takes=FORM)
@takes_files()
def exemplar_new(request):
    record = Exemplar(campaign=chosen_campaign(request)[1], organization_id=request.user.scope)
    return _edit(request, record)


@access(**KEEPERS, reads=("姓名", "事迹"), takes=FORM)
@takes_files()
def exemplar_edit(request, pk):
    found = _exemplar_or_404(request, pk)
    if not is_own(request.user, found):
        raise Http404
    opened(request, found, "查看典型", part="edit")
    return _edit(request, found)


@access(levels=ABOVE, reads=("签字同意书",))
def exemplar_paper(request, pk):
    """The signed consent: for the unit that keeps it and those it was passed on to."""
    found = _exemplar_or_404(request, pk)
    if not found.paper:
        raise Http404
    opened(request, found, "查看典型", part="paper")
    return paper_answer(found.paper.opened())


@access(PUBLIC)
@never_cache
def stories(request):
    words = request.GET.get("q", "").strip()[:30]
    found = Exemplar.objects.published().mentioning(words).select_related("organization__parent")
    page = page_of(found.order_by("-published_at"), request.GET.get("page"))
    return render(request, "reports/kept/stories.html", {"page": page, "q": words})


def _story_or_404(key):
    found = Exemplar.objects.published().select_related("organization__parent")
    return get_object_or_404(found, key=key)


@access(PUBLIC)
@never_cache
def story(request, key):
    return render(request, "reports/kept/story.html", {"story": _story_or_404(key)})


@access(PUBLIC)
@never_cache
def story_picture(request, key):
    found = _story_or_404(key)
    if not found.picture:
        raise Http404
    return serve_picture(request, found.picture)


@access(PUBLIC)
def story_share(request, key):
    """What a chat shows of a link to it: neither the person's name nor their picture."""
    found = _story_or_404(key)
    return bills.given(bills.card, found.title, f"反哺家乡的青年　{found.organization.place}")


GONE = "已撤回，姓名、事迹和照片都已从网页、卡片和搜索里去掉。"


@access(YOUNG, takes=FORM)
def my_story(request):
    """What was written about whoever is signed in: agree, or take consent back."""
    if "registered_name" in request.POST:
        actions.open_by_name(request.user, request.POST["registered_name"])
        return redirect("reports:my_story")
    mine, shut = actions.of_person(request.user)
    forms = {story.pk: StoryForm(prefix=f"story{story.pk}") for story in mine}
    if request.method == "POST":
        found = next((e for e in mine if str(e.pk) == request.POST.get("exemplar")), None)
        if found is None:
            raise Http404
        if "withdraw" in request.POST:
            actions.withdraw_consent(found, user=request.user)
            return done(request, GONE, "reports:my_story")
        form = forms[found.pk] = StoryForm(request.POST, prefix=f"story{found.pk}")
        if form.is_valid():
            actions.agree(found, user=request.user)
            return done(request, "已同意发布，随时可以撤回。", "reports:my_story")
    context = {"stories": [(story, forms[story.pk]) for story in mine], "shut": shut}
    return render(request, "reports/kept/my_story.html", context)
