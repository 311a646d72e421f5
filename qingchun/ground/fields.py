"""Fields that forms of every app share."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.utils.timezone import localdate

from qingchun.ground.letters import alike
from qingchun.ground.logs import REQUEST
from qingchun.ground.names import has_hidden, name_of
from qingchun.ground.widgets import PICTURE, DayInput

SPOKEN = {"前天": -2, "昨天": -1, "昨日": -1, "今天": 0, "今日": 0, "明天": 1, "后天": 2}
WRITTEN = re.compile(
    r"(?:(?P<year>\d{4})[-/.年])?(?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})[日号]?"
    r"|(?P<year8>\d{4})(?P<month8>\d\d)(?P<day8>\d\d)"
)
HOW_TO_WRITE = "请写成 2019-01-08、1月8日 或“今天”这样的日期。"
YEARS = (2000, 2099)  # of days that somebody types: none of them is anybody's birthday


# Without the name: what is said on the next page goes there by a cookie.
DROPPED = "姓名里有看不见的字符（多半是复制时带来的），已经去掉。请看一眼姓名对不对。"


class NameField(forms.CharField):
    """A name as it is written: rare characters, a dot between the parts; no signs, no emoji. What
    cannot be seen is dropped, and the page that follows says so (``RefusalMiddleware``)."""

    def __init__(self, *, label: str = "姓名", **kwargs: Any) -> None:
        errors = {"required": "请填写姓名。"}
        # How long it is, is known once it is clean: browsers count some characters twice.
        widget = forms.TextInput(attrs={"autocomplete": "name", "maxlength": 60})
        super().__init__(label=label, error_messages=errors, widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        written = super().clean(value)
        if not written:
            return ""  # a form that may do without
        name, problem = name_of(written)
        if problem:
            raise forms.ValidationError(problem)
        if has_hidden(written) and (request := REQUEST.get()):
            request.to_be_said = DROPPED
        return name


class PictureField(forms.FileField):
    """A picture, taken or chosen; ``camera``: of something that lies on the table.

    Made anew by ``qingchun.ground.pictures``, which says what it cannot take.
    """

    widget = forms.FileInput

    def __init__(self, *, camera: bool = False, **options: Any) -> None:
        self.camera = camera
        super().__init__(**options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        taken = {"capture": "environment"} if self.camera else {}
        return super().widget_attrs(widget) | PICTURE | taken


class AgreeField(forms.BooleanField):
    """A consent, or another word that only the person at the screen can give.

    No device ticks it again: static/qingchun/qingchun.js keeps nothing that bears the mark.
    """

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"data-never-kept": True}


TOO_LONG = "最多写 %(limit_value)d 个字，现在有 %(show_value)d 个，请写短一些。"


class WordsField(forms.CharField):
    """Words that are typed, ``most`` characters of them. ``missing``: what is said where there are
    none; without it they may be left out. ``rows``: of a box with several lines."""

    def __init__(
        self, label: str, most: int, missing: str = "", *, rows: int = 0, **options: Any
    ) -> None:
        said = {"max_length": TOO_LONG} | ({"required": missing} if missing else {})
        options["error_messages"] = said | options.get("error_messages", {})
        if rows:
            options["widget"] = forms.Textarea(attrs={"rows": rows})
        super().__init__(label=label, max_length=most, required=bool(missing), **options)


class NumberField(forms.IntegerField):
    """A whole number that is typed; of one beyond either end both are said."""

    def __init__(self, *, least: int, most: int, unit: str = "", **options: Any) -> None:
        said = f"请填写 {least} 到 {most} {unit}".rstrip() + "。"
        errors = dict.fromkeys(("invalid", "min_value", "max_value"), said)
        options["error_messages"] = errors | options.get("error_messages", {})
        super().__init__(min_value=least, max_value=most, **options)
        self.widget.attrs["inputmode"] = "numeric"


class HeldNumber(forms.IntegerField):
    """A number that the page holds and nobody types: a version, the id of a row."""

    def __init__(self, **options: Any) -> None:
        options = {
            "required": False,
            "widget": forms.HiddenInput(attrs={"data-kept-too": ""}),
        } | options
        super().__init__(min_value=0, max_value=2**31 - 1, **options)


class DayField(forms.DateField):
    """A day as people write it, with its year (2019-01-08, 20190108, 2019.1.8) or in Chinese, or a
    day's name, as 昨天 is one.

    Without a year it is the one nearest to today, or, where ``near`` has been told, to those days.
    """

    widget = DayInput
    default_error_messages = {"required": "请填写日期。", "invalid": HOW_TO_WRITE}
    span: tuple[dt.date, dt.date] | None = None

    def near(self, first: dt.date, last: dt.date) -> None:
        self.span = first, last

    def _year_of(self, month: int, day: int) -> int:
        aim = localdate()
        if self.span:
            aim = min(max(aim, self.span[0]), self.span[1])
        known = {}
        for year in (aim.year, aim.year - 1, aim.year + 1):
            try:
                known[year] = abs((dt.date(year, month, day) - aim).days)
            except ValueError:  # 29 February, or no day of any year
                continue
        return min(known, key=known.__getitem__, default=aim.year)

    def to_python(self, value: Any) -> dt.date | None:
        if value in self.empty_values or isinstance(value, dt.date):
            return super().to_python(value)
        text = re.sub(r"\s", "", alike(str(value)[:40]))
        if text in SPOKEN:
            return localdate() + dt.timedelta(SPOKEN[text])
        found = WRITTEN.fullmatch(text)
        if not found:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        month, day = (int(found[name] or found[f"{name}8"]) for name in ("month", "day"))
        year = int(found["year"] or found["year8"] or self._year_of(month, day))
        if not YEARS[0] <= year <= YEARS[1]:
            raise forms.ValidationError(f"年份写成 {year} 了，请核对。", code="invalid")
        try:
            return dt.date(year, month, day)
        except ValueError:
            said = f"没有这一天（{year}年{month}月{day}日），请核对。"
            raise forms.ValidationError(said, code="invalid") from None
