"""What accounts, to the left, have people told: see ``senders`` in portal.py."""

import time

from django.utils.timezone import localdate, localtime, now

from qingchun.notifications.actions import tell, tell_anybody, tell_number, tell_one, tell_unit
from qingchun.notifications.notices import (
    AUDITOR_STOPPED,
    CODES_RUN_OUT,
    FACTORS_REMOVED,
    INVITATION,
    KEY_MADE,
    NUMBER_CHANGED,
    PASSWORD_LINK,
    PHONE_CODE,
)
from qingchun.notifications.recipients import people_of, persons_of
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import PROVINCE, acting


def send_code(phone, code, *, minutes):
    """Write down a sign-in code for a number, known here or not; it is sent within seconds."""
    return tell_anybody(
        PHONE_CODE,
        phone,
        organization_id=PROVINCE,
        values={"code": code, "minutes": minutes},
        valid_until=time.time() + minutes * 60,
        is_urgent=True,
    )


def send_invitation(phone, *, unit, link, about):
    """Write down the address of an invitation for a number, known here or not."""
    values = {"unit": unit.short_name, "link": link}
    told = {"about": about, "organization_id": unit.pk, "values": values}
    return tell_number(INVITATION, phone, days=7, **told)


def send_password_link(phone, *, unit, link, about):
    """Write down the address at which somebody who lost their password sets a new one."""
    values = {"unit": unit.short_name, "link": link}
    told = {"about": about, "organization_id": unit.pk, "values": values}
    return tell_number(PASSWORD_LINK, phone, days=7, **told)


def tell_old_number(phone, *, post, actor):
    """Tell a number that it is somebody's no more: they may not have asked for another."""
    values = {"unit": actor.acting.organization.short_name}
    told = {"about": post, "organization_id": post.organization_id, "values": values}
    return tell_number(NUMBER_CHANGED, phone, days=7, **told)


def warn_of_codes(_, *, sent, most):
    """Tell the province that the day's codes are running out: somebody may be asking for them."""
    province = Organization.objects.get(pk=PROVINCE)
    return tell_unit(
        CODES_RUN_OUT,
        about=province,
        organization_id=PROVINCE,
        offset=f"{localdate()}",
        values={"sent": str(sent), "most": str(most)},
        is_urgent=True,
    )


def tell_of_key(_, *, token):
    """Tell the owner that a key was made: whoever held their device may have made it."""
    post = token.membership
    return tell_one(
        KEY_MADE,
        post.user_id,
        about=token,
        organization_id=post.organization_id,
        values={
            "name": token.name,
            "post": str(post),
            "does": "读取" if token.is_read_only else "读写",
            "until": f"{localtime(token.expires_at):%Y年%-m月%-d日}",
        },
        link="/me/",
        is_urgent=True,
    )


def tell_of_factors(_, *, post, actor):
    """Tell somebody that their second factor was taken away: they may not have asked for it."""
    return tell_one(
        FACTORS_REMOVED,
        post.user_id,
        about=post,
        organization_id=post.organization_id,
        offset=f"{now():%Y%m%d%H%M%S}",
        values={"actor": actor.name, "unit": actor.acting.organization.short_name},
        link="/me/",
        is_urgent=True,
    )


def tell_of_auditor(_, *, post, actor):
    """Tell an auditor, and the heads of the unit above, who has ended what two have given."""
    unit = post.organization
    above = unit.parent_id or unit.pk
    with acting("tell"):
        people = persons_of(post.user_id) + people_of([above])[above].secretary
    return tell(
        AUDITOR_STOPPED,
        about=post,
        organization_id=unit.pk,
        people={person.pk: person for person in people}.values(),
        offset=f"{now():%Y%m%d%H%M%S}",
        values={
            "name": post.user.name,
            "unit": unit.short_name,
            "actor": actor.name,
            "by": actor.acting.organization.short_name,
            "what": "免去" if post.ended_at else "停用",
        },
        is_urgent=True,
    )
