"""What a list is narrowed to, from its address."""

from django import forms


class Filter(forms.Form):
    """Nonsense narrows nothing, and nothing here can widen what the person may see.

    ``by``: field → what the database is asked for its value.
    """

    by = {}

    def narrow(self, found):
        self.is_valid()
        for name, asked in self.by.items():
            if value := self.cleaned_data.get(name):
                found = found.filter(**{asked: value})
        return found
