"""The talent pool, as home's cadres work with it."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate

from campaigns.permissions import WRITERS
from qingchun.accounts.audit import history_of, opened
from qingchun.accounts.navigation import onward
from qingchun.accounts.permissions import acts_as
from qingchun.ground.links import link_to
from qingchun.ground.paging import page_of
from qingchun.ground.pictures import paper_answer
from qingchun.ground.prepared import prepared
from qingchun.ground.refusals import Refused, said_on
from qingchun.organizations.access import FORM, POST, access, takes_files
from qingchun.organizations.choices import Level, Role
from qingchun.organizations.codes import county_of
from qingchun.organizations.models import Organization
from qingchun.stepping import Stepping
from qingchun.tapping import done, one_of, valid
from talent.pool import figures, numbers
from talent.pool.actions import enrolment, opening, records
from talent.pool.forms import (
    FollowerForm,
    PaperForm,
    PoolFilter,
    ReasonForm,
    RecordForm,
    TalkForm,
    WhyForm,
)
from talent.pool.lists import due
from talent.pool.matching import offers_for
from talent.pool.models import Likeness, Offer, SavedSearch, SkillTerm, TalentRecord
from talent.pool.permissions import can_ask_for_record, can_keep_terms, can_tend_record
from talent.pool.timeline import timeline_of
from talent.youth.permissions import NEAR, can_register, is_near_home

# Whatever stands in the timeline as itself, or would stand there at every look.
TOLD_BY_ITSELF = (
    "查看人才",
    "查看人才电话",
    "本人查看人才",
    "回访",
    "改变人才阶段",
    "写明理由查阅人才",
)
CADRES = {"levels": NEAR, "roles": WRITERS}
WHOLE = ("姓名", "电话", "经历")
READERS = {"levels": NEAR}


record_or_404 = one_of(
    lambda user: prepared(TalentRecord.objects).visible_to(user).standing(),
    "organization", "follower__user",
)  # fmt: skip
STEPPING = Stepping(
    records.POOL,
    record_or_404,
    who=CADRES,
    route="talent:pool_step",
    forms={"remove": WhyForm},
    back=lambda record: redirect(record_url(record) if record.pk else "talent:pool"),
)
pool_step = STEPPING.page


@access(takes=FORM)
def pool_list(request):
    """Home's cadres see their people; above them there are figures. Words are posted."""
    user = request.user
    if not is_near_home(user):
        return _figures(request)
    saved = list(prepared(SavedSearch.objects).visible_to(user).filter(user=user))
    chosen = next((s for s in saved if str(s.pk) == request.GET.get("saved")), None)
    form = PoolFilter(chosen.asked if chosen else request.GET, unit=user.acting.organization)
    asked = form.asked()
    words = (request.POST.get("q") or (chosen.asked.get("words", "") if chosen else "")).strip()[
        :30
    ]
    found = prepared(TalentRecord.objects).visible_to(user).standing()
    found = form.narrow(found.plain().narrowed(asked) if asked else found)
    if words:
        found = found.holding(words, county_of(user.scope))
    context = {
        "form": form,
        "asked": asked | ({"words": words} if words else {}),
        "words": words,
        "saved": saved,
        "chosen": chosen,
        "page": page_of(
            found.select_related("organization").order_by("-pk"),
            request.POST.get("page") or request.GET.get("page"),
        ),
        "can_register": can_register(user),
        "unasked": prepared(TalentRecord.objects).visible_to(user).to_be_asked()[:200].count(),
    }
    return render(request, "talent/pool/list.html", context)


def _figures(request):
    user, words = request.user, request.POST.get("q", "").strip()[:30]
    unit = user.acting.organization
    context = {
        "rows": figures.by_unit(unit),
        "map": figures.lives_in(unit.code),
        "words": words,
        "found": figures.holding(unit, words) if len(words) > 1 else (),
        "can_ask": can_ask_for_record(user),
        "can_keep_terms": can_keep_terms(user),
        "reason_form": ReasonForm(),
        "opened": TalentRecord.objects.visible_to(user).select_related("organization")[:20],
    }
    return render(request, "talent/pool/figures.html", context)


@access(**READERS)
def pool_map(request):
    unit = request.user.acting.organization
    context = {"map": figures.lives_in(unit.code), "unit": unit}
    return render(request, "talent/pool/map.html", context)


@access(**READERS)
def pool_today(request):
    """Who is to be spoken to today, by whom; the longest overdue first, then who was forgotten."""
    found = TalentRecord.objects.visible_to(request.user).select_related("organization")
    context = {
        "page": page_of(due(request.user, request.GET), request.GET.get("page"), 50),
        "stale": found.stale(localdate()).order_by("last_talked_on", "pk")[:10],
        "mine": request.GET.get("whose") == "mine",
        "may_call": acts_as(request.user, *WRITERS),
    }
    return render(request, "talent/pool/today.html", context)


