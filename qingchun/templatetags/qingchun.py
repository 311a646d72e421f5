"""What every template may use; loaded as builtins."""

import datetime as dt
import time
from functools import cache, lru_cache

from django import template
from django.conf import settings
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as _url
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime, now

from qingchun.accounts.help import LARGE, help_on
from qingchun.accounts.navigation import columns_of
from qingchun.ground.clauses import clause
from qingchun.ground.drawing import shown
from qingchun.ground.links import address_of
from qingchun.ground.paging import NAMES
from qingchun.ground.portal import answers
from qingchun.ground.ringing import whom_to_ring

register = template.Library()


@register.simple_tag
def ring(code=""):
    """The number to ring about a place, and whose it is: to be tapped."""
    office = whom_to_ring(code)
    link = '<a class="text-nowrap" href="tel:{}">{}</a>（{}）'
    return format_html(link, office.phone, office.phone, office.name)


class Address(URLNode):
    """Django's ``{% url %}``, whose addresses are put together once."""

    def render(self, context):
        if self.asvar or self.kwargs:
            return super().render(context)
        args = [arg.resolve(context) for arg in self.args]
        found = address_of(self.view_name.resolve(context), *args)
        return shown(found) if context.autoescape else found


@register.tag
def url(parser, token):
    made = _url(parser, token)
    return Address(made.view_name, made.args, made.kwargs, made.asvar)


class Once(template.Node):
    """A tag of fixed words: what it gives is always the same."""

    child_nodelists = ()

    def __init__(self, node):
        self.node, self.made = node, None

    def render(self, context):
        if self.made is None:
            self.made = self.node.render(context)
        return self.made

    render_annotated = render


def made_once(name):
    """Have a simple tag of this name drawn once wherever its arguments are fixed."""
    compiled = register.tags[name]

    def compile(parser, token):
        node = compiled(parser, token)
        given = [*node.args, *node.kwargs.values()]
        is_fixed = node.target_var is None and not any(one.is_var or one.filters for one in given)
        return Once(node) if is_fixed else node

    register.tags[name] = compile


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


@register.simple_tag
def later(address, alt, classes=""):
    """A picture of a list that is fetched once it comes into view (qingchun.js): by themselves browsers
    fetch a dozen ahead. Without a script as they do."""
    given = format_html('alt="{}" class="{}"', alt, classes)
    return format_html(
        '<img {0} data-src="{1}"><noscript><img {0} src="{1}" loading="lazy"></noscript>',
        given,
        address,
    )


def this_year():
    """Here; found once a year, not once for each day on a page."""
    if not _year[1] <= time.time() < _year[2]:
        today = localtime()
        first = today.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
        ends = first.replace(year=first.year + 1)
        _year[:] = today.year, first.timestamp(), ends.timestamp()
    return _year[0]


_year = [0, 0, 0]  # the year, when it begins, when it ends


@register.filter
def thousands(value):
    """A figure as people read it: 1,032,006. What is no whole number stays as it is."""
    return f"{value:,}" if type(value) is int else value


@register.filter
def unknown(value):
    """A figure, or a dash where nothing is known of it: that is not zero."""
    return "—" if value is None else thousands(value)


@register.filter
def day(value):
    """A date as people write it: 1月9日, with the year when it is not this one."""
    if not value:
        return "—"
    year = "" if value.year == this_year() else f"{value.year}年"
    return f"{year}{value.month}月{value.day}日"


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


register.filter(clause)


@register.filter
def get(mapping, key):
    return mapping.get(key) if mapping else None


@register.filter
def each(records, name):
    """One attribute of each, to be joined: ``{{ people|each:"name"|join:"、" }}``."""
    return [getattr(record, name) for record in records or ()]


made_once("icon")


@cache
def badges():
    return dict(answers("badges"))


@register.simple_tag
def badge(state, label):
    """A state is always a word and a colour."""
    return SafeString(f'<span class="q-badge {badges().get(state, "mute")}">{shown(label)}</span>')


made_once("badge")


@register.inclusion_tag("parts/pages.html", takes_context=True)
def pages(context, page):
    return {"page": page, "request": context["request"]}


@register.inclusion_tag("parts/whole.html", takes_context=True)
def whole(context, name):
    """The buttons that print and export a list whole, as it is narrowed and ordered just now."""
    request = context["request"]
    asked = request.GET.copy()
    for name_of_page in NAMES:
        asked.pop(name_of_page, None)
    return {
        "at": reverse(f"list-{name}"),
        "asked": f"?{asked.urlencode()}" if asked else "",
        "csrf_token": context.get("csrf_token"),
        "request": request,
    }


@register.filter
def cell(value):
    """What stands in a printed list."""
    if isinstance(value, dt.datetime):
        return f"{day(value)} {value:%H:%M}"
    return day(value) if isinstance(value, dt.date) else thousands(value)


@register.simple_tag(takes_context=True)
def navigation(context):
    """The columns that the person's post has business in; a young person's own without one."""
    request = context.get("request")
    user, found = getattr(request, "user", None), getattr(request, "resolver_match", None)
    carried = getattr(request, "carried", "")
    return columns_of(user, found.view_name if found else "", carried) if user else []


@register.simple_tag(takes_context=True)
def help_link(context):
    """Where 帮助 speaks of what this page is about."""
    request = context.get("request")
    found = getattr(request, "resolver_match", None)
    return help_on(getattr(request, "user", None), found.view_name if found else "")


@register.simple_tag(takes_context=True)
def has_large_letters(context):
    request = context.get("request")
    return bool(request) and request.COOKIES.get(settings.LETTERS_COOKIE_NAME) == LARGE


@register.simple_tag
def asset(path):
    return static(path)


made_once("asset")


@register.simple_tag
def approval_number():
    """The map's 审图号, once somebody has it."""
    number = settings.MAP_APPROVAL_NUMBER
    return f"　审图号：{number}" if number else ""


@register.simple_tag
def consent(text, is_open=False):
    """What is agreed to, in a fold with its version; of a box ``{% field %}`` draws it by itself.

    ``text``: its ``lines``, ``version``, and what it is called.
    """
    lines = "".join(f"<p>{shown(line)}</p>" for line in (*text.lines, f"第 {text.version} 版"))
    name = f"《{shown(text.get_purpose_display())}》全文"
    is_open = " open" if is_open else ""
    return SafeString(f"<details{is_open}><summary>{name}</summary>{lines}</details>")


@register.filter(name="is")
def is_(value, other):
    """Whether both are written alike: a number from an address is a text."""
    return str(value) == str(other)


@register.filter
def among(value, others):
    return value in (others or ())


@register.filter
def pairs(records, key):
    """Choices of records: a value each, and how it calls itself."""
    return [(getattr(record, key), record) for record in records]
