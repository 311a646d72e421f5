"""What a county fills in of a vacancy, what somebody who looks for work does."""

import datetime as dt

from django import forms
from django.utils.timezone import localdate

from qingchun.ground.edits import Edited
from qingchun.ground.fields import AgreeField, DayField, NumberField, WordsField
from qingchun.ground.filters import Filter
from qingchun.ground.province import HOME
from qingchun.organizations.choices import Level
from qingchun.organizations.codes import city_of, county_of
from qingchun.organizations.models import Organization
from qingchun.stepping import asking
from services.vacancies.choices import MOST_DAYS, MOST_PAY, MOST_PEOPLE, What, Why
from services.vacancies.models import Vacancy
from talent.pool.choices import Trade
from talent.youth.choices import ConsentPurpose
from talent.youth.forms.consent import ConsentField, GuardianForm
from talent.youth.forms.fields import chips

LEAST_PAY = 500


class VacancyForm(Edited, forms.ModelForm):
    """A vacancy. That the employer was looked at is said once, when it is put up."""

    pay_from = NumberField(
        label="月薪从（元）", least=LEAST_PAY, most=MOST_PAY, required=False,
        help_text="两个都不填，就是面议。",
    )  # fmt: skip
    pay_to = NumberField(label="到（元）", least=LEAST_PAY, most=MOST_PAY, required=False)
    people = NumberField(label="招几人", least=1, most=MOST_PEOPLE)
    until = DayField(label="招到哪天", help_text="过了这一天自动不招。")
    vouch = AgreeField(
        label="我们看过用人单位的证照，岗位属实，不向求职的人收钱",
        error_messages={"required": "请先核实用人单位和岗位，再勾选。"},
    )

    class Meta:
        model = Vacancy
        fields = (
            "title", "employer", "trade", "place", "pay_from", "pay_to", "people", "until", "text",
            "contact_name", "contact_phone",
        )  # fmt: skip
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "place": "写到路和门牌，导航找得到。",
            "contact_name": "会公开，写之前问过本人。",
            "contact_phone": "会公开。不填的，写本县团委的电话。",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["trade"].choices = [("", "请选择"), *Trade.choices]
        if self.stands:
            del self.fields["vouch"]
        for name, field in self.fields.items():
            if field.required and name != "vouch":
                chosen = "请选一个行业。" if name == "trade" else f"请填写{field.label}。"
                field.error_messages["required"] = chosen

    def clean_until(self):
        day = self.cleaned_data["until"]
        if day == self.instance.until:  # of one that is over, something else is put right
            return day
        today = localdate()
        if day < today:
            raise forms.ValidationError("这一天已经过了，请写今天或以后。")
        if day > today + dt.timedelta(MOST_DAYS):
            raise forms.ValidationError(f"最多招 {MOST_DAYS} 天，到时还招，再改晚一些。")
        return day

    def clean(self):
        clean = super().clean()
        low, high = clean.get("pay_from"), clean.get("pay_to")
        if not {"pay_from", "pay_to"} & set(self.errors):
            if low and not high:
                clean["pay_to"] = low
            elif high and not low:
                self.add_error("pay_from", "请也填从多少；面议的两个都不填。")
            elif low and high < low:
                self.add_error("pay_to", "“到”不能少于“从”。")
        return clean


TakeDownForm = asking(why=chips("为什么下架", Why.choices, error="请选为什么下架。"))
AnswerForm = asking(
    said=WordsField("怎么答复的（本人会看到）", 200, "请写一句：联系上没有，下一步怎么办。", rows=2)
)


class VacancyFilter(Filter):
    """Of the public list. A place leads to its own page: see ``views.public``."""

    by = {"trade": "trade"}
    place = forms.ChoiceField(label="地方", required=False)
    trade = forms.ChoiceField(label="行业", choices=[("", "全部"), *Trade.choices], required=False)
    what = forms.ChoiceField(label="哪一类", choices=[("", "全部"), *What.choices], required=False)

    def __init__(self, data, *, here):
        data = data.copy()
        data.setdefault("place", here.code)  # or narrowing by a trade would leave the place
        super().__init__(data)
        self.fields["place"].choices = places_from(here)

    @property
    def is_narrowed(self):
        return any(self.data.get(name) for name in ("trade", "what"))


def places_from(here):
    """(code, name) of where one can look from a place: all of the province, its cities; of a city
    all of it, and its counties."""
    whole = [(HOME.code, f"全省（{HOME.short}）")]
    open_to_all = Organization.objects.active().filter(is_public=True)
    if here.level == Level.PROVINCE:
        return whole + list(open_to_all.cities().values_list("code", "name"))
    city = city_of(here.code)
    found = open_to_all.within(city).filter(level__in=(Level.CITY, Level.COUNTY))
    return whole + [
        (code, f"全市（{name}）" if code == city else name)
        for code, name in found.values_list("code", "name")
    ]


class WorkForm(GuardianForm):
    """Something that rests on the consent to look for work at home, asked for once."""

    def __init__(self, *args, youth, agreed_before, label, **kwargs):
        super().__init__(*args, **kwargs)
        asks = ConsentPurpose.WORK not in agreed_before
        if asks:
            self.fields["agree_work"] = ConsentField(
                ConsentPurpose.WORK, label, "请先看过同意书再勾选。"
            )
        self.asks_guardian(asks and not youth.is_adult)
        for name in ("agree_work", *self.GUARDIAN):  # behind what is asked
            if name in self.fields:
                self.fields[name] = self.fields.pop(name)

    def consent(self):
        given = {ConsentPurpose.WORK} if self.cleaned_data.get("agree_work") else set()
        return {"agreed": given, "guardian": self.guardian()}


class WantForm(WorkForm):
    """我想去."""

    words = WordsField(
        "想说的话（可不填）", 200, rows=2, help_text="会做什么、什么时候能上班、几点方便接电话。"
    )

    def __init__(self, *args, unit, **kwargs):
        label = f"我已看过，同意{unit.full_name}看到我的姓名和手机号"
        super().__init__(*args, label=label, **kwargs)


class WatchForm(WorkForm):
    """有合适的告诉我."""

    trades = forms.MultipleChoiceField(
        label="哪些行业（不选就是都可以）", choices=Trade.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    place = chips("在哪里上班", (), error="请选一个地方。")

    def __init__(self, *args, youth, stands, **kwargs):
        initial = {"place": county_of(youth.organization_id)}
        if stands:
            initial = {"place": stands.organization_id, "trades": stands.trades}
        label = "我已看过，同意有合适的岗位时告诉我"
        super().__init__(*args, youth=youth, label=label, initial=initial, **kwargs)
        # Home's county, its city, all of the province; and what was chosen before a move.
        county = county_of(youth.organization_id)
        codes = {county, city_of(county), HOME.code, initial["place"]}
        units = Organization.objects.filter(pk__in=codes).order_by("-code")
        self.fields["place"].choices = [(unit.code, unit.place) for unit in units]
