"""Rows of a form: as many as somebody fills in, each with a name of its own."""

from typing import Any

from django import forms


class RowForm(forms.Form):
    """A row without a name is no row."""

    use_required_attribute = False

    @property
    def is_row(self) -> bool:
        return bool(self.cleaned_data.get("name"))


class Rows(forms.BaseFormSet):
    least = 1

    def rows(self) -> list[dict[str, Any]]:
        return [form.cleaned_data for form in self if form.is_row]

    def clean(self) -> None:
        if not any(self.errors):  # a row that is wrong says so itself, and is none to compare
            self.compare(self.rows())

    def compare(self, rows: list[dict[str, Any]]) -> None:
        """Raises: ValidationError for what is wrong with the rows together."""
        names = [row["name"] for row in rows]
        if len(names) != len(set(names)):
            raise forms.ValidationError("有两行写了同一个名称，请改成不同的。")
        if len(names) < self.least:
            raise forms.ValidationError("请至少写一行。")


def rows_of(
    form: type[forms.Form], rows: type[Rows] = Rows, *, extra: int, most: int
) -> type[Rows]:
    """A class of formset. ``extra``: how many empty rows it brings; ``most``: how many it takes."""
    return forms.formset_factory(
        form, formset=rows, extra=extra, max_num=most, absolute_max=most + 10, validate_max=True
    )
