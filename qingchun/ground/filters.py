"""What a list is narrowed to, from its address."""

from collections.abc import Mapping

from django import forms
from django.db.models import QuerySet


class Filter(forms.Form):
    """Nonsense narrows nothing, and nothing here can widen what the person may see.

    ``by``: field → what the database is asked for its value.
    """

    by: Mapping[str, str] = {}

    def narrow(self, found: QuerySet) -> QuerySet:
        self.is_valid()
        for name, asked in self.by.items():
            if value := self.cleaned_data.get(name):
                found = found.filter(**{asked: value})
        return found
