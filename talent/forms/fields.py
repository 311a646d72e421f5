"""Fields that several forms share."""

from django import forms

from qingchun.organizations.choices import Level
from qingchun.organizations.models import Organization


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


class UnitField(forms.CharField):
    """A unit by its name or code. Cleans to the unit."""

    def __init__(self, *, label, **kwargs):
        errors = {"required": "请填写单位名称或代码。"}
        super().__init__(label=label, max_length=40, error_messages=errors, **kwargs)

    def clean(self, value):
        words = super().clean(value).strip()
        units = Organization.objects.active().filter(
            level__in=(Level.CITY, Level.COUNTY, Level.TOWNSHIP)
        )
        found = list(units.filter(code=words)) or list(units.filter(full_name__contains=words)[:6])
        exact = [unit for unit in found if words in (unit.name, unit.short_name, unit.full_name)]
        found = exact or found
        if not found:
            raise forms.ValidationError("没有找到这个单位。请写全称，如“小店区”，或写区划代码。")
        if len(found) > 1:
            names = "、".join(f"{unit.short_name}（{unit.code}）" for unit in found[:5])
            raise forms.ValidationError(f"有几个单位都叫这个名字：{names}。请填写代码。")
        return found[0]
