"""What leads here from a place's own page."""

from django.db.models import QuerySet

from qingchun.accounts.models import User
from qingchun.ground.links import address_of
from qingchun.ground.portal import Way
from qingchun.organizations.codes import county_of
from services.proxy.models import ServiceItem, ServiceRequest


def public_pages() -> list[str]:
    items = list(ServiceItem.objects.on_offer_anywhere().values_list("pk", "organization_id"))
    counties = sorted({county for _, county in items})
    lists = [address_of("proxy:checklist", county) for county in counties]
    return [*lists, *(address_of("proxy:item", pk) for pk, _ in items)]


def under_way(user: User) -> list[str]:
    mine = ServiceRequest.objects.of(user).open().select_related("version")
    return [f"代办“{case.version.title}”（{case.spoken}）撤回，不再办。" for case in mine]


def checklist(code: str) -> tuple[Way, QuerySet]:
    way = Way(
        "clipboard-check", "red", "民事代办清单", "驾驶证、身份证、医保、婚姻登记，能替您跑的替您跑",
        address_of("proxy:checklist", code),
    )  # fmt: skip
    return way, ServiceItem.objects.on_offer(county_of(code))
