"""我的岗位: what somebody asked for, what fits them, when they are to be told."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse

from qingchun.ground.refusals import said_on
from qingchun.organizations.access import FORM, YOUNG, access
from qingchun.stepping import Stepping
from qingchun.tapping import done, one_of, tapping
from services.vacancies.actions import interests, watching
from services.vacancies.choices import Standing
from services.vacancies.forms import WantForm, WatchForm
from services.vacancies.models import Interest, Vacancy, Watch
from services.vacancies.views.public import public_or_404
from talent.youth.actions.consents import up_to_date
from talent.youth.views.mine import youth_or_404
from talent.youth.views.public import own_youth

FIT = 10


@access(YOUNG, takes=FORM)
def want(request, pk):
    """我想去: the county hears of it, once its text was agreed to. First one checks in with home."""
    vacancy, youth = public_or_404(pk), own_youth(request)
    if youth is None:
        messages.info(request, "先向家乡团组织报到，约一分钟；报到后接着说“我想去”。")
        request.session["on_the_way_to"] = reverse("vacancies:vacancy", args=[pk])
        return redirect("talent:check_in", vacancy.organization_id)
    if vacancy.standing != Standing.OPEN:  # not where they came from: that may be this page
        return done(request, interests.NOT_OPEN, "vacancies:vacancy", pk)
    form = WantForm(
        request.POST or None, youth=youth, agreed_before=up_to_date(youth),
        unit=vacancy.organization,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        with said_on(form):
            interests.ask(
                request.user, vacancy=vacancy, youth=youth, words=form.cleaned_data["words"],
                **form.consent(),
            )  # fmt: skip
            return done(request, "已告诉发布岗位的团委，等他们联系您。", "vacancies:my_vacancies")
    return render(request, "vacancies/want.html", {"form": form, "vacancy": vacancy})


_own_or_404 = one_of(Interest.objects.of, "vacancy__organization")
STEPPING = Stepping(
    interests.INTERESTS, _own_or_404, who={"declared": YOUNG}, route="vacancies:my_step",
    back=lambda interest: redirect("vacancies:my_vacancies"), api=False,
)  # fmt: skip
my_step = STEPPING.page


@access(YOUNG, takes=FORM)
def my_vacancies(request):
    youth = youth_or_404(request)
    stands = Watch.objects.filter(user=request.user).select_related("organization").first()
    form = WatchForm(
        request.POST or None, youth=youth, stands=stands, agreed_before=up_to_date(youth)
    )
    if request.method == "POST" and form.is_valid():
        with said_on(form):
            clean = form.cleaned_data
            watching.watch(
                request.user, youth=youth, place=clean["place"], trades=clean["trades"],
                **form.consent(),
            )  # fmt: skip
            return done(request, "记下了，有合适的告诉您，一天最多一条。", "vacancies:my_vacancies")
    asked = list(Interest.objects.of(request.user).select_related("vacancy__organization"))
    for interest in asked:
        interest.steps = STEPPING.offers(request.user, interest)
    fits = Vacancy.objects.fitting(stands).select_related("organization__parent") if stands else ()
    context = {
        "youth": youth,
        "asked": asked[::-1],
        "watch": stands,
        "form": form,
        "fits": fits and fits.exclude(pk__in=[one.vacancy_id for one in asked])[:FIT],
    }
    return render(request, "vacancies/mine.html", context)


stop = tapping(
    watching.stop, said="好的，不再告诉您了。", back="vacancies:my_vacancies", declared=YOUNG
)
