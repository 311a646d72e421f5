"""What leads here from a place's own page."""

from qingchun.ground.links import address_of
from qingchun.ground.portal import Way
from qingchun.organizations.codes import county_of
from services.vacancies.models import Vacancy


def public_pages() -> list[str]:
    found = Vacancy.objects.open().order_by("pk").values_list("pk", flat=True)
    pages = [address_of("vacancies:vacancy", pk) for pk in found]
    return [address_of("vacancies:vacancies"), *pages]


def vacancies(code: str) -> tuple[Way, None]:
    """Always: where there are none, its page leads on to those of the city and to being told."""
    way = Way(
        "briefcase", "blue", "家乡岗位", "地点、工资、找谁；有合适的告诉您",
        address_of("vacancies:place_vacancies", county_of(code)),
    )  # fmt: skip
    return way, None
