"""Who would like to go and was not answered, and vacancies that end soon, for 今天."""

import datetime as dt

from django.db.models.functions import TruncDate

from campaigns.days_off import in_force_for
from qingchun.accounts.phones import masked_name
from qingchun.accounts.searching import row_of
from qingchun.accounts.waiting import Rows, Waiting
from qingchun.ground.links import address_of
from services.vacancies.choices import ENDS_SOON
from services.vacancies.models import Interest, Vacancy
from services.vacancies.permissions import can_post

ANSWER_WITHIN = 3  # working days, as a question is
ASKED, ENDING = "vacancy asked", "vacancy ending"


def vacancies(user, day):
    """Of the county that put them up."""
    if not can_post(user):
        return
    desk, soon = address_of("vacancies:desk"), day + dt.timedelta(ENDS_SOON)
    days = in_force_for(user)

    def asked_of(row):
        return _asked(row, days.forward(row.on, ANSWER_WITHIN))

    asked = Interest.objects.own(user).waiting().order_by("asked_at", "pk")
    asked = row_of(asked, ASKED, "vacancy__title", "name", "vacancy_id", TruncDate("asked_at"))
    yield Rows(kind=ASKED, name="想去岗位的人", url=desk, rows=asked, made=asked_of)
    ending = Vacancy.objects.own(user).open().filter(until__lte=soon).order_by("until", "pk")
    ending = row_of(ending, ENDING, "title", on="until")
    yield Rows(kind=ENDING, name="快到期的岗位", url=desk, rows=ending, made=_ending)


def _asked(row, until):
    return Waiting(
        icon="briefcase",
        tone="i-blue",
        what=f"{masked_name(row.who)}想去“{row.what}”",
        who="联系后写一句答复，本人看得到",
        when=until,
        url=address_of("vacancies:desk_vacancy", int(row.note)),
        do="去联系",
    )


def _ending(row):
    return Waiting(
        icon="briefcase",
        tone="i-gold",
        what=f"“{row.what}”快到期了",
        who="还招的，改晚一些；到期自动不招",
        when=row.on,
        url=address_of("vacancies:vacancy_edit", int(row.pk)),
        do="改日期",
    )
