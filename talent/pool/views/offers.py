"""What a unit can give, who could use it; searches that are kept; what skills are called."""

from django.shortcuts import get_object_or_404, render

from campaigns.permissions import WRITERS
from qingchun.ground.paging import page_of
from qingchun.ground.refusals import Refused, said_on
from qingchun.organizations.access import FORM, POST, access
from qingchun.organizations.choices import Level, Role
from qingchun.tapping import done, one_of, tapping
from talent.pool import figures, lists
from talent.pool.actions import searches
from talent.pool.forms import OfferForm, PoolFilter, TermForm
from talent.pool.matching import people_for
from talent.pool.models import Offer, SavedSearch, SkillTerm
from talent.pool.views.records import READERS
from talent.youth.permissions import can_keep, is_near_home


@access()
def offers(request):
    found = lists.offers(request.user, request.GET)
    context = {
        "page": page_of(found, request.GET.get("page"), 50),
        "can_keep": can_keep(request.user, request.user.scope),
    }
    return render(request, "talent/pool/offers.html", context)


@access(roles=WRITERS, takes=FORM)
def offer_new(request):
    form = OfferForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = searches.offer(actor=request.user, **form.cleaned_data)
        return done(request, "已登记。下面是可能用得上的青年。", "talent:offer", made.pk)
    return render(request, "talent/pool/offer_form.html", {"form": form})


@access()
def offer(request, pk):
    found = get_object_or_404(
        Offer.objects.for_unit(request.user.scope).select_related("organization"), pk=pk
    )
    near = is_near_home(request.user)
    context = {
        "offer": found,
        "people": people_for(found, request.user) if near else (),
        "near": near,
        "can_keep": can_keep(request.user, found.organization_id),
    }
    return render(request, "talent/pool/offer.html", context)


offer_remove = tapping(
    searches.take_back_offer, one_of(Offer.objects.visible_to), said="已撤下。",
    back="talent:offers", roles=WRITERS,
)  # fmt: skip


# Searches that are kept


@access(**READERS, takes=POST)
def search_save(request):
    name = request.POST.get("name", "").strip()[:30]
    if not name:
        raise Refused("请给这个筛选起个名字。")
    form = PoolFilter(request.POST, unit=request.user.acting.organization)
    words = request.POST.get("words", "").strip()[:30]
    asked = form.asked() | ({"words": words} if words else {})
    saved = searches.save_search(actor=request.user, name=name, asked=asked)
    return done(request, "已保存，下次点名字就能用。", f"/pool/?saved={saved.pk}")


search_drop = tapping(
    searches.drop_search,
    one_of(lambda user: SavedSearch.objects.visible_to(user).filter(user=user)),
    said="已删去这个筛选。", back="talent:pool", **READERS,
)  # fmt: skip


# What skills are called

TERM_KEEPERS = {"levels": (Level.PROVINCE,), "roles": (Role.ADMIN,)}


@access(**TERM_KEEPERS, takes=FORM)
def skills(request):
    """The province's names for skills, and what else is written so often that it wants one."""
    terms = list(SkillTerm.objects.all())
    chosen = next((term for term in terms if term.name == request.GET.get("term")), None)
    form = TermForm(request.POST or None, record=chosen)
    if request.method == "POST" and form.is_valid():
        with said_on(form):
            searches.name_skill(actor=request.user, **form.cleaned_data)
            return done(request, "已保存。以后这些叫法都归到这一项。", "talent:skills")
    if chosen:  # another name would be another skill that wants the same words
        form.fields["name"].widget.attrs["readonly"] = True
    context = {"terms": terms, "form": form, "chosen": chosen}
    context["unnamed"] = figures.unnamed_skills(terms)
    return render(request, "talent/pool/skills.html", context)


@access(**TERM_KEEPERS, takes=POST)
def skill_drop(request):
    term = get_object_or_404(SkillTerm, pk=request.POST.get("name", ""))
    searches.drop_skill(term, actor=request.user)
    return done(request, "已删去这一项。人才库里写的不变。", "talent:skills")
