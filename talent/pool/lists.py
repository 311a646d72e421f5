"""Lists of the pool, on their pages, printed and exported whole; the pool itself has a file of its
own, for which a reason is given (actions/export_jobs.py)."""

from django.utils.timezone import localdate

from qingchun.ground.lists import Listing
from talent.pool.models import Offer, TalentRecord
from talent.youth.permissions import NEAR


def offers(user, asked):
    return Offer.objects.for_unit(user.scope).select_related("organization")


def due(user, asked):
    """Who is to be spoken to today; the longest overdue first."""
    found = TalentRecord.objects.visible_to(user).select_related("organization", "follower__user")
    found = found.due(localdate())
    return found.filter(follower__user=user) if asked.get("whose") == "mine" else found


OFFERS = Listing(
    name="offers",
    title="支持资源",
    page="talent:offers",
    rows=offers,
    columns={
        "名称": "title",
        "单位": "organization.short_name",
        "类别": "get_kind_display",
        "能给什么": lambda offer: "、".join(offer.gives),
        "适合": lambda offer: "、".join(offer.fits) if offer.trades else "",
    },
)
TO_CALL = Listing(
    name="to-call",
    title="今天要联系",
    page="talent:pool_today",
    rows=due,
    who={"levels": NEAR},
    columns={
        "姓名": "masked_name",
        "手机号": "phone_shown",
        "单位": "organization.name",
        "上次联系": "last_talked_on",
        "联系人": "follower.user.name",
        "结果": lambda record: "",
    },
)
