"""Editions, their stages and deadlines."""

from django.db.models import prefetch_related_objects
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.views.generic import ListView

from campaigns import calendar
from campaigns.actions import editions as actions
from campaigns.choices import Season
from campaigns.days_off import in_force_for
from campaigns.forms import (
    CampaignForm,
    CopyForm,
    DeadlineForm,
    ExtensionForm,
    KindForm,
    MeasureFormSet,
    StageForm,
)
from campaigns.models import ActivityKind, Campaign, Clip, Deadline, Extension, Stage
from campaigns.permissions import can_run_editions
from campaigns.views.choosing import carry_on
from qingchun.ground.kept import serve
from qingchun.ground.refusals import said_on
from qingchun.organizations.access import FORM, POST, access, takes_files
from qingchun.organizations.choices import Level, Role
from qingchun.stepping import Stepping
from qingchun.tapping import done

EDITION_ADMINS = {"levels": (Level.PROVINCE,), "roles": (Role.ADMIN,)}


def _edition_or_404(request, pk):
    found = get_object_or_404(Campaign.objects.seen_by(request.user), pk=pk)
    carry_on(request, found.pk)
    return found


STEPPING = Stepping(
    actions.EDITIONS, _edition_or_404, who=EDITION_ADMINS, route="campaigns:campaign_step"
)
campaign_step = STEPPING.page


@access()
class CampaignList(ListView):
    template_name = "campaigns/campaigns.html"

    def get_queryset(self):
        return Campaign.objects.seen_by(self.request.user)

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_run=can_run_editions(self.request.user), **kwargs)


@access(**EDITION_ADMINS, takes=POST)
def first_campaign(request):
    """Begin: the notice's winter, carried over to the next Spring Festival."""
    today = localdate()
    year = today.year + (today > calendar.spring_festival(today.year))
    fresh = actions.first_edition(actor=request.user, year=year)
    return done(request, "行动已建立。请核对日期、确认截止日期，再开放。", fresh)


@access(levels=(Level.PROVINCE, Level.CITY, Level.COUNTY))
def films(request, pk):
    """How many films of an edition each unit below has, and the bytes they take: what fills a disk
    first."""
    found = _edition_or_404(request, pk)
    clips = Clip.objects.visible_to(request.user).filter(photo__activity__campaign=found)
    context = {"campaign": found, "films": clips.by_unit(request.user.scope)}
    return render(request, "campaigns/films.html", context)


@access()
def campaign(request, pk):
    return _page(request, _edition_or_404(request, pk))


def _page(request, found, filled=None):
    """An edition; ``filled``, a form of one of its days that could not be saved."""
    carry_on(request, found.pk)
    prefetch_related_objects([found], "stages", "deadlines")
    may_run, since = can_run_editions(request.user), max(found.starts_on, localdate())
    days = in_force_for(request.user)

    def form_of(made, record):
        if isinstance(filled, made) and filled.instance == record:
            return filled
        return made(instance=record) if may_run else None

    deadlines = [
        {
            "deadline": deadline,
            "examined": calendar.examine(deadline.enforced_on, "", since=since, days=days),
            "form": form_of(DeadlineForm, deadline),
            "extension_form": form_of(ExtensionForm, deadline),
        }
        for deadline in found.deadlines.all()
    ]
    extensions = Extension.objects.visible_to(request.user).filter(deadline__campaign=found)
    context = {
        "campaign": found,
        "stages": [(stage, form_of(StageForm, stage)) for stage in found.stages.all()],
        "deadlines": deadlines,
        "extensions": extensions.select_related("organization", "deadline"),
        "kinds": found.kinds.of_all().prefetch_related("measures"),
        "may_run": may_run,
        "asks_words": _words_to_write(found),
        "steps": _steps(request.user, found),
    }
    return render(request, "campaigns/campaign.html", context)


def _steps(user, found):
    """Opening can be taken back until something was logged."""
    offers = STEPPING.offers(user, found)
    if any(offer.key == "close" for offer in offers) and actions.has_records(found):
        offers = [offer for offer in offers if offer.key != "close"]
    return offers


def _words_to_write(found):
    """What an edition is to say of its notice and does not yet."""
    words = {"通知标题": found.notice_title, "通知要点": found.notice_text}
    words |= {f"“{stage}”的写法": stage.printed for stage in found.stages.all()}
    words |= {f"{deadline}的写法": deadline.printed for deadline in found.deadlines.all()}
    return [what for what, said in words.items() if not said]


@access()
def notice(request, pk):
    found = get_object_or_404(Campaign.objects.seen_by(request.user).exclude(notice_file=""), pk=pk)
    ending = found.notice_file.name.rpartition(".")[2]
    return serve(found.notice_file, name=f"{found.title}通知.{ending}")


