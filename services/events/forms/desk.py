"""What whoever runs an event fills in."""

import datetime as dt

from django import forms
from django.utils.timezone import localdate

from campaigns import checks
from campaigns.checks import PEOPLE
from campaigns.entry_forms import PhotosField
from qingchun.ground.fields import DayField, NameField, WordsField
from qingchun.ground.filters import Filter
from services.events import kinds
from services.events.choices import SignState


class EventFilter(Filter):
    by = {"kind": "kind"}
    kind = forms.ChoiceField(label="哪一类", required=False)
    month = forms.ChoiceField(label="什么时候", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "全部"), *kinds.choices()]
        first = localdate().replace(day=1)
        months = [first]
        for _ in range(3):
            months.append((months[-1] + dt.timedelta(32)).replace(day=1))
        self.fields["month"].choices = [
            ("", "全部"), *[(f"{m:%Y-%m}", f"{m:%Y年%-m月}") for m in months],
        ]  # fmt: skip

    def narrow(self, found):
        found = super().narrow(found)
        if month := self.cleaned_data.get("month"):
            year, number = map(int, month.split("-"))
            found = found.filter(starts_at__year=year, starts_at__month=number)
        return found


class PeopleFilter(Filter):
    state = forms.ChoiceField(
        label="状态",
        choices=[("", "全部"), ("here", "已签到"), ("absent", "没有到"), *SignState.choices],
        required=False,
    )

    def narrow(self, found):
        found, state = super().narrow(found), self.cleaned_data.get("state")
        if state == "here":
            return found.filter(arrived_at__isnull=False)
        if state == "absent":
            return found.filter(state=SignState.IN, arrived_at=None)
        return found.filter(state=state) if state else found


class CopyForm(forms.Form):
    days = forms.IntegerField(label="隔几天", min_value=1, max_value=366, initial=7)
    times = forms.IntegerField(label="复制几场", min_value=1, max_value=12, initial=1)
    in_series = forms.BooleanField(label="作为同一个系列", required=False)


class EntryForm(checks.Asks, forms.Form):
    """The log entry of an event: everything that can be counted is filled in already."""

    text = WordsField("简述（可不填）", 2000, rows=3)
    photos = PhotosField(label="照片（可不选）", required=False)

    def __init__(self, *args, measures, **kwargs):
        super().__init__(*args, **kwargs)
        self.measures = measures
        for measure in measures:
            self.fields[f"figure_{measure.key}"] = forms.IntegerField(
                label=f"{measure.label}（{measure.unit}）",
                required=False,
                min_value=0,
                max_value=1_000_000,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )

    def questions(self, clean):
        for measure in self.measures:
            name = f"figure_{measure.key}"
            if measure.unit in PEOPLE and clean.get(name) is not None:
                for question in checks.too_many(f"figure-{measure.key}", clean[name], None, ""):
                    yield name, question

    def figures(self):
        known = {m.key: self.cleaned_data[f"figure_{m.key}"] for m in self.measures}
        return {key: value for key, value in known.items() if value is not None}


class PointForm(checks.Asks, forms.Form):
    """Days of a point: how many people were served."""

    on = DayField(label="日期")
    served = forms.IntegerField(
        label="服务人次",
        min_value=0,
        max_value=100_000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": "请填写服务人次。", "min_value": "不能是负数。",
            "max_value": "数太大了，请核对。", "invalid": "请填写整数。",
        },
    )  # fmt: skip

    def __init__(self, *args, most=None, kept=None, **kwargs):
        """``most``: of a day at the county's points; ``kept``: what that day's number answers."""
        super().__init__(*args, **kwargs)
        self.most, self.kept = most, kept or {}

    def questions(self, clean):
        if clean.get("served") is not None:
            said = "本县服务点以往最多的一天"
            for question in checks.too_many("served", clean["served"], self.most, said):
                yield "served", question


class VisitForm(forms.Form):
    on = DayField(label="日期")
    name = NameField(label="走访的青年")
    place = WordsField("住址", 60, "请填写住址，写到村或小区。")
    found = WordsField("了解到的困难", 300, "请写了解到的情况。", rows=2)
    given = WordsField("慰问和帮扶事项", 200, "没有的写“无”。")
