"""The rows of 今天. Loaded as a builtin.

Written out like the controls: there may be forty of them, each with a button or a line, and drawn node
by node they would cost the page as much as all that it asks.
"""

from django import template
from django.utils.safestring import SafeString

from qingchun.ground.drawing import shown

from .controls import Token
from .qingchun import icon

register = template.Library()


@register.simple_tag(takes_context=True)
def todo(context, group):
    """The rows of one group; see accounts/waiting.py."""
    token = Token().render(context)
    is_late, is_later = group["is_late"], group["is_later"]
    rows = "".join(_row(row, left, token, is_late, is_later) for row, left in group["rows"])
    more = "".join(
        f'<li class="more"><a href="{shown(queue.url)}">{queue.name}还有 {queue.more} 件，看全部</a></li>'
        for queue in group["more"]
    )
    return SafeString(f'<ul class="q-todo">{rows}{more}</ul>')


def _row(row, left, token, is_late, is_later):
    what, url = shown(row.what), shown(row.url)
    unseen = f'<span class="visually-hidden">：{what}</span>'
    who = f'<span class="text-2 fs-13 d-block">{shown(row.who)}</span>' if row.who else ""
    due = f'<span class="{"q-due late" if is_late else "q-due"}">{left}</span>' if left else ""
    taps = "".join(_tap(tap, token, unseen) for tap in row.taps if not tap.hint)
    lines = "".join(_line(tap, token, what, is_later) for tap in row.taps if tap.hint)
    return (
        f'<li{"" if left else SHORT}><span class="q-todo-i {row.tone}">{icon(row.icon)}</span>'
        f'<div class="what"><a href="{url}"><b>{what}</b></a>{who}</div>'
        f'<div class="do">{due}{taps}<a class="btn btn-soft btn-sm" href="{url}">{row.do}{unseen}</a></div>'
        f"{lines}</li>"
    )


SHORT = ' class="short"'


def _tap(tap, token, unseen):
    if tap.is_link:
        return f'<a class="btn btn-plain btn-sm" href="{shown(tap.url)}">{tap.label}{unseen}</a>'
    button = f'<button class="btn btn-plain btn-sm" data-once>{tap.label}{unseen}</button>'
    return f"{_form(tap, token)}{button}</form>"


def _line(tap, token, what, is_later):
    """One line; of what is not due yet, behind a word."""
    form = (
        f'{_form(tap, token)}<input class="form-control" name="text" maxlength="{tap.most}" required '
        f'autocomplete="off" placeholder="{tap.hint}" aria-label="{tap.hint}：{what}"><button '
        f'class="btn btn-soft btn-sm" data-once>{tap.label}<span class="visually-hidden">：{what}</span>'
        "</button></form>"
    )
    if not is_later:
        return f'<div class="line">{form}</div>'
    return f'<details class="line"><summary class="fs-13">{tap.hint}</summary>{form}</details>'


def _form(tap, token):
    keep = f' data-keep="{tap.keep}"' if tap.keep else ""
    given = "".join(_hidden(*pair) for pair in {"from": "today", **tap.given}.items())
    return f'<form method="post" action="{shown(tap.url)}"{keep}>{token}{given}'


def _hidden(name, value):
    return f'<input type="hidden" name="{name}" value="{value}">'
