"""What somebody fills in, with its label; loaded as builtins. No template writes a label by hand.

A form's own: ``field``, ``chips``. What belongs to no form (a row of a grid, a part of a paper that
saves itself): ``entry``, ``tick``, ``chip``, ``upload``, with the arguments of the components.
"""

from django import template
from django.template.base import NodeList, TextNode
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from qingchun.accounts.acting_for import FIELD, mark
from qingchun.ground.drawing import shown
from qingchun.ground.widgets import PICTURE

from .components import Shape, arguments, attribute, attributes
from .qingchun import consent, icon
from .refused import note

register = template.Library()
REQUIRED = mark_safe('<span class="req" aria-hidden="true">*</span>')
LOOKS = {
    "": "form-label",
    "small": "form-label fs-13",
    "hidden": "visually-hidden",
    "row": "flex-fill",
}
CLASSES = {"select": "form-select", "checkbox": "form-check-input"}


class Token(template.Node):
    """Of a form that writes: that it is ours, and for which unit it was opened."""

    child_nodelists = ()

    def render(self, context):
        token = context.get("csrf_token")
        if not token or token == "NOTPROVIDED":  # noqa: S105  Django's word for none
            return ""
        written = f'<input type="hidden" name="csrfmiddlewaretoken" value="{shown(token)}">'
        scope = context.get("acts_for") or getattr(
            getattr(context.get("request"), "user", None), "scope", ""
        )
        if scope:
            written += f'<input type="hidden" name="{FIELD}" value="{mark(scope)}">'
        return SafeString(written)


@register.tag
def csrf_token(parser, token):
    """Django's, and for whom the form was opened: no template writes either by hand."""
    return Token()


def _attributes(named):
    """In their order: a true one by its name alone, a false one not."""
    return SafeString("".join(attribute(*pair) for pair in named.items()))


def _labelled(label, id_, control, *, look="", room="mb-3", after="", required=False):
    """A label over its control, in a room of its own."""
    classes = f' class="{shown(room)}"' if room else ""
    return SafeString(
        f'<div{classes}><label class="{LOOKS[look]}" for="{shown(id_)}">{shown(label)}'
        f"{REQUIRED if required else ''}</label>{shown(control)}{shown(after)}</div>"
    )


def _file(control, id_, label, *, classes="btn btn-plain", sign="upload", said="还没有选"):
    """A file's own button speaks the browser's language; this one is a label of ours."""
    shown = format_html('<span class="text-2 fs-13" data-file-for="{}">{}</span>', id_, said)
    return format_html(
        '<div class="q-file">{}<label class="{}" for="{}">{} {}</label>{}</div>',
        control, classes, id_, icon(sign) if sign else "", label, shown,
    )  # fmt: skip


def _ticked(control, id_, label, after="", room="mb-3", text=None):
    """``text``: of a consent, which stands above its box."""
    made = format_html(
        '<div class="form-check {}">{} <label class="form-check-label" for="{}">{}</label>{}</div>',
        "" if text else room, control, id_, label, after,
    )  # fmt: skip
    if text is None:
        return made
    return format_html('<div class="q-consent {}">{}{}</div>', room, consent(text), made)


@register.simple_tag
def field(bound, look="", room="mb-3", **attributes):
    """One field of a form with its label, help and errors, wired for screen readers.

    ``look``: of the label, "small" or "hidden"; ``room``: the class of what holds them all.
    """
    widget = bound.field.widget
    kind = getattr(widget, "input_type", "select" if hasattr(widget, "choices") else "text")
    after = _said_of(bound, attributes, CLASSES.get(kind, "form-control"))
    control, id_ = bound.as_widget(attrs=attributes), bound.id_for_label
    if bound.is_hidden:
        return control
    if kind == "checkbox":
        return _ticked(control, id_, bound.label, after, room, getattr(bound, "consent", None))
    if kind == "file":
        is_picture = "data-picture" in widget.attrs
        shown_as = ("选择照片", "camera") if is_picture else ("选择文件", "upload")
        control = _file(control, id_, shown_as[0], sign=shown_as[1])
    return _labelled(
        bound.label, id_, control, look=look, room=room, after=after,
        required=bound.field.required,
    )  # fmt: skip


def _said_of(bound, attributes, classes):
    """Help and errors, as they stand behind a control; they are named in its attributes."""
    described, after = [], SafeString("")
    if bound.help_text:
        described.append(f"{bound.auto_id}-help")
        after = format_html(
            '<div class="form-text" id="{}">{}</div>', described[0], bound.help_text
        )
    if bound.errors:
        described.append(f"{bound.auto_id}-error")
        attributes["aria-invalid"] = "true"
        label = "" if classes == CLASSES["checkbox"] else bound.label  # a whole sentence
        after += _error(described[-1], bound.id_for_label, label, bound.errors)
    if described:
        attributes["aria-describedby"] = " ".join(described)
    attributes["class"] = f"{classes} is-invalid" if bound.errors else classes
    return after


