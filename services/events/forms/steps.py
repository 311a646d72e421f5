"""What the steps of an event and of a sign-up ask for."""

from django import forms

from qingchun.ground.fields import WordsField
from qingchun.stepping import StepForm, asking
from services.events.choices import Finish, Satisfaction

DeclineForm = asking(why=WordsField("为什么", 200, "请写明为什么不通过，本人会看到。"))
CallOffForm = asking(
    why=WordsField("为什么取消（报名的人会收到）", 200, "请写明为什么取消，报名的人会收到。")
)
OutcomeForm = asking(outcome=WordsField("怎么处理的", 300, "请写明怎么处理的。"))


class HoursForm(StepForm):
    hours = forms.DecimalField(
        label="服务时长（小时）",
        min_value=0,
        max_value=24,
        decimal_places=1,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value", "max_decimal_places"),
            "服务时长在 0 到 24 小时之间，最多一位小数。",
        ),
    )

    def __init__(self, *args, **named):
        super().__init__(*args, **named)
        group = self.record.group
        self.fields["hours"].initial = self.record.hours or (group.hours if group else None)


class FinishForm(StepForm):
    finish = forms.ChoiceField(label="完成情况", choices=Finish.choices)
    word = WordsField("评语（会印在证明上）", 200)


class SayForm(StepForm):
    """What a student says of an internship."""

    satisfaction = forms.TypedChoiceField(
        label="这次实习怎么样", choices=Satisfaction.choices, coerce=int, widget=forms.RadioSelect
    )
    word = WordsField("想说的话（可不填）", 200)
