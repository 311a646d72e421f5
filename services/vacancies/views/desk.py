"""The desk: a county's vacancies, and whoever would like to go."""

from django.shortcuts import redirect, render

from campaigns.permissions import WRITERS
from qingchun.accounts.audit import opened
from qingchun.ground.paging import rows_after
from qingchun.organizations.access import FORM, access
from qingchun.organizations.choices import Level
from qingchun.organizations.codes import county_of, is_county
from qingchun.stepping import Stepping
from qingchun.tapping import done, one_of
from services.vacancies import lists
from services.vacancies.actions import interests
from services.vacancies.actions import vacancies as actions
from services.vacancies.forms import AnswerForm, TakeDownForm, VacancyForm
from services.vacancies.models import Interest, Vacancy
from services.vacancies.permissions import can_post

COUNTY = {"levels": (Level.COUNTY,)}
KEEPERS = COUNTY | {"roles": WRITERS}


@access()
def desk(request):
    """What the county has put up: those that are open, or those that are over."""
    context = {
        "page": rows_after(lists.vacancies(request.user, request.GET), request.GET),
        "show": request.GET.get("show", ""),
        "can_post": can_post(request.user),
        "place": county_of(request.user.scope),
        "is_county": is_county(request.user.scope),
    }
    return render(request, "vacancies/desk.html", context)


_own_or_404 = one_of(Vacancy.objects.own, "organization")


def _edit(request, record, back):
    form = VacancyForm(request.POST or None, instance=record)
    if request.method == "POST" and form.is_valid():
        kept = actions.keep(form.instance, actor=request.user, changed=form.edited)
        return done(request, "已保存，青年马上能看到。", "vacancies:desk_vacancy", kept.pk)
    return render(request, "vacancies/form.html", {"form": form, "vacancy": back})


@access(**KEEPERS, takes=FORM)
def vacancy_new(request):
    return _edit(request, Vacancy(organization_id=request.user.scope), None)


@access(**KEEPERS, takes=FORM)
def vacancy_edit(request, pk):
    found = _own_or_404(request, pk)
    return _edit(request, found, found)


STEPPING = Stepping(
    actions.VACANCIES, _own_or_404, who=KEEPERS, route="vacancies:vacancy_step",
    forms={"take-down": TakeDownForm},
    back=lambda vacancy: redirect("vacancies:desk_vacancy", vacancy.pk),
)  # fmt: skip
vacancy_step = STEPPING.page
ANSWERING = Stepping(
    interests.INTERESTS, one_of(Interest.objects.own, "vacancy__organization"), who=KEEPERS,
    route="vacancies:interest_step", forms={"answer": AnswerForm},
    back=lambda interest: redirect("vacancies:desk_vacancy", interest.vacancy_id),
)  # fmt: skip
interest_step = ANSWERING.page


@access(**COUNTY, reads=("姓名", "电话", "想说的话"))
def desk_vacancy(request, pk):
    """One vacancy, and who asked for it: to be rung."""
    found = _own_or_404(request, pk)
    page = rows_after(Interest.objects.filter(vacancy=found).order_by("pk"), request.GET)
    if page.rows:
        opened(request, found, "查看想去的人")
    for interest in page:
        interest.vacancy = found
        interest.steps = ANSWERING.offers(request.user, interest)
    context = {
        "vacancy": found,
        "page": page,
        "may": can_post(request.user),
        "steps": STEPPING.offers(request.user, found),
    }
    return render(request, "vacancies/desk_vacancy.html", context)