def _error(id_, target, label, errors):
    for said in errors:
        note(target, str(label), str(said))
    return format_html('<div class="q-error" id="{}">{}</div>', id_, "".join(map(str, errors)))


@register.simple_tag
def code(bound, sent, wait=0):
    """A code from a message, beside the button that asks for one. ``sent``: one is on its way;
    ``wait``: seconds until another may be asked for, which a script counts down."""
    attributes = {"autofocus": True} if sent else {}
    after = _said_of(bound, attributes, "form-control")
    attributes |= {"id": bound.id_for_label, "maxlength": bound.field.max_length}
    value = None if sent else bound.value()
    control = format_html(
        '<div class="q-code">{}<button class="btn btn-soft" name="send" value="1" formnovalidate{}>'
        "{}</button></div>",
        bound.field.widget.render(bound.html_name, value, attributes, bound.form.renderer),
        attribute("data-wait", wait or None),
        "重新获取" if sent else "获取验证码",
    )
    return _labelled(bound.label, bound.id_for_label, control, after=after, required=True)


@register.simple_tag
def chips(bound):
    """A question with a few answers, each to be tapped; radio buttons or boxes underneath.

    The options are written out here: a template for each of them is most of a form's time.
    """
    widget = bound.field.widget
    context = widget.get_context(bound.html_name, bound.value(), {"id": bound.auto_id})
    groups = [(name, group) for name, group, _ in context["widget"]["optgroups"]]
    return format_html(
        '<fieldset class="mb-3"{}><legend class="form-label">{}{}</legend>'
        '<div class="q-chips">{}</div>{}{}</fieldset>',
        format_html(' aria-describedby="{}-error"', bound.auto_id) if bound.errors else "",
        bound.label,
        REQUIRED if bound.field.required else "",
        mark_safe("".join(_options(*group) for group in groups)),  # noqa: S308
        format_html('<div class="form-text">{}</div>', bound.help_text) if bound.help_text else "",
        _error(f"{bound.auto_id}-error", f"{bound.auto_id}_0", bound.label, bound.errors)
        if bound.errors
        else "",
    )


def _options(name, options):
    """Those of a group that has a name are under it, to be unfolded."""
    drawn = "".join(_option(o) for o in options)
    if not name:
        return drawn
    is_open = attribute("open", any(o["selected"] for o in options))
    return (
        f'<details class="q-day"{is_open}><summary>{shown(name)}</summary>'
        f'<div class="q-chips">{drawn}</div></details>'
    )


def _option(option):
    attrs = {"id": option["attrs"]["id"], "checked": bool(option["selected"])}
    attrs |= {name: said for name, said in option["attrs"].items() if name.startswith("data-")}
    return _chip(option["label"], option["type"], option["name"], option["value"], attrs)


def _chip(label, kind, name, value, attrs):
    return SafeString(
        f'<label><input type="{shown(kind)}" name="{shown(name)}" value="{shown(value)}"'
        f"{_attributes(attrs)}><span>{shown(label)}</span></label>"
    )


class Control(template.Node):
    """A tag of its own arguments, drawn by ``draw(label, **named)``."""

    def __init__(self, draw, words, named):
        self.draw, self.words, self.named = draw, words, named

    def render(self, context):
        named = {name: self._value(value, context) for name, value in self.named.items()}
        label = self.words[0].render(context) if self.words else named.pop("label", "")
        return self.draw(conditional_escape(label), named)

    @staticmethod
    def _value(value, context):
        if isinstance(value, NodeList):
            return mark_safe(value.render(context))  # noqa: S308
        return value if value is True else value.value.resolve(context)


def control(draw):
    """Register a function as a tag that takes the arguments of the components."""

    @register.tag(draw.__name__)
    def read(parser, token):
        return Control(draw, *arguments(parser, token))

    return draw


def _failed(attrs, error, label):
    """What went wrong, as it stands behind a control that belongs to no form."""
    if not error:
        return ""
    id_ = f"{attrs['id']}-error"
    attrs |= {"class": f"{attrs['class']} is-invalid", "aria-invalid": "true"}
    attrs["aria-describedby"] = id_
    return _error(id_, attrs["id"], label, [error])


