"""The pages that everybody may find."""

from qingchun.ground.links import address_of
from qingchun.organizations.choices import Level
from qingchun.organizations.models import Organization


def public_pages() -> list[str]:
    places = Organization.objects.active().filter(
        is_public=True, level__in=(Level.CITY, Level.COUNTY, Level.TOWNSHIP)
    )
    homes = [address_of("talent:hometown", code) for code in places.values_list("code", flat=True)]
    return [*map(address_of, ("talent:home", "talent:find", "talent:privacy")), *homes]
