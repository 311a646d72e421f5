"""The list of requests: narrowed, ordered, and what is done with several at once."""

from django.shortcuts import render

from qingchun.ground.paging import page_of
from qingchun.ground.prepared import prepared
from qingchun.many import Many
from qingchun.organizations.access import FORM, access
from services.proxy import lists, numbers
from services.proxy.choices import CaseState, Office
from services.proxy.forms.desk import AgentOfManyForm
from services.proxy.models import ServiceRequest
from services.proxy.permissions import NEAR, can_carry
from services.proxy.views.case import STEPPING

GIVING = Many(
    STEPPING,
    ("assign",),
    among=lambda user: ServiceRequest.objects.visible_to(user).select_related(
        "version", "organization", "slot", "agent__user"
    ),
    may=can_carry,
    forms={"assign": AgentOfManyForm},
    route="proxy:cases_many",
    back="proxy:cases",
    called=lambda case: f"{case.version.title} {case.spoken}",
)
cases_many = GIVING.page


@access(levels=NEAR, takes=FORM)
def cases(request):
    """The list, to be narrowed; a name or a number to look for is posted."""
    form, found = lists.cases(request.user, request.GET)
    words = request.POST.get("q", "").strip()[:30]
    if words:
        found = prepared(ServiceRequest.objects).visible_to(request.user).order_by("-pk")
        number = numbers.plain(words)
        found = found.filter(number=number) if number else found.called(words)
    context = {
        "form": form,
        "sorting": None if words else lists.sorting_of(request.GET),
        "page": page_of(found.for_lists(), request.GET.get("page")),
        "words": words,
        "is_filtered": bool(words) or bool(request.GET.keys() - {"page"}),
        "many": GIVING.offer(request.user, request.GET.getlist("chosen")),
        "office": request.GET.get("to") or request.GET.get("office", ""),
        "offices": Office.choices,
        "can_carry": can_carry(request.user),
        "can_set_out": request.GET.get("state") == CaseState.ACCEPTED and not words,
        "show": request.GET.get("show", ""),
    }
    return render(request, "proxy/cases.html", context)
