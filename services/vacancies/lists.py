"""The list of the vacancies desk, on its page, printed and exported whole."""

from qingchun.ground.lists import Listing
from qingchun.organizations.codes import county_of, is_county
from services.vacancies.models import Vacancy


def vacancies(user, asked):
    """A county's own, with how many would like to go; of a township its county's, above it all below."""
    found = Vacancy.objects.within(county_of(user.scope)).select_related("organization")
    found = found.with_interests() if is_county(user.scope) else found.shown()
    found = found.over() if asked.get("show") == "over" else found.open()
    return found.order_by("-pk")


def _of_people(name):
    """The city and the province see how many vacancies there are, and nobody who asks."""
    return lambda vacancy: getattr(vacancy, name, "")


VACANCIES = Listing(
    name="vacancies",
    title="家乡岗位",
    page="vacancies:desk",
    rows=vacancies,
    columns={
        "岗位": "title",
        "用人单位": "employer",
        "单位": "organization.short_name",
        "行业": "get_trade_display",
        "上班地点": "place",
        "工资": "pay",
        "招几人": "people",
        "招到": "until",
        "状态": "get_standing_display",
        "想去的": _of_people("asked"),
        "等答复": _of_people("waiting"),
    },
)
