"""How a form is drawn: a date as it is typed or picked, and the commonest widgets written out."""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import SafeString

from qingchun.ground.drawing import shown

# What a field for a picture bears: static/qingchun/qingchun.js shrinks it on the device.
PICTURE = {"accept": "image/*", "data-picture": True}


class DayInput(forms.DateInput):
    """A date that is typed; static/qingchun/qingchun.js puts a button for the browser's picker
    beside it. A date field of the browser's own would speak the browser's language."""

    PARTS = ("year", "month", "day")  # in three lists, as pages sent it that were opened long ago

    def __init__(self) -> None:
        attrs = {"data-day": True, "autocomplete": "off", "placeholder": "如 1月8日"}
        super().__init__(attrs=attrs, format="%Y-%m-%d")

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        parts = [data.get(f"{name}_{part}") for part in self.PARTS]
        return data.get(name, "-".join(map(str, parts)) if any(parts) else None)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(one in data for one in (name, *(f"{name}_{part}" for part in self.PARTS)))


class QuickRenderer(TemplatesSetting):
    """Django's form templates, with the two that make up most of a form written out.

    A template for each input and each option is most of a form's time: a select of 120 counties
    is 120 templates. What comes out is the same: see tests/test_widgets.py.
    """

    INPUTS = tuple(
        f"django/forms/widgets/{name}.html"
        for name in (
            "text",
            "number",
            "email",
            "url",
            "hidden",
            "password",
            "file",
            "checkbox",
            "date",
        )
    )
    SELECT = "django/forms/widgets/select.html"
    AREA = "django/forms/widgets/textarea.html"

    def render(
        self, template_name: str, context: dict[str, Any], request: Any = None
    ) -> SafeString:
        if template_name in self.INPUTS:
            return _input(context["widget"])
        if template_name == self.SELECT:
            return _select(context["widget"])
        if template_name == self.AREA:
            return _area(context["widget"])
        return super().render(template_name, context, request)


def _attributes(attrs: dict[str, Any]) -> str:
    """As Django's attrs.html: in their order, a true one by its name alone, a false one not."""
    return "".join(
        f" {shown(name)}" if value is True else f' {shown(name)}="{shown(str(value))}"'
        for name, value in attrs.items()
        if value is not False
    )


def _input(widget: dict[str, Any]) -> SafeString:
    value = widget["value"]
    said = f' value="{shown(str(value))}"' if value is not None else ""
    return SafeString(
        f'<input type="{shown(widget["type"])}" name="{shown(widget["name"])}"{said}'
        f"{_attributes(widget['attrs'])}>"
    )


def _select(widget: dict[str, Any]) -> SafeString:
    groups = (
        f'<optgroup label="{shown(name)}">{_options(options)}</optgroup>' if name
        else _options(options)
        for name, options, _ in widget["optgroups"]
    )  # fmt: skip
    return SafeString(
        f'<select name="{shown(widget["name"])}"{_attributes(widget["attrs"])}>'
        f"{''.join(groups)}</select>"
    )


def _options(options: list[dict[str, Any]]) -> str:
    return "".join(
        f'<option value="{shown(str(o["value"]))}"{_attributes(o["attrs"])}>'
        f"{shown(o['label'])}</option>"
        for o in options
    )


def _area(widget: dict[str, Any]) -> SafeString:
    return SafeString(
        f'<textarea name="{shown(widget["name"])}"{_attributes(widget["attrs"])}>'
        f"\n{shown(widget['value'] or '')}</textarea>"
    )
