"""Fields that several forms share."""

from django import forms

from talent.names import name_of


class NameField(forms.CharField):
    """A name as it is written: rare characters, a dot between the parts; no signs, no emoji."""

    def __init__(self, *, label="姓名", **kwargs):
        errors = {"required": "请填写姓名。", "max_length": "姓名最多 30 个字。"}
        widget = forms.TextInput(attrs={"autocomplete": "name"})
        super().__init__(label=label, max_length=30, error_messages=errors, widget=widget, **kwargs)

    def clean(self, value):
        written = super().clean(value)
        if not written:
            return ""  # a form that may do without
        name, problem = name_of(written)
        if problem:
            raise forms.ValidationError(problem)
        return name


def chips(label, choices, *, required=True, error="请选一项。", **kwargs):
    """One of a few, to be tapped."""
    return forms.ChoiceField(
        label=label,
        choices=choices,
        required=required,
        widget=forms.RadioSelect,
        error_messages={"required": error},
        **kwargs,
    )
