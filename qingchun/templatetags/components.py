"""The shapes of a page: card, head, table, nothing, sentence; loaded as builtins.

Each is put together while its template is read, from the same nodes that hand-written markup
would give, so that a page takes no longer to draw. A quoted text may hold ``{{ … }}``. What does
not fit into one goes into a part: ``{% beside %}…{% endbeside %}`` inside ``{% card %}``.
"""

import re

from django import template
from django.template.base import Lexer, NodeList, TextNode
from django.utils.safestring import SafeString, mark_safe

from qingchun.ground.drawing import shown

from .qingchun import icon

register = template.Library()
YES_OR_NO = ("checked", "multiple", "open", "readonly", "required")
WAY = re.compile(r"@([a-z_]+)")
ARROWS = {"ascending": "↑", "descending": "↓"}
QUOTED = re.compile(r"""^(["']).*\1$""", re.S)


class Shape(template.Node):
    """Markup and what stands in it, in their order."""

    child_nodelists = ("nodelist",)

    def __init__(self, *pieces):
        self.nodelist = NodeList()
        for piece in pieces:
            if isinstance(piece, str):
                self.nodelist.append(TextNode(piece))
            elif isinstance(piece, NodeList):
                self.nodelist.extend(piece)
            else:
                self.nodelist.append(piece)

    def render(self, context):
        return self.nodelist.render(context)


class Nothing(Shape):
    """Of a list whose filter is wrong, or that has no such page (``{% pages %}`` says it), it is not
    said that there is nothing."""

    def render(self, context):
        if wrong := getattr(context.get("form"), "wrong", ""):
            return SafeString(f'<div class="q-empty"><p class="q-error">{shown(wrong)}</p></div>')
        return "" if getattr(context.get("page"), "is_beyond", False) else super().render(context)


class Unless(Shape):
    """A shape that is left out when nothing stands in it."""

    def __init__(self, before, nodelist, after):
        super().__init__(nodelist)
        self.before, self.after = before, after

    def render(self, context):
        inside = super().render(context)
        return mark_safe(f"{self.before}{inside}{self.after}") if inside.strip() else ""  # noqa: S308


class Attribute(template.Node):
    """``name=value`` of an element."""

    def __init__(self, name, value):
        self.name, self.value = name, value

    def render(self, context):
        return attribute(self.name, self.value.resolve(context, ignore_failures=True))


def attribute(name, value):
    """As it is written: a true one by its name alone; a false one, or one of nothing, not."""
    if name in YES_OR_NO:
        value = bool(value)
    if value is True:
        return f" {name}"
    if value is False or value is None:
        return ""
    return SafeString(f' {shown(name)}="{shown(value)}"')


def _words(parser, quoted):
    """The nodes of a quoted text."""
    text = quoted[1:-1]
    if "{{" not in text:
        return NodeList([TextNode(text)])
    inner = type(parser)(Lexer(text).tokenize(), parser.libraries, (), parser.origin)
    inner.tags, inner.filters = parser.tags, parser.filters
    return inner.parse()


def arguments(parser, token):
    """The quoted texts, and the rest by name: ``class="p-4"``, ``open=is_new``, ``rows``."""
    words, named = [], {}
    for bit in token.split_contents()[1:]:
        name, equals, value = bit.partition("=")
        if QUOTED.match(bit):
            words.append(_words(parser, bit))
        elif not equals:
            named[name] = True
        elif QUOTED.match(value):
            named[name] = _words(parser, value)
        else:
            named[name] = Attribute(name, parser.compile_filter(value))
    return words, named


def attributes(named):
    pieces = []
    for name, value in named.items():
        if value is True:
            pieces.append(f" {name}")
        elif isinstance(value, NodeList):
            pieces.extend((f' {name}="', value, '"'))
        else:
            pieces.append(value)
    return pieces


def _body(parser, tag, *parts):
    """What stands between a tag and its end, and the parts named in it."""
    body, found, end = NodeList(), {}, f"end{tag}"
    while True:
        body.extend(parser.parse((*parts, end)))
        name = parser.next_token().contents
        if name == end:
            return body, found
        found[name] = parser.parse((f"end{name}",))
        parser.delete_first_token()


