"""An item of the checklist, with a row for each material and each step."""

from django import forms

from qingchun import stepping
from qingchun.ground.fields import DayField, HeldNumber, NumberField, WordsField
from qingchun.ground.formsets import RowForm, rows_of
from services.proxy.choices import Beneficiary, ByWhom, Form
from services.proxy.models import ItemVersion

MOST_ROWS = 20


class ItemForm(forms.ModelForm):
    number = HeldNumber()
    latest_days = NumberField(
        label="法定时限（工作日）", least=0, most=365, unit="个工作日", required=False,
        help_text="没有规定的不填。",
    )  # fmt: skip
    for_whom = forms.MultipleChoiceField(
        label="给谁办",
        choices=Beneficiary.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一类人。"},
    )

    class Meta:
        model = ItemVersion
        fields = (
            "title", "category", "office", "possible", "for_whom", "entitled", "latest_days",
            "fee", "basis", "place", "hours", "advice", "valid_from", "valid_until",
            "second_confirms",
        )  # fmt: skip
        field_classes = {"valid_from": DayField, "valid_until": DayField}
        widgets = {
            "entitled": forms.Textarea(attrs={"rows": 2}),
            "advice": forms.Textarea(attrs={"rows": 3}),
            "possible": forms.RadioSelect,
        }
        help_texts = {
            "possible": "指纹、体检、双方到场这些不能代办的，如实选，页面会向群众讲清楚。",
            "fee": "不收费的写“不收费”。",
            "second_confirms": "法律或本县要求的才选。",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.error_messages["required"] = f"请填写{field.label}。"
            if name == "possible":
                field.choices = [choice for choice in field.choices if choice[0]]

    def clean(self):
        clean = super().clean()
        begin, end = clean.get("valid_from"), clean.get("valid_until")
        if begin and end and end < begin:
            self.add_error("valid_until", "结束日期不能早于开始日期。")
        return clean

    def content(self):
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class MaterialForm(RowForm):
    name = WordsField("材料", 40)
    form = forms.ChoiceField(label="形式", choices=Form.choices, initial=Form.ORIGINAL)
    count = forms.IntegerField(label="份数", min_value=1, max_value=20, initial=1)
    waived_by = WordsField("谁可以免", 30)
    note = WordsField("提醒", 60)


class StepForm(RowForm):
    name = WordsField("做什么", 40)
    by = forms.ChoiceField(label="谁来做", choices=ByWhom.choices, initial=ByWhom.AGENT)
    days = forms.IntegerField(label="工作日", min_value=0, max_value=120, initial=1)


MaterialForms = rows_of(MaterialForm, extra=3, most=MOST_ROWS)
StepForms = rows_of(StepForm, extra=3, most=MOST_ROWS)


class ConfirmForm(stepping.StepForm):
    by = WordsField(
        "部门和确认人", 40, "请写哪个部门、谁确认的。", help_text="如“区医保局 李科长”，不写电话。"
    )
