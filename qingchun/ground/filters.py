"""What a list is narrowed to, from its address."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet


class Filter(forms.Form):
    """What is wrong is said at its field, and then nothing is found: a list that shows all of itself
    looks like an answer. Nothing here can widen what the person may see.

    ``by``: field → what the database is asked for its value; ``span``: two fields of days, from
    one to the other.
    """

    by: Mapping[str, str] = {}
    span: tuple[str, str] | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                field.error_messages["invalid_choice"] = "没有“%(value)s”这一项，请重新选。"

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or self.cleaned_data
        if self.span:
            first, last = (clean.get(name) for name in self.span)
            if first and last and first > last:
                begin, end = (self.fields[name].label for name in self.span)
                self.add_error(self.span[1], f"“{end}”不能早于“{begin}”。")
        return clean

    @property
    def wrong(self) -> str:
        """What is wrong, in one sentence: not every field that an address names stands on the page."""
        if not self.is_bound or self.is_valid():
            return ""
        said = (f"{self.fields[name].label}：{found[0]}" for name, found in self.errors.items())
        return f"请先改好条件。{''.join(said)}"

    def narrow(self, found: QuerySet) -> QuerySet:
        if not self.is_valid():
            return found.none()
        for name, asked in self.by.items():
            if value := self.cleaned_data.get(name):
                found = found.filter(**{asked: value})
        return found
