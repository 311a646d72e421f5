"""What people send on: the card of a link to a place, an invitation, the poster for a phone."""

from django.urls import reverse

from qingchun.ground import bills
from qingchun.ground.links import link_to
from qingchun.ground.province import HOME
from qingchun.organizations.access import PUBLIC, access
from talent.youth.actions.hometown import desk_of
from talent.youth.views.public import ANY, place_or_redirect

WELCOME = "欢迎您回家"


@access(PUBLIC)
def share(request, code):
    unit, elsewhere = place_or_redirect(code, "talent:share", ANY)
    says = f"{WELCOME}：报到、问事、办事、活动，都找家乡团组织。"
    return elsewhere or bills.given(bills.card, unit.place, says)


@access(PUBLIC)
def poster_picture(request, code):
    """As the poster on paper, for a phone."""
    unit, elsewhere = place_or_redirect(code, "talent:poster_picture")
    if elsewhere:
        return elsewhere
    desk = desk_of(unit.code)
    lines = ["约 1 分钟"]
    lines += [f"电话：{desk['phone']}"] if desk.get("phone") else []
    return _bill(unit, desk.get("greeting") or "认识家乡的人，办事有人帮，想回来有人接。", *lines)


@access(PUBLIC)
def invitation(request, code):
    """From one who has checked in to those from the same place; it names nobody."""
    unit, elsewhere = place_or_redirect(code, "talent:invitation")
    return elsewhere or _bill(
        unit, "我向家乡报到了，你也来：群里有同乡，办事有人帮。", "约 1 分钟，不用下载"
    )


def _bill(unit, says, *lines):
    return bills.given(
        bills.bill,
        HOME.action,
        f"{unit.place}\n{WELCOME}",
        says,
        "扫一扫，向家乡团组织报到",
        link_to(reverse("talent:hometown", args=[unit.code])),
        *lines,
        unit.full_name,
    )
