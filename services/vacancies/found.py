"""Vacancies, as they are found over everything: the county's own."""

from qingchun.accounts.searching import Find, Hit, row_of
from qingchun.ground.links import address_of
from qingchun.ground.prepared import prepared
from services.vacancies.models import Vacancy


def _vacancies(user, sought):
    found = prepared(Vacancy.objects).own(user)
    found = sought.among(found, "title", "employer", "place", said="title").order_by("-pk")
    return row_of(found, "vacancies", "title", "employer", "place", "until")


def _vacancy(user, row):
    until = f"招到 {row.on.month}月{row.on.day}日"
    return Hit(row.what, f"{row.who} · {row.note} · {until}", address_of(VACANCIES.route, row.pk))


VACANCIES = Find(
    key="vacancies", name="家乡岗位", icon="briefcase", route="vacancies:desk_vacancy",
    find=_vacancies, show=_vacancy,
)  # fmt: skip
