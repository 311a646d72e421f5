"""Theme publicity on the screen: the kit, the places, the press, and people's own words."""

from django.db.models import Count, Sum
from django.db.models.functions import Left
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from campaigns.permissions import WRITERS, can_log
from campaigns.views.choosing import chosen_campaign, leads_on_in
from qingchun.ground.fields import WordsField
from qingchun.ground.kept import serve, serve_picture
from qingchun.ground.links import link_to
from qingchun.ground.paging import page_of
from qingchun.ground.pictures import undrawn
from qingchun.ground.province import HOME
from qingchun.ground.refusals import said_on
from qingchun.organizations import maps
from qingchun.organizations.access import FORM, POST, PUBLIC, YOUNG, access, takes_files
from qingchun.organizations.choices import Level
from qingchun.organizations.codes import city_of
from qingchun.organizations.models import Organization
from qingchun.stepping import StepForm, Stepping
from qingchun.tapping import done, one_of, tapping
from reports.library import cards, lists
from reports.library.actions import portraits
from reports.library.actions import publicity as actions
from reports.library.choices import SpotKind, VoiceState
from reports.library.forms import KitForm, SpotForm, VoiceForm
from reports.library.models import KitItem, Spot, Voice
from reports.library.permissions import can_choose
from reports.papers.permissions import REVIEWERS, is_own
from talent.youth.actions.consents import standing
from talent.youth.choices import ConsentPurpose
from talent.youth.forms.consent import ConsentForm
from talent.youth.views.public import own_youth

OF_THE_PROVINCE = {"levels": (Level.PROVINCE,), "roles": REVIEWERS}


@access()
def kit(request):
    editions, campaign = chosen_campaign(request)
    found = KitItem.objects.filter(campaign=campaign, is_newest=True)
    context = {
        "editions": editions,
        "campaign": campaign,
        "items": found.annotate(times=Sum("fetches__times"), units=Count("fetches")),
        "may_choose": can_choose(request.user) and not campaign.is_locked,
    }
    return render(request, "reports/kept/kit.html", context)


@access(**OF_THE_PROVINCE, takes=FORM)
@takes_files("KIT_MOST_BYTES")
def kit_new(request, pk=None):
    """Put something in the kit; with a number, a newer version of what is there."""
    _, campaign = chosen_campaign(request)
    replaces = get_object_or_404(KitItem, pk=pk, is_newest=True) if pk else None
    initial = {"kind": replaces.kind, "title": replaces.title} if replaces else None
    form = KitForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with said_on(form):
            actions.put_in_kit(
                replaces.campaign if replaces else campaign,
                actor=request.user,
                replaces=replaces,
                **form.cleaned_data,
            )
            return done(request, "已发布，各级都能下载。", "reports:kit")
    title = f"换一版“{replaces.title}”" if replaces else "发布宣传品"
    context = {"form": form, "title": title, "keep": f"kit-{pk or 'new'}"}
    context["hint"] = f"各级统一使用“{HOME.action}”主题；换新版后，旧版不再出现。"
    return render(request, "reports/kept/form.html", context)


@access(takes=POST)
def kit_fetch(request, pk):
    """Take an item: its file, or the page of its text; counted by itself."""
    found = get_object_or_404(KitItem, pk=pk)
    actions.fetch(found, actor=request.user)
    if found.file:
        ending = found.file.name.rpartition(".")[2]
        return serve(found.file, name=f"{found}.{ending}")
    return redirect(found.link or f"{reverse('reports:kit')}#item-{found.pk}")


@access()
def spots(request):
    """Where the theme is shown, on the map and in a list."""
    editions, campaign = chosen_campaign(request)
    unit, scope = request.user.acting.organization, request.user.scope
    found = Spot.objects.within(scope).filter(campaign=campaign)
    digits = 4 if unit.level == Level.PROVINCE else 6
    by_unit = dict(
        found.order_by().annotate(below=Left("organization_id", digits))
        .values_list("below").annotate(n=Count("pk"))
    )  # fmt: skip
    units = Organization.objects.within(city_of(scope)).filter(
        level=Level.CITY if unit.level == Level.PROVINCE else Level.COUNTY
    )
    rows = [{"unit": one, "activities": by_unit.get(one.code, 0)} for one in units]
    kinds = dict(found.order_by().values_list("kind").annotate(n=Count("pk")))
    context = {
        "editions": editions,
        "campaign": campaign,
        "page": page_of(lists.spots(request.user, request.GET, campaign), request.GET.get("page")),
        "kinds": [(label, kinds.get(kind, 0)) for kind, label in SpotKind.choices],
        "map": maps.shaded(rows, None if unit.level == Level.PROVINCE else city_of(scope)),
        "may_log": can_log(request.user, scope) and not campaign.is_locked,
        "scope": scope,
    }
    return render(request, "reports/kept/spots.html", context)


def _edit_spot(request, record):
    form = SpotForm(
        request.POST or None, request.FILES or None, instance=record, campaign=record.campaign
    )
    if request.method == "POST" and form.is_valid():
        with said_on(form):
            actions.save_spot(
                form.instance,
                actor=request.user,
                picture=form.cleaned_data["picture"],
                changed=form.edited,
            )
            return done(request, "已登记。", "reports:spots")
    context = {"form": form, "title": "登记展示点位", "keep": f"spot-{record.pk or 'new'}"}
    context["hint"] = "一处登记一次，数字自动汇总。"
    return render(request, "reports/kept/form.html", context)


@access(roles=WRITERS, takes=FORM)
@takes_files()
def spot_new(request):
    _, campaign = chosen_campaign(request)
    return _edit_spot(request, Spot(campaign=campaign, organization_id=request.user.scope))


