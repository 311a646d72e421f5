"""Cases, as they are found over everything: by number, by whom they are for, by telephone."""

from django.db.models import Value
from django.db.models.functions import Concat

from qingchun.accounts.phones import marked, masked_name
from qingchun.accounts.searching import Find, Hit, row_of
from qingchun.ground.links import address_of
from qingchun.ground.prepared import prepared
from services.proxy import numbers
from services.proxy.choices import CaseState
from services.proxy.models import ServiceRequest
from services.proxy.permissions import is_near

NUMBER_AND_STATE = Concat("number", Value(" "), "state")


def _cases(user, sought):
    if not is_near(user):
        return None
    found = prepared(ServiceRequest.objects).visible_to(user)
    if number := numbers.plain(sought.text):
        found = found.filter(number=number)
    else:
        found = sought.among(found, said="name", equal=marked(sought.text))
    found = found.order_by("-pk")
    return row_of(found, "cases", "version__title", "name", NUMBER_AND_STATE)


def _case(user, row):
    number, _, state = row.note.partition(" ")
    spoken = ServiceRequest(number=number).spoken
    who = f"{masked_name(row.who)} · 编号 {spoken} · {CaseState(state).label}"
    return Hit(row.what, who, address_of(CASES.route, row.pk))


CASES = Find(
    key="cases", name="代办件", icon="clipboard-check", route="proxy:case",
    find=_cases, show=_case,
)  # fmt: skip