@access(**EDITION_ADMINS, takes=FORM)
@takes_files()
def change_campaign(request, pk):
    found = _edition_or_404(request, pk)
    form = CampaignForm(request.POST or None, request.FILES or None, instance=found)
    if request.method == "POST" and form.is_valid():
        with said_on(form):
            actions.change_edition(form.instance, actor=request.user, changed=form.edited)
            return done(request, "已保存。", found)
    return render(request, "campaigns/campaign_form.html", {"form": form, "campaign": found})


@access(**EDITION_ADMINS, takes=FORM)
def add_kind(request, pk):
    """One more than the ten, in an edition that may be running."""
    return _kind_page(request, ActivityKind(campaign=_edition_or_404(request, pk)))


@access(**EDITION_ADMINS, takes=FORM)
def change_kind(request, pk):
    kinds = ActivityKind.objects.of_all().select_related("campaign")
    return _kind_page(request, get_object_or_404(kinds, pk=pk))


def _kind_page(request, kind):
    carry_on(request, kind.campaign_id)
    form = KindForm(request.POST or None, instance=kind)
    measures = MeasureFormSet(request.POST or None, instance=kind)
    if request.method == "POST" and form.is_valid() and measures.is_valid():
        with said_on(form):
            actions.change_kind(
                form.instance,
                actor=request.user,
                measures=[(m.instance, m.edited) for m in measures if m.has_changed()],
                changed=form.edited,
            )
            return done(request, f"{kind}已保存。", kind.campaign)
    context = {"form": form, "measures": measures, "kind": kind}
    return render(request, "campaigns/kind_form.html", context)


@access(**EDITION_ADMINS, takes=FORM)
def copy_campaign(request, pk):
    """Propose dates for a new year, a winter's both ways, with what speaks against each."""
    found = _edition_or_404(request, pk)
    next_year = max(localdate().year, found.ends_on.year) + 1
    is_winter = found.season == Season.WINTER  # in summer no festival is near
    form = CopyForm(request.POST or request.GET or None, initial={"year": next_year})
    if request.method == "POST" and form.is_valid():
        fresh = actions.copy_edition(found, actor=request.user, **form.cleaned_data)
        return done(request, "新行动已建立。请核对日期、确认截止日期，再开放。", fresh)
    year = form.cleaned_data["year"] if form.is_bound and form.is_valid() else next_year
    context = {"campaign": found, "form": form, "year": year}
    context["festival"] = calendar.spring_festival(year) if is_winter else None
    days = in_force_for(request.user)
    context["proposals"] = [
        (deadline, _proposals(found, deadline, year, days)[: 2 if is_winter else 1])
        for deadline in found.deadlines.all()
    ]
    return render(request, "campaigns/campaign_copy.html", context)


def _proposals(campaign, deadline, year, days):
    return calendar.proposals(
        deadline.enforced_on,
        begins=campaign.stages.first().starts_on,
        old_festival=actions.festival_of(campaign),
        year=year,
        today=localdate(),
        days=days,
    )


@access(**EDITION_ADMINS, takes=POST)
def change_stage(request, pk):
    stage = get_object_or_404(Stage.objects.select_related("campaign"), pk=pk)
    form = StageForm(request.POST, instance=stage)
    if not form.is_valid():
        return _page(request, stage.campaign, form)
    actions.change_stage(stage, actor=request.user, changed=form.edited)
    return done(request, f"{stage}的日期已保存。", stage.campaign)


@access(**EDITION_ADMINS, takes=POST)
def decide_deadline(request, pk):
    deadline = get_object_or_404(Deadline.objects.select_related("campaign"), pk=pk)
    form = DeadlineForm(request.POST, instance=deadline)
    if not form.is_valid():
        return _page(request, deadline.campaign, form)
    actions.decide_deadline(deadline, actor=request.user, **form.cleaned_data)
    return done(
        request,
        f"{deadline}已确认。{_minding(request.user, deadline.enforced_on)}",
        deadline.campaign,
    )


def _minding(user, day):
    """A last day that is no ordinary working day is said to be one, also once it is decided."""
    said = in_force_for(user).said(day)
    return f"{day:%-m月%-d日}是{said}，请留意。" if said else ""


@access(**EDITION_ADMINS, takes=POST)
def extend(request, pk):
    deadline = get_object_or_404(Deadline.objects.select_related("campaign"), pk=pk)
    form = ExtensionForm(request.POST, instance=deadline)
    if form.is_valid():
        with said_on(form):
            extension = actions.extend(deadline, actor=request.user, **form.cleaned_data)
            words = (
                f"{extension.organization}{extension}。{_minding(request.user, extension.until_on)}"
            )
            return done(request, words, deadline.campaign)
    return _page(request, deadline.campaign, form)
