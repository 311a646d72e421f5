from django import forms

from qingchun.edits import Edited
from qingchun.fields import NameField
from qingchun.stepping import StepForm
from talent.choices import Asked, Kind, Member, Outcome
from talent.forms.fields import chips


class AskForm(forms.Form):
    kind = chips("类别", Asked.choices, error="请选一类。", initial=Asked.CONSULT)
    text = forms.CharField(
        label="想问什么、有什么困难或建议",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "请写下想问的事。", "max_length": "最多 1000 字，请简短些。"},
    )


class CorrectForm(Edited, forms.Form):
    """A person puts right what is kept of them. The number is changed by signing in with it."""

    name = NameField()
    kind = chips("我的身份", Kind.choices)
    lives_at = forms.CharField(label="现在住在哪里", max_length=40)
    school = forms.CharField(label="学校", max_length=40, required=False)
    major = forms.CharField(label="专业", max_length=40, required=False)
    trade = forms.CharField(label="行业或职业", max_length=40, required=False)
    member = forms.ChoiceField(
        label="是不是团员", choices=[("", "不填"), *Member.choices], required=False
    )


class OutcomeForm(StepForm):
    outcome = chips("问题解决了吗", Outcome.choices)
