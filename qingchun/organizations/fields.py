"""How a form asks for a unit: by name or pinyin, since nobody knows a code by heart."""

from django import forms

from qingchun.organizations.finding import UnitFinder, UnitUnclear
from qingchun.organizations.walls import PROVINCE


class UnitField(forms.CharField):
    """A unit by what people call it. Cleans to the unit, or None where it may be left empty.

    ``levels``: which there are to choose from; all when not given.
    """

    def __init__(self, *, label="单位", levels=(), **kwargs):
        errors = {"required": "请填写单位名称，如“小店区”。"}
        super().__init__(label=label, max_length=60, error_messages=errors, **kwargs)
        self.finder = UnitFinder(PROVINCE, levels)

    def ask(self, finder):
        """Ask by this finder; a browser offers the nearest names while somebody types."""
        self.finder = finder
        self.widget.attrs |= {"list": "units", "autocomplete": "off"}

    def clean(self, value):
        value = super().clean(value)
        try:
            return self.finder.find(value) if value else None
        except UnitUnclear as unclear:
            raise forms.ValidationError(str(unclear)) from None
