"""What every template may use; loaded as builtins."""

from functools import cache, lru_cache

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.timezone import localtime, now

from qingchun.accounts.navigation import columns_of
from qingchun.ground.portal import answers

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


@cache
def badges():
    return dict(answers("badges"))


@register.simple_tag
def badge(state, label):
    """A state is always a word and a colour."""
    return format_html('<span class="q-badge {}">{}</span>', badges().get(state, "mute"), label)


@register.inclusion_tag("parts/pages.html", takes_context=True)
def pages(context, page):
    return {"page": page, "request": context["request"]}


@register.simple_tag(takes_context=True)
def navigation(context):
    """The columns that the person's post has business in; a young person's own without one."""
    request = context.get("request")
    user, found = getattr(request, "user", None), getattr(request, "resolver_match", None)
    return columns_of(user, found.view_name if found else "") if user else []


@register.simple_tag
def asset(path):
    return static(path)


@register.simple_tag
def approval_number():
    """The map's 审图号, once somebody has it."""
    number = settings.MAP_APPROVAL_NUMBER
    return f"　审图号：{number}" if number else ""
