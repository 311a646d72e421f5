"""Fields that several forms share."""

from django import forms


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
