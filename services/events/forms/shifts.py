"""Shifts of volunteers: the four usual ones, and such as night trains want."""

import datetime as dt
import re

from django import forms
from django.utils.timezone import localtime

from qingchun.ground.edits import Edited
from qingchun.ground.fields import AgreeField, DayField, WordsField
from services.events.forms.events import at

SHIFTS = (
    ("08:00-12:00", "上午 8:00—12:00"),
    ("12:00-16:00", "中午 12:00—16:00"),
    ("14:00-18:00", "下午 14:00—18:00"),
    ("18:00-22:00", "晚上 18:00—22:00"),
)
# 22:00—06:00, also as phones and people write it.
OWN = re.compile(r"(\d{1,2})[:：.](\d{2})[-—－–~～至到]+(\d{1,2})[:：.](\d{2})")
MOST_OWN = 6
HOW = "请写起止时间，如 22:00—06:00；几个班次用顿号分开，最多 6 个。"


class CallOffForm(forms.Form):
    why = WordsField(
        "为什么（报了这一班的人会收到）", 150, "请写明为什么取消，报了这一班的人会收到。"
    )


class OwnHours(forms.Form):
    """Hours of shifts, typed: 22:00—06:00、05:30—07:00. Cleans to "22:00-06:00", as SHIFTS are."""

    own_hours = WordsField(
        "别的时间（可不填）",
        100,
        help_text="如 22:00—06:00，到第二天的照样写；几个班次用顿号分开。",
    )

    def clean_own_hours(self):
        text = re.sub(r"\s", "", self.cleaned_data["own_hours"])
        parts = [part for part in re.split("[、，,；;]", text) if part]
        if len(parts) > MOST_OWN:
            raise forms.ValidationError(HOW)
        return [self._span(part) for part in parts]

    @staticmethod
    def _span(part):
        found = OWN.fullmatch(part)
        if not found:
            raise forms.ValidationError(HOW)
        hours = [int(number) for number in found.groups()]
        try:
            begin, end = dt.time(*hours[:2]), dt.time(hours[2] % 24, hours[3])
        except ValueError:
            raise forms.ValidationError(HOW) from None
        if begin == end or hours[2] > 24:
            raise forms.ValidationError(HOW)
        return f"{begin:%H:%M}-{end:%H:%M}"


def span_on(day, begin, end):
    """A shift's start and end; one that ends before it begins ends the day after."""
    return {
        "starts_at": at(day, begin),
        "ends_at": at(day + dt.timedelta(days=end <= begin), end),
    }


def shifts(stations, days, hours):
    """A group for each station, day and shift. ``hours``: like values of SHIFTS."""
    made = []
    for row in stations:
        for day in days:
            for text in hours:
                span = [dt.time.fromisoformat(part) for part in text.split("-")]
                point = {"name": row["name"], "kind": row["kind"], "county": row["unit"]}
                known = {"name": row["name"], "capacity": row["capacity"], "point": point}
                made.append(known | span_on(day, *span))
    return made


def _time_field(label):
    return forms.TimeField(
        label=label,
        input_formats=["%H:%M", "%H：%M", "%H.%M"],
        widget=forms.TextInput(attrs={"maxlength": 5, "placeholder": "22:00"}),
        error_messages={"required": "请写时间，如 22:00。", "invalid": "请写成 22:00 这样。"},
    )


class ShiftForm(Edited, forms.Form):
    """When one shift is; one that ends before it begins ends the day after."""

    on = DayField(label="日期")
    begins = _time_field("几点开始")
    ends = _time_field("几点结束（比开始早的，是第二天）")
    anyway = AgreeField(label="仍然改", required=False)

    def __init__(self, *args, shift, **kwargs):
        begins, ends = localtime(shift.starts_at), localtime(shift.ends_at)
        known = {"on": begins.date(), "begins": f"{begins:%H:%M}", "ends": f"{ends:%H:%M}"}
        super().__init__(*args, initial=known, **kwargs)

    def clean(self):
        clean = super().clean()
        if clean.get("begins") and clean.get("begins") == clean.get("ends"):
            self.add_error("ends", "结束时间不能和开始一样。")
        return clean

    def times(self):
        clean = self.cleaned_data
        span = span_on(clean["on"], clean["begins"], clean["ends"])
        return span | {"anyway": clean["anyway"]}