@control
def entry(label, named):
    """``{% entry "为什么" name="why" maxlength="100" %}``: a line, a box or a list to fill in.

    ``rows="2"``: a box of lines; ``choices=pairs``: a list, with ``blank="请选择"`` first;
    ``id``: as its name; ``look``, ``room``: as of a field; ``bare``: without a room; ``unseen``:
    so, and with a label for screen readers alone; ``small``: with a small one; ``error``: what is
    wrong with it.
    """
    own = {key: named.pop(key, None) for key in ("id", "value", "choices", "blank", "error")}
    look, room, bare = named.pop("look", ""), named.pop("room", "mb-3"), named.pop("bare", False)
    if named.pop("unseen", False):
        look, bare = "hidden", True
    if named.pop("small", False):
        look, room = "small", ""
    value = "" if own["value"] is None else own["value"]
    classes = "form-control" if own["choices"] is None else "form-select"
    attrs = {"class": f"{classes} {named.pop('class', '')}".strip()}
    id_ = named["name"] if own["id"] is True else own["id"] or f"id_{named['name']}"
    attrs |= {"id": id_} | named
    after = _failed(attrs, own["error"], label)
    if own["choices"] is not None:
        made = _select(attrs, value, own["choices"], own["blank"])
    elif "rows" in attrs:
        made = format_html("<textarea{}>\n{}</textarea>", _attributes(attrs), value)
    else:
        attrs = {"autocomplete": "off"} | attrs | {"value": value}
        made = format_html("<input{}>", _attributes(attrs))
    if bare:
        return format_html('<label class="{}" for="{}">{}</label>{}', LOOKS[look], id_, label, made)
    return _labelled(label, id_, made, look=look, room=room, after=after)


def _select(attrs, chosen, choices, blank):
    """``choices``: pairs, or records as they call themselves."""
    pairs = [c if isinstance(c, (tuple, list)) else (c.pk, c) for c in choices]
    if blank is not None:
        pairs.insert(0, ("", blank))
    options = [
        f'<option value="{shown(v)}"{attribute("selected", str(v) == str(chosen))}>'
        f"{shown(words)}</option>"
        for v, words in pairs
    ]
    return SafeString(f"<select{_attributes(attrs)}>{''.join(options)}</select>")


@control
def tick(label, named):
    """``{% tick "我确定" name="sure" value="yes" %}``: a box to tick; ``error``, as of an entry."""
    room, error = named.pop("room", "mb-3"), named.pop("error", None)
    attrs = {"type": "checkbox", "class": "form-check-input", "id": f"id_{named['name']}"} | named
    after = _failed(attrs, error, "")
    made = format_html("<input{}>", _attributes(attrs))
    return _ticked(made, attrs["id"], label, after, room)


@register.simple_tag
def ticks(box, more=""):
    """One box of several of a form's field; ``more``: what is said of it in brackets."""
    data = box.data
    attrs = {"name": data["name"], "value": data["value"], "id": box.id_for_label}
    return tick(
        format_html("{}{}", box.choice_label, f"（{more}）" if more else ""),
        attrs | {"checked": data["selected"], "room": ""},
    )


@control
def chip(label, named):
    """``{% chip "5 号" name="number" value=5 checked=is_chosen %}``: one answer to tap."""
    kind, name, value = named.pop("type", "checkbox"), named.pop("name"), named.pop("value")
    return _chip(label, kind, name, value, named)


@control
def upload(label, named):
    """``{% upload "选表格" name="file" accept=".xlsx" %}``: a file to choose; ``picture``: a picture.

    ``sign``: the icon; ``small``, ``button``: its class; ``said``: beside it, while none is chosen.
    """
    id_ = named.pop("id", None) or f"id_{named['name']}"
    button = "btn-plain btn-sm" if named.pop("small", False) else "btn-plain"
    look = {"classes": f"btn {named.pop('button', button)}"}
    look |= {key: named.pop(key) for key in ("sign", "said") if key in named}
    kind = PICTURE if named.pop("picture", False) else {}
    made = format_html("<input{}>", _attributes({"type": "file", "id": id_} | kind | named))
    return _file(made, id_, label, **look)


@register.tag
def pick(parser, token):
    """``{% pick name="who" value=one %}{% box %}…{% endpick %}``: an answer of several lines.

    All of it is the label; ``{% box %}`` is where what is tapped stands, if it does not come with
    ``for``. ``type="checkbox"``: one of several.
    """
    _, named = arguments(parser, token)
    own = {key: named.pop(key) for key in ("class", "for") if key in named}
    own.setdefault("class", NodeList([TextNode("d-flex gap-2 border rounded-3 p-3 mb-2")]))
    before = parser.parse(("box", "endpick"))
    pieces = ["<label", *attributes(own), ">", before]
    if parser.next_token().contents == "box":
        named.setdefault("type", NodeList([TextNode("radio")]))
        pieces += ['<input class="form-check-input flex-shrink-0"', *attributes(named), ">"]
        pieces.append(parser.parse(("endpick",)))
        parser.delete_first_token()
    return Shape(*pieces, "</label>")
