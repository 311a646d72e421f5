"""What home's cadres see of the people who checked in."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render

from campaigns.permissions import WRITERS
from campaigns.views.choosing import chosen_campaign
from qingchun.accounts.actions.persons import LEFT_ALONE, PARTED
from qingchun.accounts.audit import CLAIMED, history_of, opened
from qingchun.ground.paging import page_of
from qingchun.ground.pictures import paper_answer
from qingchun.ground.prepared import prepared
from qingchun.ground.refusals import Refused, said_on
from qingchun.organizations.access import FORM, POST, access, takes_files
from qingchun.organizations.choices import Level
from qingchun.tapping import done, one_of, tapping
from talent.youth.actions import checkin, people
from talent.youth.actions.checkin import MOVED, RENAMED
from talent.youth.actions.consents import current_texts
from talent.youth.counts import figures_by_unit, groups_of
from talent.youth.forms.checkin import DoorForm
from talent.youth.forms.desk import ContactForm, UnitForm
from talent.youth.lists import checkins
from talent.youth.models import CheckIn, Consent, Question, Youth
from talent.youth.permissions import NEAR, can_register, is_near_home
from talent.youth.views.groups import with_steps

# What home reads on the page of what a number did: claimed, lost, another name or home.
BY_THE_NUMBER = (CLAIMED, PARTED, LEFT_ALONE, RENAMED, MOVED)
HOME_CADRES = {"levels": NEAR, "roles": WRITERS}


_youth_or_404 = one_of(Youth.objects.visible_to, "organization")


@access(takes=FORM)
def youth(request):
    """Counties and townships see their people; the city and the province see figures.

    A name or a number to look for is posted: an address is kept in too many places.
    """
    editions, campaign = chosen_campaign(request)
    scope = request.user.scope
    context = {"editions": editions, "campaign": campaign}
    if not is_near_home(request.user):
        groups, joined = groups_of(scope)
        context |= {
            "rows": figures_by_unit(campaign, request.user.acting.organization),
            "groups": groups,
            "joined": joined,
        }
        return render(request, "talent/figures.html", context)
    words = request.POST.get("q", "").strip()[:30]
    form, found = checkins(request.user, request.GET, campaign, words)
    context |= {
        "form": form,
        "page": page_of(found, request.GET.get("page")),
        "is_filtered": any(form.cleaned_data.values()) or bool(words),
        "words": words,
        "can_register": can_register(request.user),
    }
    return render(request, "talent/youth_list.html", context)


@access(**HOME_CADRES, reads=("姓名", "电话", "现居地"))
def person(request, pk):
    """One person, name and number unmasked; that it was opened is written down."""
    found = _youth_or_404(request, pk)
    opened(request, found, "查看个人信息")
    context = {
        "youth": found,
        "checkins": prepared(CheckIn.objects).filter(youth=found).select_related("campaign"),
        "consents": prepared(Consent.objects).filter(youth=found),
        "contacts": prepared(found.contacts),
        "groups": with_steps(prepared(found.groups).select_related("group"), request.user),
        "questions": prepared(Question.objects).answered_by(request.user).filter(youth=found)[:10],
        "claims": history_of(found).filter(verb__in=BY_THE_NUMBER),
        "alike": people.alike(found, request.user.scope),
        "contact_form": ContactForm(),
        "unit_form": UnitForm(),
    }
    return render(request, "talent/person.html", context)


@access(**HOME_CADRES, takes=FORM)
@takes_files()
def register(request):
    """At the door, for somebody without a phone at hand."""
    unit = request.user.acting.organization
    form = DoorForm(request.POST or None, request.FILES or None, unit=unit)
    if unit.level == Level.TOWNSHIP:
        form.fields["township"].choices = [(unit.code, unit.name)]
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        with said_on(form):
            made = checkin.register_at_the_door(
                actor=request.user,
                home=form.home(),
                paper=clean["paper"],
                agreed=form.agreed(),
                phone=clean["phone"],
                **form.facts(),
            )
            return done(request, "已登记，计入本次行动。", "talent:person", made.youth_id)
    return render(request, "talent/register.html", {"form": form, "unit": unit})


@access(**HOME_CADRES)
def paper_form(request):
    """The consent on paper, to print and have signed."""
    context = {"texts": current_texts(), "unit": request.user.acting.organization}
    return render(request, "talent/paper_form.html", context)


contact = tapping(
    people.note_contact, _youth_or_404, form=ContactForm, said="已记下这次联系。",
    wrong="请选联系方式，并写一句情况，300 字以内。",
    back=lambda youth: redirect("talent:person", youth.pk), **HOME_CADRES,
)  # fmt: skip


@access(**HOME_CADRES, takes=POST)
def hand_over(request, pk):
    found, form = _youth_or_404(request, pk), UnitForm(request.POST)
    if not form.is_valid():
        raise Refused(form.errors["unit"][0])
    unit = form.cleaned_data["unit"]
    if unit.level not in NEAR:
        raise Refused("请转到县（市、区）或乡镇。")
    people.hand_over(found, actor=request.user, home=unit)
    return done(request, f"已转到{unit.short_name}。", "talent:youth")


@access(**HOME_CADRES, takes=POST)
def merge(request, pk):
    found = _youth_or_404(request, pk)
    double = _youth_or_404(request, _number(request.POST.get("double")))
    kept = people.merge(found, double, actor=request.user)
    return done(request, "已合并成一条登记。", "talent:person", kept.pk)


def _number(text):
    return int(text) if str(text).isdecimal() and len(text) < 12 else 0


@access(**HOME_CADRES, reads=("签字同意书",))
def paper(request, pk):
    """The picture of a signed consent."""
    found = get_object_or_404(Consent.objects.visible_to(request.user), pk=pk)
    if not found.paper:
        raise Http404
    opened(request, found.youth, "查看个人信息", paper=found.pk)
    return paper_answer(found.paper.opened())
