from django import forms

from qingchun.ground.edits import Edited
from qingchun.ground.fields import AgreeField, NameField, WordsField
from qingchun.stepping import asking
from talent.youth.choices import Asked, Kind, Member, Outcome
from talent.youth.forms.fields import chips


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


class CorrectForm(Edited, forms.Form):
    """A person puts right what is kept of them. The number is changed by signing in with it."""

    name = NameField()
    kind = chips("我的身份", Kind.choices)
    lives_at = forms.CharField(label="现在住在哪里", max_length=40)
    school = WordsField("学校", 40)
    major = WordsField("专业", 40)
    trade = WordsField("行业或职业", 40)
    member = forms.ChoiceField(
        label="是不是团员", choices=[("", "不填"), *Member.choices], required=False
    )


OutcomeForm = asking(outcome=chips("问题解决了吗", Outcome.choices))
