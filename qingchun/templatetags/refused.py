"""What is wrong with a form that was refused, as a list at the top of the page; loaded as builtins.

The page is drawn first: whatever shows an error on its way says so with ``note``. The list is there
without a script, and is where the page begins for a keyboard and a screen reader.
"""

from contextvars import ContextVar

from django import template
from django.forms import BaseForm
from django.utils.safestring import SafeString

from qingchun.ground.drawing import shown

from .qingchun import icon

register = template.Library()
Wrong = tuple[str, str, str]  # of which control (its id), what it is called, what is wrong with it
_found: ContextVar[list[Wrong] | None] = ContextVar("wrong", default=None)


def note(target, label, said):
    """``target``: the id of what to fill in, "" where there is no one such thing."""
    found = _found.get()
    if found is not None and (target, label, said) not in found:
        found.append((target, label, said))


@register.simple_tag
def wrong(form):
    """What is wrong with a form as a whole, where the page has more than its ``form``."""
    for error in form.non_field_errors() if form and form.is_bound else ():
        note("", "", error)
    return ""


class Refused(template.Node):
    child_nodelists = ("nodelist",)

    def __init__(self, nodelist):
        self.nodelist = nodelist

    def render(self, context):
        before = _found.set([])
        try:
            page = self.nodelist.render(context)
            self._overlooked(context.get("form"))
            found = _found.get()
        finally:
            _found.reset(before)
        return SafeString(f"{_listed(found)}{page}") if found else page

    @staticmethod
    def _overlooked(form):
        """What is wrong with the page's form and was not drawn: of itself, or of a field unseen."""
        if not isinstance(form, BaseForm) or not form.is_bound or form._errors is None:
            return
        wrong(form)
        told = {said for _, _, said in _found.get()}
        for name, errors in form.errors.items():
            for said in errors:
                if name in form.fields and said not in told:
                    note("", form[name].label, said)


def _listed(found):
    lines = []
    for target, label, said in sorted(found, key=lambda one: one[0] != ""):
        words = shown(f"{label}：{said}" if label else said)
        lines.append(
            f'<li><a href="#{shown(target)}">{words}</a></li>' if target else f"<li>{words}</li>"
        )
    many = f"有 {len(lines)} 处要改" if len(lines) > 1 else "有一处要改"
    return (
        f'<div class="q-note r q-refused mb-3" id="refused" role="alert" tabindex="-1" autofocus>'
        f"{icon('alert-triangle')}<div><b>{many}，填写的内容都还在。</b><ul>{''.join(lines)}</ul></div></div>"
    )


@register.tag
def refused(parser, token):
    """``{% refused %}…{% endrefused %}``: around all that a page may show of forms."""
    nodelist = parser.parse(("endrefused",))
    parser.delete_first_token()
    return Refused(nodelist)
