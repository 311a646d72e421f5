"""Pictures that were used before: of one entry, before it is logged."""

from uuid import UUID

from campaigns.models import Photo
from campaigns.perceptual_hash import alike
from qingchun.organizations.codes import county_of

MOST_LOOKED_AT = 2000


def used_before(entry: UUID) -> list[tuple[UUID, str]]:
    """(picture of the entry, title of the other entry) of each that looks like an older one.

    Among those of its county. One query where there is no picture, two otherwise.
    """
    own = list(
        Photo.objects.filter(entry=entry, look__isnull=False).values_list(
            "pk", "look", "organization"
        )
    )
    if not own:
        return []
    county = county_of(own[0][2])
    others = Photo.objects.within(county).filter(activity__deleted_at=None, look__isnull=False)
    others = others.exclude(entry=entry).exclude(activity=None).order_by("-added_at", "pk")
    others = list(others.values_list("look", "activity__title")[:MOST_LOOKED_AT])
    looks = [*(look for look, _ in others), *(look for _, look, _ in own)]
    many, found = len(others), {}
    for first, second in alike(looks):
        if first < many <= second:
            found.setdefault(own[second - many][0], others[first][1])
    return list(found.items())
