"""What nobody at work holds in a unit: whoever had it was suspended, or left without a successor."""

from django.db.models import Q

from qingchun.accounts.duties import Duty
from qingchun.accounts.models import Membership
from qingchun.organizations.codes import county_of
from services.proxy.models import ServiceRequest, Trip
from services.proxy.views.board import counts_of
from talent.models import LiaisonGroup, TalentRecord


def unheld(code):
    """For the first page of a county or a township: iterable of Duty, asked in one question."""
    left = Membership.objects.within(county_of(code)).left().values("pk")
    records = TalentRecord.objects.standing().within(code)
    out = Trip.objects.filter(organization__code__startswith=code, back_at=None)
    asked = (
        ("代办件", ServiceRequest.objects.within(code).nobodys(code), "/proxy/cases/?mine=none"),
        ("跑办单", out.filter(Q(agent=None) | Q(agent__in=left)), "/proxy/"),
        ("联络群", LiaisonGroup.objects.within(code).without_responsible(), "/groups/"),
        ("人才的联系人", records.filter(follower__in=left), "/pool/today/"),
    )
    counts = counts_of([found.order_by() for _, found, _ in asked])
    return [
        Duty(label, count, url)
        for (label, _, url), count in zip(asked, counts, strict=True)
        if count
    ]
