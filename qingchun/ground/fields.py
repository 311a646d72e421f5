"""Fields that forms of every app share."""

from typing import Any

from django import forms

from qingchun.ground.names import name_of


class NameField(forms.CharField):
    """A name as it is written: rare characters, a dot between the parts; no signs, no emoji."""

    def __init__(self, *, label: str = "姓名", **kwargs: Any) -> None:
        errors = {"required": "请填写姓名。"}
        # How long it is, is known once it is clean: browsers count some characters twice.
        widget = forms.TextInput(attrs={"autocomplete": "name", "maxlength": 60})
        super().__init__(label=label, error_messages=errors, widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        written = super().clean(value)
        if not written:
            return ""  # a form that may do without
        name, problem = name_of(written)
        if problem:
            raise forms.ValidationError(problem)
        return name


class AgreeField(forms.BooleanField):
    """A consent, or another word that only the person at the screen can give.

    No device ticks it again: static/qingchun/qingchun.js keeps nothing that bears the mark.
    """

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"data-never-kept": True}


class WordsField(forms.CharField):
    """Words that are typed, ``most`` characters of them. ``missing``: what is said where there are
    none; without it they may be left out. ``rows``: of a box with several lines."""

    def __init__(
        self, label: str, most: int, missing: str = "", *, rows: int = 0, **options: Any
    ) -> None:
        if missing:
            options["error_messages"] = {"required": missing} | options.get("error_messages", {})
        if rows:
            options["widget"] = forms.Textarea(attrs={"rows": rows})
        super().__init__(label=label, max_length=most, required=bool(missing), **options)


class NumberField(forms.IntegerField):
    """A whole number that is typed; of one beyond either end both are said."""

    def __init__(self, *, least: int, most: int, unit: str = "", **options: Any) -> None:
        said = f"请填写 {least} 到 {most} {unit}".rstrip() + "。"
        errors = dict.fromkeys(("invalid", "min_value", "max_value"), said)
        options["error_messages"] = errors | options.get("error_messages", {})
        super().__init__(min_value=least, max_value=most, **options)
        self.widget.attrs["inputmode"] = "numeric"


class HeldNumber(forms.IntegerField):
    """A number that the page holds and nobody types: a version, the id of a row."""

    def __init__(self, **options: Any) -> None:
        options = {
            "required": False,
            "widget": forms.HiddenInput(attrs={"data-kept-too": ""}),
        } | options
        super().__init__(min_value=0, max_value=2**31 - 1, **options)
