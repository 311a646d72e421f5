"""One way to give a date in the whole portal: typed as people write it, or picked."""

import datetime as dt
import importlib
import pkgutil

import pytest
from django import forms

TODAY = dt.date(2019, 1, 8)

OURS = ("qingchun", "campaigns", "talent", "services", "reports")
TYPED = {
    "2018-12-24": dt.date(2018, 12, 24),
    "2018/12/24": dt.date(2018, 12, 24),
    "2018.12.24": dt.date(2018, 12, 24),
    "20181224": dt.date(2018, 12, 24),
    "2018年12月24日": dt.date(2018, 12, 24),
    " ２０１８年12月24号 ": dt.date(2018, 12, 24),
    "12月24日": dt.date(2018, 12, 24),
    "1月7日": dt.date(2019, 1, 7),
    "1.7": dt.date(2019, 1, 7),
    "今天": TODAY,
    "昨天": TODAY - dt.timedelta(1),
}
NO_DAY = ("2019-02-30", "20190230", "2019年2月30日", "2月30日")
NONSENSE = ("下周", "2019", "2019-1", "1-2-3-4", "<b>", "9" * 50)


def all_forms(kind=forms.BaseForm):
    for package in OURS:
        found = importlib.import_module(package)
        for module in pkgutil.walk_packages(found.__path__, f"{package}."):
            if ".forms" in module.name:
                importlib.import_module(module.name)
    waiting, seen = [kind], set()
    while waiting:
        for form in waiting.pop().__subclasses__():
            if form not in seen:
                seen.add(form)
                waiting.append(form)
    return sorted(
        (form for form in seen if form.__module__.startswith(OURS)),
        key=lambda form: (form.__module__, form.__qualname__),
    )


DAYS = [
    pytest.param(field, id=f"{form.__module__}.{form.__qualname__}.{name}")
    for form in all_forms()
    for name, field in form.base_fields.items()
    if isinstance(field, forms.DateField)
]


def test_there_are_as_many_dates_as_one_would_think():
    assert len(DAYS) > 20


@pytest.mark.parametrize("field", DAYS)
def test_every_date_takes_any_usual_form(field, winter):
    for typed, day in TYPED.items():
        sent = field.widget.value_from_datadict({"on": typed}, {}, "on")
        assert field.clean(sent) == day, typed


@pytest.mark.parametrize("field", DAYS)
def test_every_date_says_what_is_wrong_with_it(field, winter):
    for typed in NO_DAY:
        with pytest.raises(forms.ValidationError, match=r"没有这一天（.*2月30日）"):
            field.clean(field.widget.value_from_datadict({"on": typed}, {}, "on"))
    for typed in NONSENSE:
        with pytest.raises(forms.ValidationError, match=r"请写成.*这样的日期"):
            field.clean(field.widget.value_from_datadict({"on": typed}, {}, "on"))
    with pytest.raises(forms.ValidationError, match="年份"):
        field.clean(field.widget.value_from_datadict({"on": "1019-01-08"}, {}, "on"))


@pytest.mark.parametrize("field", DAYS)
def test_every_date_is_shown_as_it_may_be_typed_and_picked(field):
    html = field.widget.render("on", dt.date(2019, 1, 8), {"id": "id_on"})
    assert all(one in html for one in ('value="2019-01-08"', "data-day"))
    assert "<select" not in html


@pytest.mark.parametrize("field", DAYS)
def test_page_of_yesterday_sends_three_lists(field, winter):
    sent = {"on_year": "2019", "on_month": "1", "on_day": "7"}
    assert field.clean(field.widget.value_from_datadict(sent, {}, "on")) == dt.date(2019, 1, 7)
