"""Text put into a page without detours: the same as Django would write, in less time.

Django escapes whatever may still be translated, which is not the case of nearly all that a page
shows; a page holds hundreds of such texts.
"""

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from django.template import Engine
from django.template.base import (
    FilterExpression,
    Node,
    NodeList,
    Template,
    Variable,
    VariableNode,
    render_value_in_context,
)
from django.template.context import Context
from django.template.loaders import cached
from django.template.smartif import TokenBase
from django.utils.functional import SimpleLazyObject
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

TO_ESCAPE = re.compile(r"""[&<>"']""")


def shown(value: Any) -> str:
    """As ``conditional_escape`` writes it."""
    kind = type(value)
    if kind is SafeString:
        return value
    if kind is str:
        return escape(value) if TO_ESCAPE.search(value) else value
    return str(value) if kind is int else conditional_escape(value)


class Named(Variable):
    """A name with dots, looked up at once where it is a value of a dict or of a record."""

    __slots__ = ()

    def _resolve_lookup(self, context: Context) -> Any:
        try:
            first, *more = self.lookups
            value = context[first]
            for name in more:
                kind = type(value)
                if kind is SimpleLazyObject:  # ``request.user``: what it stands for
                    bool(value)
                    value = value._wrapped
                    kind = type(value)
                if kind is dict:
                    value = value[name]
                elif hasattr(kind, "__getitem__"):
                    return super()._resolve_lookup(context)
                else:
                    value = getattr(value, name)
        except Exception:  # what is to become of it is Django's to say
            return super()._resolve_lookup(context)
        return super()._resolve_lookup(context) if callable(value) else value


class Shown(VariableNode):
    """``{{ … }}``"""

    def render(self, context: Context) -> str:
        value = self.filter_expression.resolve(context)
        kind = type(value)
        if (kind is str and context.autoescape) or kind is SafeString:
            return shown(value)
        if kind is int and context.use_l10n is False:
            return str(value)
        return render_value_in_context(value, context)

    render_annotated = render


class Nodes(NodeList):
    """Of a whole template: a page asks its frame for the blocks in it each time it is drawn."""

    def get_nodes_by_type(self, kind: type[Node]) -> list[Node]:
        kept = self.__dict__.setdefault("kept", {})
        if kind not in kept:
            kept[kind] = super().get_nodes_by_type(kind)
        return kept[kind]


def _names(thing: Any) -> Iterator[Variable]:
    """The names in a node's arguments and conditions."""
    if isinstance(thing, FilterExpression):
        if thing.is_var:
            yield thing.var
    elif isinstance(thing, TokenBase):
        yield from _names((thing.first, thing.second, thing.value))
    elif isinstance(thing, Node | dict):
        yield from _names((*(vars(thing) if isinstance(thing, Node) else thing).values(),))
    elif isinstance(thing, list | tuple) and not isinstance(thing, NodeList):
        for one in thing:
            yield from _names(one)


class Loader(cached.Loader):
    """Reads a template once, as Django's, and has it drawn without detours."""

    def __init__(self, engine: Engine) -> None:
        places = ("filesystem", "app_directories")
        super().__init__(engine, [f"django.template.loaders.{place}.Loader" for place in places])

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        template = super().get_template(template_name, skip)
        if type(template.nodelist) is NodeList:
            for node in template.nodelist.get_nodes_by_type(Node):
                if type(node) is VariableNode:
                    node.__class__ = Shown
                for name in _names(node):
                    if type(name) is Variable:
                        name.__class__ = Named
            template.nodelist.__class__ = Nodes
        return template


def read_all() -> int:
    """Every template of ours, each put into the loader's store. Returns: how many."""
    engine = Engine.get_default()
    names = [
        str(path.relative_to(folder))
        for folder in engine.dirs
        for path in Path(folder).rglob("*.html")
    ]
    for name in names:
        engine.get_template(name)
    return len(names)
