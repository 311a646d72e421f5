"""What leads here from a place's own page."""

from qingchun.ground.links import address_of
from qingchun.ground.portal import Way
from reports.library.models import Exemplar, Policy


def public_pages() -> list[str]:
    held = Policy.objects.standing().order_by("pk").values_list("pk", flat=True)
    told = Exemplar.objects.published().order_by("pk").values_list("key", flat=True)
    return [
        *map(address_of, ("reports:policies", "reports:stories", "reports:voices")),
        *(address_of("reports:policy", pk) for pk in held),
        *(address_of("reports:story", key) for key in told),
    ]


def policies(code: str) -> tuple[Way, None]:
    """The province's policies hold everywhere."""
    link = f"{address_of('reports:policies')}?home={code}"
    return Way("license", "green", "就业创业政策", "给谁、给多少、怎么办、到什么时候", link), None