def _opening(element, *classes):
    return f'<{element} class="{" ".join(filter(None, classes))}"'


def _plain(named, name, default=""):
    """An argument that must be a fixed text."""
    value = named.pop(name, None)
    return value[0].s if isinstance(value, NodeList) and value else default


@register.tag
def card(parser, token):
    """``{% card "标题" %}…{% endcard %}``: a card, with its title and body where it has a title.

    ``rows``: what is in it reaches its edges. ``body="pt-3"``: a body of that class, titled or
    not. ``as="details"``: another element. Parts: ``title`` instead of the text, ``beside`` it.
    """
    words, named = arguments(parser, token)
    body, parts = _body(parser, "card", "title", "beside")
    element, title = _plain(named, "as", "section"), words[0] if words else parts.get("title")
    classes = named.pop("class", NodeList([TextNode("mb-3")]))
    has_body = "body" in named or (title is not None and not named.pop("rows", False))
    inside = _plain(named, "body")
    pieces = [f'<{element} class="q-card ', classes, '"', *attributes(named), ">"]
    if title is not None:
        pieces += ['<div class="q-card-h"><h2>', title, "</h2>", parts.get("beside", ""), "</div>"]
    if has_body:
        pieces += [_opening("div", "q-card-b", inside), ">", body, "</div>"]
    else:
        pieces.append(body)
    return Shape(*pieces, f"</{element}>")


@register.tag
def head(parser, token):
    """``{% head "标题" %}…{% endhead %}``: the page's title; between the tags, what can be done.

    Parts: ``where`` in the portal the page is; ``title`` instead of the text.
    """
    words, named = arguments(parser, token)
    acts, parts = _body(parser, "head", "where", "title")
    pieces = [_opening("div", "q-head", _plain(named, "class")), "><div>"]
    if "where" in parts:
        pieces += ['<p class="where">', parts["where"], "</p>"]
    pieces += ["<h1>", words[0] if words else parts["title"], "</h1></div>"]
    return Shape(*pieces, Unless('<div class="acts">', acts, "</div>"), "</div>")


@register.tag
def table(parser, token):
    """``{% table "单位 @unit | 登记 >" %}…{% endtable %}``: a table; ``>``: a column of numbers; ``@unit``:
    its rows can be ordered by it, one of the ways of ``sorting`` (ground/ordering.py).

    ``scroll="名单"``: it may be wider than its place, and is called so. Parts: ``heads``, the
    headings where they are not fixed; ``foot``.
    """
    words, named = arguments(parser, token)
    rows, parts = _body(parser, "table", "heads", "foot")
    scroll, classes = named.pop("scroll", None), _plain(named, "class")
    pieces = [_opening("table", "q-table", classes), *attributes(named), "><thead>"]
    pieces += ["<tr>", *_headings(words[0]), "</tr>"] if words else [parts["heads"]]
    pieces += ["</thead><tbody>", rows, "</tbody>"]
    if "foot" in parts:
        pieces += ["<tfoot>", parts["foot"], "</tfoot>"]
    pieces.append("</table>")
    if scroll:
        opening = '<div class="q-scroll" tabindex="0" role="region" aria-label="'
        pieces = [opening, scroll, '">', *pieces, "</div>"]
    return Shape(*pieces)


def _headings(nodes):
    """The cells of a heading row, from a text with ``|`` between them."""
    for cell in _cells(nodes):
        is_number = isinstance(cell[-1], str) and cell[-1].rstrip().endswith(">")
        look = ' class="r"' if is_number else ""
        if ways := WAY.findall(cell[-1]) if isinstance(cell[-1], str) else ():
            words = [WAY.sub("", p).strip(" >") if isinstance(p, str) else p for p in cell]
            yield Ordering(ways[0], words, look)
            continue
        yield f'<th scope="col"{look}>'
        yield from (p.strip(" >") if isinstance(p, str) else p for p in cell)
        yield "</th>"


def _cells(nodes):
    cells = [[]]
    for node in nodes:
        parts = node.s.split("|") if isinstance(node, TextNode) else [node]
        cells[-1].append(parts[0])
        cells.extend([part] for part in parts[1:])
    return cells


