from django import forms

from qingchun.ground.edits import Edited
from qingchun.ground.fields import AgreeField, WordsField
from qingchun.stepping import asking
from talent.youth.choices import Asked, Outcome
from talent.youth.facts import PERSON
from talent.youth.forms.fields import asking_facts, chips


class SureForm(forms.Form):
    """What cannot be taken back is said twice. ``words``: the second time."""

    def __init__(self, *args, words, **kwargs):
        super().__init__(*args, auto_id="%s", **kwargs)
        self.fields["sure"] = AgreeField(
            label=words, error_messages={"required": f"请先勾选“{words}”。"}
        )


class AskForm(forms.Form):
    kind = chips("类别", Asked.choices, error="请选一类。", initial=Asked.CONSULT)
    text = WordsField(
        "想问什么、有什么困难或建议",
        1000,
        "请写下想问的事。",
        rows=5,
        error_messages={"max_length": "最多 1000 字，请简短些。"},
    )


class CorrectForm(Edited, asking_facts(lambda fact: fact in PERSON and fact.can_be_corrected)):
    """A person puts right what is kept of them. The number is changed by signing in with it."""


OutcomeForm = asking(outcome=chips("问题解决了吗", Outcome.choices))
