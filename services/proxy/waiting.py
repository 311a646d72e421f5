"""Cases that wait for somebody, for 今天; and items whose office has to look at them again."""

import datetime as dt

from django.db.models import BigIntegerField, F, Value

from campaigns.days_off import in_force_for
from qingchun.accounts.phones import masked_name
from qingchun.accounts.waiting import MOST, Tap, Waiting, queue
from qingchun.ground.links import address_of
from qingchun.ground.prepared import prepared, then
from qingchun.organizations.codes import is_county
from services.proxy.choices import STALE_BEFORE, WORD_HOLDS, CaseState
from services.proxy.models import ServiceItem, ServiceRequest
from services.proxy.permissions import LEADS, can_carry, can_keep_items

ITEM = "item"  # in the place of a case's state


def cases(user, day):
    """Of whoever carries them, what falls due by the next working day; of nobody, all; and what is
    late, to the county's leads too. Beside them, to whoever keeps a county's list, the items of which
    an office's word is a year old soon."""
    if not can_carry(user):
        return
    soon, post = in_force_for(user).forward(day, 1), user.acting
    found = prepared(ServiceRequest.objects).within(user.scope)
    if is_county(user.scope) and post.role in LEADS:
        found = found.for_lead(post, day, soon)
    else:
        found = found.for_agent(post, soon)
    if is_county(user.scope) and can_keep_items(user):
        stale = day + dt.timedelta(STALE_BEFORE) - WORD_HOLDS
        rows = then(found, _with_items, None, user.scope, stale)
    else:
        rows = then(found, _rows, None)
    rows = list(rows)

    def made(row):
        return _case(row, post, day)

    asked = [row for row in rows if row["state"] != ITEM]
    items = [row for row in rows if row["state"] == ITEM]
    yield queue("代办件", address_of("proxy:cases"), asked, made)
    yield queue("要复核的代办事项", address_of("proxy:items"), items, _item)


def _rows(found, _):
    return found.order_by("planned_on", "pk").values(
        "pk", "name", "state", "planned_on", "agent_id", "agent_name",
        unit=F("organization__short_name"), title=F("version__title"),
    )[:MOST]  # fmt: skip


def _with_items(found, _, code, stale):
    items = ServiceItem.objects.filter(
        organization=code, published__isnull=False, confirmed_on__lte=stale
    )
    items = items.order_by("confirmed_on", "pk").values(
        "pk", name=Value(""), state=Value(ITEM), planned_on=F("confirmed_on"),
        agent_id=Value(None, output_field=BigIntegerField()), agent_name=Value(""),
        unit=Value(""), title=F("published__title"),
    )  # fmt: skip
    return _rows(found, _).union(items[:MOST], all=True)


def _item(row):
    return Waiting(
        icon="license",
        tone="i-gold",
        what=f"“{row['title']}”要请部门重新确认",
        who="部门的确认满一年，过期的不再公开",
        when=row["planned_on"] + WORD_HOLDS,
        url=address_of("proxy:item_desk", row["pk"]),
        do="去复核",
    )


def _case(row, post, day):
    is_mine, planned = row["agent_id"] == post.pk, row["planned_on"]
    is_free = not row["agent_name"] or not row["agent_id"]
    who = [row["unit"], CaseState(row["state"]).label]
    if not is_mine:
        who.append("还没有代办员" if is_free else row["agent_name"])
    step = None
    if is_free and row["state"] == CaseState.REGISTERED:
        step = "take", "我来办"
    elif is_mine and row["state"] == CaseState.REGISTERED:
        step = "accept", "受理"
    taps = (
        [Tap(url=address_of("proxy:case_step", row["pk"], step[0]), label=step[1])] if step else ()
    )
    # What nobody has waits today, however long it may take.
    waits_now = is_free and planned >= day
    return Waiting(
        icon="clipboard-check",
        tone="i-gold",
        what=f"{row['title']} · {masked_name(row['name'])}",
        who=" · ".join(who),
        when=day if waits_now else planned,
        until=f"{planned.month}月{planned.day}日前办结" if waits_now else "",
        url=address_of("proxy:case", row["pk"]),
        taps=taps,
    )
