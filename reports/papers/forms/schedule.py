"""When those who owe something are reminded."""

import re
from datetime import time

from django import forms

from qingchun.ground.edits import Edited
from qingchun.ground.fields import NumberField
from qingchun.ground.quiet import QUIET_FROM, QUIET_UNTIL
from reports.papers.models import ReminderSchedule


class ListField(forms.CharField):
    """Several values in one line, as people write them: 7、3、1."""

    def __init__(self, *, read, say, wrong, most=6, **kwargs):
        super().__init__(**kwargs)
        self.read, self.say, self.wrong, self.most = read, say, wrong, most

    def prepare_value(self, value):
        return "、".join(map(self.say, value)) if isinstance(value, list) else value

    def clean(self, value):
        words = [word for word in re.split(r"[、，,；;\s]+", super().clean(value)) if word]
        try:
            found = sorted({self.read(word) for word in words})
        except ValueError:
            raise forms.ValidationError(self.wrong) from None
        if len(found) > self.most:
            raise forms.ValidationError(f"最多写 {self.most} 个。")
        return found


LONGEST_BEFORE = 60


def _time(word):
    """9:00, 09:00 or 15：30 as a time. Raises: ValueError."""
    hour, minute = word.replace("：", ":").split(":")
    return time(int(hour), int(minute))


class ScheduleForm(Edited, forms.ModelForm):
    days_before = ListField(
        label="提前几天提醒",
        read=int,
        say=str,
        wrong="请写整数，用顿号隔开，如 7、3、1。",
        help_text="用顿号隔开，如 7、3、1。",
        required=False,
    )
    on_the_day = ListField(
        label="截止当天几点提醒",
        read=_time,
        say=lambda value: f"{value:%H:%M}",
        wrong="请写几点几分，用顿号隔开，如 09:00、15:00。",
        help_text="用顿号隔开，如 09:00、15:00。",
        required=False,
    )
    late_days = NumberField(
        label="逾期后连续提醒几天", least=0, most=30, unit="天",
        error_messages={"max_value": "最多连续提醒 30 天。"},
    )  # fmt: skip
    deputy_from = NumberField(label="提前几天起加发副职", least=0, most=60, unit="天")
    at = forms.TimeField(
        label="其他日子几点提醒",
        widget=forms.TimeInput(format="%H:%M", attrs={"inputmode": "numeric"}),
        error_messages={"invalid": "请写几点几分，如 09:00。"},
    )

    class Meta:
        model = ReminderSchedule
        fields = [
            "is_on", "days_before", "at", "on_the_day", "late_days", "deputy_from", "time_zone",
        ]  # fmt: skip
        error_messages = {
            "time_zone": {"invalid_choice": "没有这个时间，请从列表里选。"},
        }

    def clean_days_before(self):
        days = self.cleaned_data["days_before"]
        if any(day <= 0 for day in days):
            raise forms.ValidationError(
                "这里只写截止以前的天数，要大于 0；截止以后的在“逾期后连续提醒几天”里写。"
            )
        if any(day > LONGEST_BEFORE for day in days):
            raise forms.ValidationError(f"最多提前 {LONGEST_BEFORE} 天。")
        return sorted(days, reverse=True)

    def clean_at(self):
        at = self.cleaned_data["at"]
        if not QUIET_UNTIL <= at < QUIET_FROM:
            raise forms.ValidationError("请选 08:00 到 22:00 之间，其余时间不打扰。")
        return at