@access(levels=(Level.PROVINCE, Level.CITY), roles=(Role.ADMIN, Role.REVIEWER), takes=POST)
def pool_open(request):
    """The city or the province says why it reads a record."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Refused("；".join(errors[0] for errors in form.errors.values()))
    record = opening.open_for(
        form.cleaned_data["number"], actor=request.user, reason=form.cleaned_data["reason"]
    )
    return done(request, "一天之内可以查看，县里能看到理由。", "talent:pool_record", record.pk)


@access(reads=WHOLE)
def pool_record(request, pk):
    """One person, name and number unmasked; that it was opened is written down."""
    record = record_or_404(request, pk)
    opened(request, record, "查看人才")
    can_tend = can_tend_record(request.user, record)
    steps = STEPPING.offers(request.user, record)
    events = history_of(record).exclude(verb__in=TOLD_BY_ITSELF)[:30] if can_tend else ()
    context = {
        "record": record,
        "phone": numbers.phone_of(record),
        "facts": _facts(record),
        "moments": timeline_of(record, events, with_own=is_near_home(request.user)),
        "can_tend": can_tend,
        "offers": offers_for(record) if can_tend else (),
        "steps": [offer for offer in steps if offer.key != "remove"],
        "removal": next((offer for offer in steps if offer.key == "remove"), None),
        "talk_form": TalkForm(initial={"text": _about_offer(request)}),
        "paper_form": PaperForm(),
        "merged": prepared(Likeness.objects).filter(kept=record, verdict="same")
        if can_tend
        else (),
    }
    return render(request, "talent/pool/record.html", context)


@access(**CADRES, reads=("姓名", "电话"))
def pool_call(request, pk):
    """The number alone, to be rung from a list; that it was looked at is written down."""
    record = record_or_404(request, pk)
    phone = numbers.phone_of(record)
    if not phone:
        raise Refused("没有留手机号，请到记录里看别的联系办法。")
    opened(request, record, "查看人才电话")
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"phone": phone})
    return render(request, "talent/pool/call.html", {"record": record, "phone": phone})


def _about_offer(request):
    """Telling somebody of an offer begins with its name."""
    number = request.GET.get("offer", "")
    found = (
        Offer.objects.filter(pk=number).first() if number.isdecimal() and len(number) < 12 else None
    )
    return f"介绍了“{found.title}”。" if found else ""


def _facts(record):
    """(name, value, where it comes from) of each fact that is known."""
    for name, shown in record.said():
        yield record._meta.get_field(name).verbose_name, shown, record.source_of(name)
    if record.typed:
        yield record._meta.get_field("typed").verbose_name, record.typed, record.source_of("*")


@access(**CADRES, takes=FORM)
def pool_new(request):
    unit = request.user.acting.organization
    form = RecordForm(request.POST or None, unit=unit)
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        with said_on(form):
            record = records.enter(
                actor=request.user,
                home=Organization.objects.get(pk=clean["home"]),
                heard=clean["heard"],
                phone=clean["phone"],
                identity=clean["identity"],
                **form.facts(),
            )
            messages.success(request, "已登记。征得本人同意后才能入库。")
            return redirect("talent:pool_record", record.pk)
    return render(
        request, "talent/pool/form.html", {"form": form, "terms": SkillTerm.objects.all()}
    )


@access(**CADRES, reads=WHOLE, takes=FORM)
def pool_edit(request, pk):
    record = record_or_404(request, pk)
    opened(request, record, "查看人才", part="edit")
    form = RecordForm(request.POST or None, unit=request.user.acting.organization, record=record)
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        with said_on(form):
            records.change(
                record,
                actor=request.user,
                version=record.version,
                heard=clean["heard"],
                phone=clean["phone"] or None,
                identity=clean["identity"] or None,
                **form.facts(),
            )
            return done(request, "已保存。", "talent:pool_record", record.pk)
    context = {"form": form, "record": record, "terms": SkillTerm.objects.all()}
    return render(request, "talent/pool/form.html", context)


@access(**CADRES, takes=POST)
def pool_talk(request, pk):
    record, form = record_or_404(request, pk), TalkForm(request.POST)
    if not form.is_valid():
        raise Refused("请选怎么联系的、结果和下次联系；谈的内容 300 字以内，答应的事 200 字以内。")
    records.follow_up(record, actor=request.user, **form.values())
    messages.success(request, "已记下这次回访。")
    back = "talent:pool_today" if request.POST.get("next") == "today" else record_url(record)
    return onward(request, redirect(back))


def record_url(record):
    return f"/pool/{record.pk}/"


@access(**CADRES, takes=POST)
def pool_ask(request, pk):
    record = record_or_404(request, pk)
    token = enrolment.ask(record, actor=request.user)
    said = "征询短信马上发出。"
    if settings.SHOW_CODES:
        said = f"演示环境不发短信，短信里的网址是 {link_to(f'/join/{token}/')} 。"
    return done(request, f"{said}本人 60 天内没有答复，登记的信息自动删除。", record_url(record))


@access(**CADRES, takes=POST)
def pool_ask_all(request):
    people = enrolment.ask_all(actor=request.user)
    return done(request, f"向 {people} 位发出征询短信。", "talent:pool")


@access(**CADRES, takes=POST)
@takes_files()
def pool_agree(request, pk):
    record = record_or_404(request, pk)
    paper = valid(PaperForm(request.POST, request.FILES))
    enrolment.agree_on_paper(record, actor=request.user, **paper)
    return done(request, "已记下本人同意，现在在库。", record_url(record))


@access(**CADRES, reads=("签字同意书",))
def pool_paper(request, pk):
    record = record_or_404(request, pk)
    if not record.paper or not can_tend_record(request.user, record):
        raise Http404
    opened(request, record, "查看人才", part="paper")
    return paper_answer(record.paper.opened())


@access(**CADRES, takes=FORM)
def pool_follower(request, pk):
    record = record_or_404(request, pk)
    form = FollowerForm(request.POST or None, code=request.user.scope, record=record)
    if request.method == "POST" and form.is_valid():
        records.assign(record, actor=request.user, follower=form.cleaned_data["follower"])
        return done(request, "已改好联系人。", record_url(record))
    return render(request, "talent/pool/follower.html", {"form": form, "record": record})


@access(**CADRES, reads=WHOLE)
def pool_card(request, pk):
    record = record_or_404(request, pk)
    opened(request, record, "查看人才", part="card")
    context = {
        "record": record,
        "phone": numbers.phone_of(record),
        "facts": list(_facts(record)),
        "talks": record.talks.all()[:8],
        "today": localdate(),
    }
    return render(request, "talent/pool/card.html", context)