_spot_or_404 = one_of(Spot.objects.visible_to, "campaign")


@access(roles=WRITERS, takes=FORM)
@takes_files()
def spot_edit(request, pk):
    found = _spot_or_404(request, pk)
    if not is_own(request.user, found):
        raise Http404
    return _edit_spot(request, found)


spot_remove = tapping(
    actions.remove_spot, _spot_or_404, said="已删去。", back="reports:spots", roles=WRITERS
)


@access()
def spot_picture(request, pk):
    found = _spot_or_404(request, pk)
    if not found.picture:
        raise Http404
    return serve_picture(request, found.picture)


@access()
def coverage(request):
    """What the press wrote about activities of all units in scope."""
    editions, campaign = chosen_campaign(request)
    found = lists.coverage(request.user, request.GET, campaign)
    context = {
        "editions": editions,
        "campaign": campaign,
        "page": page_of(found, request.GET.get("page"), 50),
        "q": lists.words_of(request.GET),
        "sorting": lists.coverage_sorting(request.GET),
    }
    return render(request, "reports/kept/coverage.html", context)


# 我为山西代言


@access(PUBLIC)
@never_cache
def voices(request):
    """The wall: what was looked at and shown."""
    page = page_of(
        Voice.objects.shown().select_related("organization__parent"), request.GET.get("page"), 24
    )
    return render(request, "reports/kept/voices.html", {"page": page})


def _shown_or_404(key):
    return get_object_or_404(Voice.objects.shown().select_related("organization__parent"), key=key)


@access(PUBLIC)
@never_cache
def voice(request, key):
    return render(request, "reports/kept/voice.html", {"voice": _shown_or_404(key)})


@access(PUBLIC)
def voice_picture(request, key):
    """Its picture: for everybody once it is shown, before for home's cadres and the person."""
    visible = Voice.objects.shown()
    if request.user.is_authenticated:
        visible = visible | Voice.objects.filter(user=request.user)
        if request.user.acting:
            visible = visible | Voice.objects.within(request.user.scope)
    found = get_object_or_404(visible, key=key)
    answer = serve_picture(request, found.picture)
    answer["Cache-Control"] = "private, max-age=30"
    return answer


@access(PUBLIC)
def voice_card(request, key):
    """A card to send on, drawn anew each time."""
    found = _shown_or_404(key)
    link = link_to(reverse("reports:voice", args=[found.key]))
    with found.picture.open("rb") as picture:
        body = cards.draw(picture, found.words, found.called, found.organization.name, link)
    answer = HttpResponse(body, content_type="image/jpeg")
    answer["Cache-Control"] = "private, max-age=30"
    return answer


@access(YOUNG, takes=FORM)
@takes_files()
def my_voice(request):
    youth = own_youth(request)
    is_adult = youth is None or youth.is_adult
    mine = list(Voice.objects.filter(user=request.user))
    before = _before(request, youth) if mine and youth else None
    if before and before.is_bound and before.is_valid():
        portraits.agree(request.user, guardian=before.guardian())
        return done(request, "已记下您的同意，随时可以撤回。", "reports:my_voice")
    posted = not (before and before.is_bound) and request.method == "POST"
    given = (request.POST, request.FILES) if posted else (None, None)
    form = VoiceForm(*given, is_adult=is_adult)
    if posted and form.is_valid():
        with said_on(form):
            actions.speak(request.user, **form.values())
            said = "已收到，家乡团组织看过后公开。"
            if missing := undrawn("".join(form.cleaned_data[name] for name in ("called", "words"))):
                said += f"分享卡片的字库里没有“{missing}”，卡片上写成“〓”，网页上照常显示。"
            return done(request, said, "reports:my_voice")
    context = {"form": form, "before": before, "mine": mine}
    return render(request, "reports/kept/my_voice.html", context)


def _before(request, youth):
    """For whoever was shown before a consent was asked for; none for whom it stands."""
    if ConsentPurpose.VOICE in standing(youth):
        return None
    return ConsentForm(
        request.POST if "before" in request.POST else None, prefix="before",
        purpose=ConsentPurpose.VOICE, label="我已看过，同意公开我以前提交的照片和话",
        is_adult=youth.is_adult,
    )  # fmt: skip


my_voice_drop = tapping(
    actions.take_voice_back, one_of(lambda user: Voice.objects.filter(user=user)), said="已删除。",
    back="reports:my_voice", declared=YOUNG,
)  # fmt: skip


class WhyForm(StepForm):
    why = WordsField("不公开的原因（本人看得到）", 100, "请写一句为什么不公开，本人看得到。")


VOICE_STEPS = Stepping(
    actions.VOICES, one_of(Voice.objects.visible_to, "organization"), who={"roles": WRITERS}, route="reports:voice_step",
    forms={"refuse": WhyForm}, back=lambda voice: redirect("reports:voice_desk"),
)  # fmt: skip
voice_step = VOICE_STEPS.page


@access(reads=("代言人称呼", "照片"))
def voice_desk(request):
    """What waits to be looked at, and what is shown, of a unit's own young people."""
    show = request.GET.get("show") if request.GET.get("show") in VoiceState.values else "waiting"
    page = page_of(lists.voices(request.user, request.GET), request.GET.get("page"))
    for voice in page:
        voice.steps = VOICE_STEPS.offers(request.user, voice)
    context = {"page": page, "show": show, "tabs": VoiceState.choices}
    context["campaign"] = leads_on_in(request)
    return render(request, "reports/kept/voice_desk.html", context)
