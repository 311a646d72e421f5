"""What a unit asks of those below it, and what it looks at over time."""

from django import forms

from campaigns import checks
from campaigns.choices import DeadlineType
from qingchun.ground.edits import Edited
from qingchun.ground.fields import DayField, WordsField
from qingchun.ground.filters import Filter
from reports.boards import trends
from reports.boards.choices import DemandKind


class DemandForm(forms.Form):
    kind = forms.ChoiceField(label="种类", choices=DemandKind, widget=forms.RadioSelect)
    label = forms.CharField(
        label="要求什么", max_length=40, help_text="例如“学子归巢座谈”“人社部门联系人名单”。"
    )
    activity = forms.ChoiceField(label="属于哪一项", required=False)
    number = forms.IntegerField(
        label="每个单位多少（指标才填）",
        required=False,
        min_value=1,
        max_value=1_000_000,
        error_messages={"invalid": "请填整数。"},
    )
    purpose = forms.ChoiceField(
        label="提前的是哪一个截止日期（时限才选）",
        required=False,
        choices=[("", "不是时限"), *DeadlineType.choices],
    )
    due_on = DayField(label="什么时候前（时限才填）", required=False)
    minutes = forms.IntegerField(
        label="每个单位大约要花几分钟",
        min_value=1,
        max_value=10_000,
        error_messages={"invalid": "请填整数。"},
        help_text="照实估计，记在减负台账上。",
    )
    reason = WordsField("为什么", 200)

    def __init__(self, *args, campaign, kinds, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["due_on"].near(campaign.starts_on, campaign.ends_on)
        self.fields["activity"].choices = [("", "不限"), *((k.key, k.short_name) for k in kinds)]

    def clean(self):
        cleaned = super().clean()
        kind = cleaned.get("kind")
        if kind == DemandKind.QUOTA and not cleaned.get("number") and "number" not in self.errors:
            self.add_error("number", "指标要写每个单位多少。")
        if kind == DemandKind.DAY and not cleaned.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", "时限要选到哪一天。")
        return cleaned


class YouthCountForm(checks.Asks, Edited, forms.Form):
    """A number for each county, and where they are from."""

    source = forms.CharField(
        label="来源", max_length=60, help_text="例如“2018年统计年鉴，14至35周岁”。"
    )

    def __init__(self, *args, units, **kwargs):
        self.units = list(units)
        known = {f"people_{unit.code}": unit.young_people for unit in self.units}
        known["source"] = next((unit.source for unit in self.units if unit.source), "")
        super().__init__(*args, initial=known, **kwargs)
        for unit in self.units:
            self.fields[f"people_{unit.code}"] = forms.IntegerField(
                label=f"{unit.parent.name}{unit.name}",
                required=False,
                min_value=1,
                max_value=5_000_000,
                error_messages={"invalid": "请填整数。"},
            )

    def numbers(self):
        return [self[f"people_{unit.code}"] for unit in self.units]

    def questions(self, clean):
        for unit in self.units:
            name = f"people_{unit.code}"
            if people := clean.get(name):
                rule, of = f"young-{unit.code}", f"{unit.name}的 "
                for question in checks.too_far(rule, people, unit.young_people, of):
                    yield name, question

    def values(self):
        people = {unit.code: self.cleaned_data[f"people_{unit.code}"] for unit in self.units}
        return {"people": people, "source": self.cleaned_data["source"], "sure": self.confirmed}


class TrendFilter(Filter):
    unit = forms.ChoiceField(label="单位", required=False)
    by = forms.ChoiceField(label="按", required=False, choices=[("", "周"), ("day", "日")])
    figure = forms.ChoiceField(
        label="看", required=False, choices=[("", "活动场次"), ("participants", "参加人次")]
    )
    kind = forms.ChoiceField(label="项目", required=False)
    level = forms.ChoiceField(
        label="谁开展的", required=False, choices=[("", "全部"), *trends.LEVELS]
    )
    stage = forms.TypedChoiceField(label="阶段", required=False, coerce=int, empty_value=0)

    def __init__(self, *args, units, kinds, stages, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units
        self.fields["kind"].choices = [("", "全部"), *kinds]
        self.fields["stage"].choices = [("", "全部"), *stages]

    def keeps(self, course, row):
        """Whether a row of the counts is to be seen."""
        clean = self.cleaned_data
        return (
            (not clean["kind"] or row.kind == clean["kind"])
            and (not clean["level"] or row.level == clean["level"])
            and (not clean["stage"] or course.stage(row.day) == clean["stage"])
        )


class DaysFilter(Filter):
    unit = forms.ChoiceField(label="单位", required=False)
    view = forms.ChoiceField(label="看", required=False, choices=[("", "一个月"), ("week", "一周")])
    on = DayField(label="哪一天前后", required=False)

    def __init__(self, *args, units, campaign, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units
        self.fields["on"].near(campaign.starts_on, campaign.ends_on)
