"""What a city types into each part, to the plain values that are kept.

Nothing typed is refused for being unfinished: what is missing is said before sending.
"""

import re
from datetime import time

from django import forms
from django.utils.timezone import localdate

from qingchun.notifications.drafts import QUIET_FROM, QUIET_UNTIL
from qingchun.organizations.refusals import Refused
from qingchun.widgets import ChineseDate, years_around
from reports.choices import Section
from reports.models import ReminderSchedule

OWN_KEYS = ("own1", "own2", "own3")
LONGEST_TEXT = 20_000


class DayForm(forms.Form):
    """A day in three lists; an impossible one (30 February) is said, an empty one is kept."""

    on = forms.DateField(
        label="日期", required=False, error_messages={"invalid": "没有这一天，请重新选择日期。"}
    )

    def __init__(self, *args, campaign, **kwargs):
        super().__init__(*args, **kwargs)
        years = years_around(campaign.starts_on, campaign.ends_on, localdate())
        self.fields["on"].widget = ChineseDate(years=years, empty_label=("年", "月", "日"))

    def text(self):
        if not self.is_valid():
            raise Refused(self.errors["on"][0])
        day = self.cleaned_data["on"]
        return day.isoformat() if day else ""


def read_section(key, data, *, campaign, kind_keys, units):
    """The content of one part from a submitted form.

    Needs: ``kind_keys`` the city may choose from, ``units`` the codes of the city and its
    counties. Raises: Refused when a text is too long, or a unit or kind is not the city's.
    """
    return _READERS[key](data, campaign=campaign, kind_keys=kind_keys, units=units)


def _text(data, name, longest=LONGEST_TEXT):
    text = data.get(name, "").replace("\r\n", "\n").strip()
    if len(text) > longest:
        raise Refused(f"最多 {longest} 字，现在是 {len(text)} 字，请精简或放进附件。")
    return text


def _must_be_known(keys, known):
    if strangers := set(keys) - set(known):
        raise Refused(
            f"这里有不属于本市的单位或项目（{'、'.join(sorted(strangers))}），请刷新页面。"
        )
    return list(keys)


def _kinds(data, *, kind_keys, **_):
    return {"chosen": _must_be_known(data.getlist("chosen"), kind_keys)}


def _innovations(data, **_):
    items = [
        {"key": key, "name": _text(data, f"{key}_name", 40), "text": _text(data, f"{key}_text")}
        for key in OWN_KEYS
    ]
    return {"items": [item for item in items if item["name"] or item["text"]]}


def _featured(data, *, kind_keys, **_):
    key = data.get("key", "")
    if key:
        _must_be_known([key], [*kind_keys, *OWN_KEYS])
    return {"key": key, "why": _text(data, "why")}


def _grid(data, *, kind_keys, units, **_):
    rows = {}
    for name in data:
        if name.startswith("unit_"):
            code = name.removeprefix("unit_")
            _must_be_known([code], units)
            rows[code] = _must_be_known(data.getlist(name), [*kind_keys, *OWN_KEYS])
    return {"rows": rows}


def _action_day(data, *, campaign, **_):
    return {"on": DayForm(data, campaign=campaign).text(), "text": _text(data, "text")}


def _party_report(data, *, campaign, **_):
    return {"on": DayForm(data, campaign=campaign).text(), "outcome": _text(data, "outcome")}


def _person(data, prefix):
    found = {part: _text(data, f"{prefix}_{part}", 40) for part in ("name", "post", "phone")}
    return {part: text for part, text in found.items() if text}


def _people(data, *, kind_keys, **_):
    kinds = {key: _person(data, key) for key in [*kind_keys, *OWN_KEYS] if f"{key}_name" in data}
    return {"first": _person(data, "first"), "kinds": {k: p for k, p in kinds.items() if p}}


def _plain(data, **_):
    return {"text": _text(data, "text")}


_READERS = {
    Section.KINDS: _kinds,
    Section.INNOVATIONS: _innovations,
    Section.FEATURED: _featured,
    Section.GRID: _grid,
    Section.ACTION_DAY: _action_day,
    Section.PEOPLE: _people,
    Section.PARTNERS: _plain,
    Section.PARTY_REPORT: _party_report,
    Section.MEDIA: _plain,
    Section.TEXT: _plain,
}


class AttachmentForm(forms.Form):
    file = forms.FileField(label="附件")


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


LONGEST_BEFORE, LONGEST_LATE = 60, 30


def _time(word):
    """9:00, 09:00 or 15：30 as a time. Raises: ValueError."""
    hour, minute = word.replace("：", ":").split(":")
    return time(int(hour), int(minute))


class ScheduleForm(forms.ModelForm):
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

    def clean_late_days(self):
        days = self.cleaned_data["late_days"]
        if days > LONGEST_LATE:
            raise forms.ValidationError(f"最多连续提醒 {LONGEST_LATE} 天。")
        return days

    def clean_at(self):
        at = self.cleaned_data["at"]
        if not QUIET_UNTIL <= at < QUIET_FROM:
            raise forms.ValidationError("请选 08:00 到 22:00 之间，其余时间不打扰。")
        return at