class Ordering(Shape):
    """A heading that orders its table, or one of the words that order a list (``look`` None)."""

    def __init__(self, key, words, look=None):
        super().__init__(*words)
        self.key, self.look = key, look

    def render(self, context):
        words, sorting = super().render(context), context.get("sorting")
        if not sorting or self.key not in sorting.ways:
            return SafeString(
                "" if self.look is None else f'<th scope="col"{self.look}>{words}</th>'
            )
        said = sorting.direction(self.key)
        arrow = f' <span aria-hidden="true">{ARROWS[said]}</span>' if said else ""
        address = shown(sorting.link(self.key, context["request"].GET))
        if self.look is None:
            now = ' aria-current="true"' if said else ""
            turn = "，再点一次倒过来" if said else ""
            return SafeString(
                f'<a href="{address}"{now} title="按{words}排{turn}">{words}{arrow}</a>'
            )
        now = f' aria-sort="{said}"' if said else ""
        return SafeString(
            f'<th scope="col"{self.look}{now}><a href="{address}">{words}{arrow}</a></th>'
        )


@register.tag
def sorts(parser, token):
    """``{% sorts "日期 @held | 编号 @number" %}``: by what a list is ordered that is no table."""
    words, _ = arguments(parser, token)
    found = [
        Ordering(WAY.findall(cell[-1])[0], [WAY.sub("", cell[-1]).strip()])
        for cell in _cells(words[0])
    ]
    return Unless('<p class="q-sorts no-print">排列：', NodeList(found), "</p>")


class Choosing(Shape):
    """A list in a form with a bar of what can be done with the rows that are ticked; where there is
    nothing to be done with them (``many``), the list alone."""

    child_nodelists = ("nodelist", "also")

    def __init__(self, body, also):
        super().__init__(body)
        self.also = also

    def render(self, context):
        rows, many = super().render(context), context.get("many")
        if not many:
            return rows
        asked = context["request"].GET.urlencode()
        with context.push(
            rows=rows, asked=f"?{asked}" if asked else "", also=self.also.render(context)
        ):
            return context.template.engine.get_template("parts/many.html").render(context)


@register.tag
def many(parser, token):
    """``{% many %}…{% choose row.pk "…" %}…{% endmany %}``: see qingchun/many.py. Part: ``also``,
    further buttons."""
    body, parts = _body(parser, "many", "also")
    return Choosing(body, parts.get("also", NodeList()))


@register.simple_tag(takes_context=True)
def choose(context, key, label, version=None):
    """The tick of a row, where its list has any. ``version``: of what is seen, if it has one."""
    many = context.get("many")
    if not many:
        return ""
    value = f"{key}" if version is None else f"{key}~{version}"
    pk = str(key).partition("~")[0]
    ticked = " checked" if pk in many.ticked else ""
    return SafeString(
        f'<span class="q-tick"><input class="form-check-input" type="checkbox" name="chosen"'
        f' id="pick-{shown(pk)}" value="{shown(value)}"{ticked} aria-label="选 {shown(str(label))}"></span>'
    )


@register.tag
def nothing(parser, token):
    """``{% nothing "bell" %}…{% endnothing %}``: what a list says while it is empty.

    ``tone="green"``: of the icon, gold otherwise. ("empty" belongs to Django's ``{% for %}``.)
    """
    words, named = arguments(parser, token)
    body, _ = _body(parser, "nothing")
    tone = _plain(named, "tone", "gold")
    drawn = words and f'<div class="q-kpi-i i-{tone}">{icon(words[0][0].s)}</div>'
    return Nothing('<div class="q-empty">', drawn or "", body, "</div>")


@register.tag
def sentence(parser, token):
    """A line of text over several lines: a line break goes, unless the next begins with a space.

    A browser makes a space of a line break, and Chinese has none between words.
    """
    body, _ = _body(parser, "sentence")
    _join(body)
    return Shape(body)


def _join(nodes):
    for node in nodes:
        if isinstance(node, TextNode):
            node.s = re.sub(r"\n( ?) *", r"\1", node.s)
        for name in node.child_nodelists:
            _join(getattr(node, name, None) or ())
