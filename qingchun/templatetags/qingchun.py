"""What every template may use; loaded as builtins."""

from functools import lru_cache

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.timezone import localtime, now

from qingchun.organizations.choices import Level, Role

register = template.Library()
ICONS = settings.NODE_MODULES / "@tabler/icons/icons/outline"


@lru_cache(maxsize=256)
def _icon(name, classes):
    svg = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
    body = svg[svg.index(">", svg.index("<svg")) + 1 :]
    return mark_safe(  # noqa: S308  a file of the icon package, not anybody's input
        f'<svg class="{classes}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        f'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{body.strip()}'
    )


@register.simple_tag
def icon(name, classes="ic"):
    """A Tabler icon, drawn in the page itself; decoration only, so hidden from screen readers."""
    return _icon(name, classes)


@register.filter
def day(value):
    """A date as people write it: 1月9日, with the year when it is not this one."""
    if not value:
        return "—"
    pattern = "%-m月%-d日" if value.year == localtime().year else "%Y年%-m月%-d日"
    return value.strftime(pattern)


@register.filter
def moment(value):
    """An instant in Shanxi's time: 1月9日 16:20."""
    if not value:
        return "—"
    local = localtime(value)
    return f"{day(local)} {local:%H:%M}"


@register.filter
def ago(value):
    """How long ago, in the largest whole unit: 12 分钟前."""
    minutes = int((now() - value).total_seconds() // 60)
    for size, unit in ((1440, "天"), (60, "小时"), (1, "分钟")):
        if minutes >= size:
            return f"{minutes // size} {unit}前"
    return "刚刚"


@register.filter
def get(mapping, key):
    return mapping.get(key) if mapping else None


@register.filter
def each(records, name):
    """One attribute of each, to be joined: ``{{ people|each:"name"|join:"、" }}``."""
    return [getattr(record, name) for record in records or ()]


BADGES = {
    "draft": "mute", "submitted": "wait", "in_review": "wait", "returned": "back", "approved": "ok",
    "on_time": "ok", "extended": "wait", "late": "late", "not_due": "mute", "owed": "late",
    "preparing": "mute", "open": "ok", "locked": "mute",
    "due": "wait", "sending": "wait", "sent": "ok", "failed": "late", "cancelled": "mute",
    "asked_back": "back", "answered": "ok", "closed": "mute", "full": "wait",
    "active": "ok", "suspended": "back", "ended": "mute",
    "registered": "wait", "accepted": "wait", "at_office": "wait", "waiting": "back",
    "done": "ok", "impossible": "mute", "withdrawn": "mute",
    "held": "ok", "in": "ok", "applied": "wait", "offered": "back", "left": "mute",
    "lapsed": "mute", "declined": "mute",
}  # fmt: skip


@register.simple_tag
def badge(state, label):
    """A state is always a word and a colour."""
    return format_html('<span class="q-badge {}">{}</span>', BADGES.get(state, "mute"), label)


@register.inclusion_tag("parts/pages.html", takes_context=True)
def pages(context, page):
    return {"page": page, "request": context["request"]}


REPORTS = tuple(
    f"reports:{page}" for page in ("plan", "summar", "compil", "formal", "ledger", "demand", "doc")
)
SHARED = tuple(
    f"reports:{page}"
    for page in ("practice", "exemplar", "stor", "polic", "kit", "spot", "coverage", "voice")
)
PEOPLE = tuple(f"accounts:{page}" for page in ("people", "person", "invit", "hand", "transfer"))
NAV = (
    ("chart-dots", "进展", "reports:board", None, ("reports:board",)),
    ("file-text", "报送", "reports:plans", (Level.PROVINCE, Level.CITY), REPORTS),
    ("list-details", "活动", "campaigns:activities", None, ("campaigns:activit",)),
    ("heart-handshake", "青年", "talent:youth", None, ("talent:",)),
    ("clipboard-check", "代办", "proxy:board", None, ("proxy:",)),
    ("ticket", "报名", "events:desk", None, ("events:",)),
    ("star", "经验", "reports:practices", None, SHARED),
    ("calendar-event", "行动", "campaigns:campaigns", None, ("campaigns:campaign",)),
    ("users", "人员", "accounts:people", Role.ADMIN, PEOPLE),
)  # fmt: skip
AUDIT = ("shield-check", "审计", "accounts:audit", None, ("accounts:audit",))
LONG = {
    ("审计", None): "安全审计",
    ("进展", Level.PROVINCE): "全省进展", ("进展", Level.CITY): "全市进展",
    ("进展", Level.COUNTY): "本县进展", ("报送", Level.PROVINCE): "方案总结",
    ("报送", Level.CITY): "方案总结", ("经验", None): "经验宣传", ("活动", None): "活动台账", ("行动", None): "行动安排",
    ("人员", None): "人员", ("青年", None): "返乡青年",
    ("代办", None): "民事代办", ("报名", None): "活动报名",
}  # fmt: skip


YOUNG = (
    ("home", "首页", "talent:home", ("talent:home", "talent:find", "talent:hometown")),
    ("ticket", "活动", "events:my_events", ("events:",)),
    ("clipboard-check", "办事", "proxy:my_requests", ("proxy:",)),
    ("messages", "问一问", "talent:my_questions", ("talent:my_question",)),
    ("user-circle", "我的", "talent:mine", ("talent:mine", "talent:check_in", "talent:correct")),
)


def _young_columns(here):
    return [
        {"icon": name, "short": label, "label": label, "url": reverse(url), "current": here.startswith(prefixes)}
        for name, label, url, prefixes in YOUNG
    ]  # fmt: skip


@register.simple_tag(takes_context=True)
def navigation(context):
    """The columns that the person's post has business in; a young person's own without one."""
    request = context.get("request")
    user = getattr(request, "user", None)
    acting = getattr(user, "acting", None)
    here = request.resolver_match.view_name if request and request.resolver_match else ""
    if not acting:
        return _young_columns(here) if user and user.is_authenticated else []
    level, items = acting.organization.level, []
    for name, short, url, who, prefixes in (AUDIT,) if acting.role == Role.AUDITOR else NAV:
        if who == Role.ADMIN and acting.role != Role.ADMIN:
            continue
        if isinstance(who, tuple) and level not in who:
            continue
        items.append(
            {
                "icon": name,
                "short": short,
                "label": LONG.get((short, level)) or LONG.get((short, None)) or short,
                "url": reverse(url),
                "current": here.startswith(prefixes),
            }
        )
    return items


@register.simple_tag
def asset(path):
    return static(path)


@register.simple_tag
def approval_number():
    """The map's 审图号, once somebody has it."""
    number = settings.MAP_APPROVAL_NUMBER
    return f"　审图号：{number}" if number else ""
