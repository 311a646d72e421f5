"""A date in three Chinese lists: a native date field would speak the browser's language."""

import datetime as dt
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe


class ChineseDate(forms.SelectDateWidget):
    template_name = "widgets/date.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, months={n: f"{n}月" for n in range(1, 13)}, **kwargs)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any]) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for part, label in zip(context["widget"]["subwidgets"], ("年", "月", "日"), strict=True):
            part["attrs"]["aria-label"] = label
            part["attrs"]["class"] = "form-select"
        return context

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_year" if id_ else id_


def years_around(*days: dt.date | None, margin: int = 0) -> range:
    """The years a date list offers: those of the days given, and ``margin`` on each side."""
    known = [day.year for day in days if day]
    return range(min(known) - margin, max(known) + margin + 1)


class QuickRenderer(TemplatesSetting):
    """Django's form templates, with the two that make up most of a form written out.

    A template for each input and each option is most of a form's time: a select of 120 counties
    is 120 templates. What comes out is the same: see tests/test_widgets.py.
    """

    INPUTS = tuple(
        f"django/forms/widgets/{name}.html"
        for name in ("text", "number", "email", "url", "hidden", "password", "file", "checkbox")
    )
    SELECT = "django/forms/widgets/select.html"

    def render(
        self, template_name: str, context: dict[str, Any], request: Any = None
    ) -> SafeString:
        if template_name in self.INPUTS:
            return _input(context["widget"])
        if template_name == self.SELECT:
            return _select(context["widget"])
        return super().render(template_name, context, request)


def _attributes(attrs: dict[str, Any]) -> SafeString:
    """As Django's attrs.html: in their order, a true one by its name alone, a false one not."""
    return mark_safe(  # noqa: S308  both parts are escaped
        "".join(
            f" {escape(name)}" if value is True else f' {escape(name)}="{escape(str(value))}"'
            for name, value in attrs.items()
            if value is not False
        )
    )


def _input(widget: dict[str, Any]) -> SafeString:
    value = widget["value"]
    shown = format_html(' value="{}"', str(value)) if value is not None else ""
    return format_html(
        '<input type="{}" name="{}"{}{}>',
        widget["type"], widget["name"], shown, _attributes(widget["attrs"]),
    )  # fmt: skip


def _select(widget: dict[str, Any]) -> SafeString:
    groups = (
        format_html('<optgroup label="{}">{}</optgroup>', name, _options(options)) if name
        else _options(options)
        for name, options, _ in widget["optgroups"]
    )  # fmt: skip
    return format_html(
        '<select name="{}"{}>{}</select>',
        widget["name"], _attributes(widget["attrs"]), mark_safe("".join(groups)),  # noqa: S308
    )  # fmt: skip


def _options(options: list[dict[str, Any]]) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((o["value"], _attributes(o["attrs"]), o["label"]) for o in options),
    )
