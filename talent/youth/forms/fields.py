"""Fields that several forms share."""

from django import forms

from qingchun.ground.fields import NameField, WordsField
from talent.youth.models import CheckIn, Youth


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


class Asking(forms.Form):
    """Asks for facts; whatever else a form asks stands beside them."""

    asks = ()

    def questions(self):
        return [self[fact.name] for fact in self.asks]

    def facts(self):
        return {fact.name: self.cleaned_data[fact.name] for fact in self.asks}


def asking_facts(which):
    """A form for the facts that ``which`` chooses, in their order."""
    known = [(model, fact) for model in (Youth, CheckIn) for fact in model.facts if which(fact)]
    asked = {fact.name: _question(fact, model._meta.get_field(fact.name)) for model, fact in known}
    return type("AskingFacts", (Asking,), {"asks": [fact for _, fact in known], **asked})


def _question(fact, column):
    """As the column is: a name, one of a few, words."""
    if fact.name == "name":
        return NameField()
    needed = bool(fact.missing)
    if column.choices:
        choices = column.choices if needed else [("", "不填"), *column.choices]
        return chips(fact.asks, choices, required=needed, error=fact.missing, help_text=fact.why)
    return WordsField(fact.asks, column.max_length, fact.missing, help_text=fact.why)
