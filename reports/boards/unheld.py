"""What nobody at work holds in a unit: whoever had it was suspended, or left without a successor."""

from functools import lru_cache

from django.db.models import Q
from django.utils.timezone import localdate

from qingchun.accounts.duties import PendingItem
from qingchun.accounts.models import Membership
from qingchun.organizations.codes import county_of, is_below_county
from services.proxy.models import ServiceRequest, Trip
from services.proxy.views.board import counted, worded
from talent.pool.models import TalentRecord
from talent.youth.models import LiaisonGroup

ASKED = (
    ("代办件", "/proxy/cases/?mine=none"),
    ("跑办单", "/proxy/"),
    ("联络群", "/groups/"),
    ("人才的联系人", "/pool/today/"),
)


@lru_cache(maxsize=2048)
def _question(code, today, posts_left):
    """In words, which take longer to find than the answer. ``today``: groups end with a day;
    ``posts_left``: what a township is told of its county's, and cannot ask in the same question."""
    left = Membership.objects.within(county_of(code)).left().values("pk")
    out = Trip.objects.filter(organization__code__startswith=code, back_at=None)
    return worded(
        [
            ServiceRequest.objects.within(code).nobodys(code, posts_left),
            out.filter(Q(agent=None) | Q(agent__in=left)).order_by(),
            LiaisonGroup.objects.within(code).without_responsible(),
            TalentRecord.objects.standing().within(code).filter(follower__in=left),
        ]
    )


def unheld(code):
    """For the first page of a county or a township: list of Duty, asked in one question."""
    posts_left = ServiceRequest.objects.posts_left(code) if is_below_county(code) else None
    counts = counted(*_question(code, localdate(), posts_left))
    return [
        PendingItem(label, count, url)
        for (label, url), count in zip(ASKED, counts, strict=True)
        if count
    ]
