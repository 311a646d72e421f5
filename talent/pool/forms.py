"""What is filled in about the talent pool."""

import datetime as dt

from django import forms
from django.utils.timezone import localdate

from qingchun.accounts.models import Membership
from qingchun.accounts.phones import clean_phone
from qingchun.ground.edits import Edited
from qingchun.ground.fields import DayField, NameField, PictureField, WordsField
from qingchun.ground.filters import Filter
from qingchun.ground.prepared import prepared
from qingchun.organizations.models import Organization
from qingchun.stepping import StepForm
from talent.pool import identity
from talent.pool.choices import (
    Education,
    FoundBy,
    Heard,
    Intention,
    OfferKind,
    Stage,
    Support,
    Trade,
)
from talent.pool.imports.cells import SPLIT
from talent.pool.villages import village_name, villages_below
from talent.youth.choices import Means
from talent.youth.forms.fields import chips

ANY = ("", "全部")
SEASONS = (
    ("", "不限"),
    ("stale", "三个月以上没联系"),
    ("never", "还没联系过"),
    ("month", "一个月内"),
)
AGAIN = {"week": 7, "month": 30, "season": 90}


class PhoneField(forms.CharField):
    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})
        super().__init__(label="手机号", max_length=24, required=False, widget=widget, **kwargs)

    def clean(self, value):
        value = super().clean(value)
        return clean_phone(value) if value else ""


class IdentityField(forms.CharField):
    def __init__(self, **kwargs):
        super().__init__(
            label="身份证号", max_length=20, required=False,
            widget=forms.TextInput(attrs={"autocomplete": "off", "data-never-kept": True}),
            help_text="只用来查重，加密保存；本人同意以前只留查重用的记号。", **kwargs,
        )  # fmt: skip

    def clean(self, value):
        number = super().clean(value).strip().upper()
        if number and (problem := identity.problem_with(number)):
            raise forms.ValidationError(problem)
        return number


class SkillsField(forms.CharField):
    """Words with 、 between them. Cleans to a list."""

    def __init__(self, **kwargs):
        super().__init__(
            label="技能特长", max_length=200, required=False, help_text="几项之间用顿号隔开。",
            widget=forms.TextInput(attrs={"list": "skill-terms"}), **kwargs,
        )  # fmt: skip

    def prepare_value(self, value):
        return "、".join(value) if isinstance(value, list) else value

    def clean(self, value):
        words = [word for word in SPLIT.split(super().clean(value)) if word]
        if any(len(word) > 20 for word in words):
            raise forms.ValidationError("每项最多 20 个字，几项之间用顿号隔开。")
        return words


def _choice(label, choices, blank="不清楚"):
    return forms.ChoiceField(label=label, choices=[("", blank), *choices], required=False)


class OwnFactsForm(Edited, forms.Form):
    """What anybody may say about themselves, and cadres about them."""

    name = NameField()
    village = WordsField(
        "村（社区）", 40, widget=forms.TextInput(attrs={"list": "villages", "autocomplete": "off"})
    )
    birth_year = forms.IntegerField(
        label="出生年份", min_value=1880, max_value=9999, required=False,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "请写四位年份，如 1995。"),
    )  # fmt: skip
    education = _choice("学历", Education.choices)
    trade = _choice("行业", Trade.choices)
    skills = SkillsField()
    experience = WordsField("经历", 500, rows=3)
    doing = WordsField("现在做什么", 60)
    lives_at = WordsField("现居地", 40, help_text="从省写起，如北京市海淀区。")
    intention = _choice("返乡意向", Intention.choices)
    project = WordsField("项目或企业", 60)
    project_field = WordsField("项目做什么", 60)
    employs = forms.IntegerField(label="带动就业", min_value=0, max_value=100_000, required=False)
    supports = forms.MultipleChoiceField(
        label="需要的支持", choices=Support.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    support_text = WordsField("需要说明", 200)

    def __init__(self, *args, home="", **kwargs):
        """``home``: code of the county or township whose villages are offered."""
        super().__init__(*args, **kwargs)
        self.villages = villages_below(home) if home else []

    def clean_village(self):
        return village_name(self.cleaned_data["village"])

    def clean_birth_year(self):
        year = self.cleaned_data["birth_year"]
        if year and year > localdate().year - 14:
            raise forms.ValidationError("不满 14 周岁的不登记，请核对年份。")
        return year


class RecordForm(OwnFactsForm):
    """A cadre writes somebody down or puts a record right. ``home`` is chosen once."""

    phone = PhoneField()
    identity = IdentityField()
    qualities = WordsField(
        "身边人怎么说", 200, rows=2, help_text="有理想、有本领、有担当，写具体的事。"
    )
    found_by = _choice("怎么发现的", FoundBy.choices)
    heard = chips("这些情况从哪里了解的", Heard.choices, initial=Heard.PHONE)
    home = forms.ChoiceField(label="乡镇（街道）")
    # What waits until the person agrees is not even asked before.
    WAITING = ("education", "experience", "qualities")
    # Typed anew or left empty: what stands is not put into the page, and is compared by its mark.
    NUMBERS = ("phone", "identity")

    def __init__(self, *args, unit, record=None, **kwargs):
        home = record.organization_id if record else unit.code
        super().__init__(*args, home=home, record=record, **kwargs)
        self.record = record
        if record:
            del self.fields["home"], self.fields["found_by"]
            self.fields["phone"].help_text = f"现在是 {record.phone_shown or '空的'}，不改就不填。"
        else:
            homes = prepared(Organization.objects).active().within(unit.code)
            self.fields["home"].choices = [(home.code, home.name) for home in homes]
        if not record or not record.is_agreed:
            for name in self.WAITING:
                del self.fields[name]

    def clean(self):
        values = super().clean()
        given = {"phone", "identity"} & {*self.errors, *(k for k, v in values.items() if v)}
        if "home" in self.fields and not given:
            self.add_error("phone", "手机号和身份证号至少填一个，才能查重和联系。")
        return values

    def _compared(self):
        return [name for name in super()._compared() if name != "heard"]

    def _first(self, name):
        if self.record and name in self.NUMBERS:
            return getattr(self.record, f"{name}_mark")
        return super()._first(name)

    def _bring_together(self, name, stands, *marks):
        if name not in self.NUMBERS or self.cleaned_data[name]:
            super()._bring_together(name, stands, *marks)

    def _shown(self, name, stands):
        if name in self.NUMBERS:
            return (name == "phone" and self.record.phone_shown) or "另一个号码"
        return super()._shown(name, stands)

    def facts(self):
        known = (*OwnFactsForm.base_fields, "qualities", "found_by")
        return {name: self.cleaned_data[name] for name in known if name in self.fields}


class TalkForm(forms.Form):
    """Three taps on a phone: how, whether, done. Words when there are any."""

    means = chips("怎么联系的", Means.choices)
    reached = chips("结果", [("yes", "谈过了"), ("no", "没联系上")], initial="yes")
    again = chips(
        "下次联系",
        [("week", "一周后"), ("month", "一个月后"), ("season", "三个月后"), ("none", "不用了")],
        initial="season",
    )
    text = WordsField("谈了什么", 300, rows=2)
    promised = WordsField("答应的事", 200)
    on = DayField(label="哪天谈的", required=False)

    def values(self):
        clean = self.cleaned_data
        days = AGAIN.get(clean["again"])
        return {
            "means": clean["means"],
            "reached": clean["reached"] == "yes",
            "next_on": localdate() + dt.timedelta(days) if days else None,
            "text": clean["text"],
            "promised": clean["promised"],
            "on": clean["on"],
        }


class PoolFilter(Filter):
    """Narrows the pool. The words to look for are posted, not here."""

    unit = forms.ChoiceField(label="乡镇", required=False)
    stage = _choice("阶段", Stage.choices, "全部")
    trade = _choice("行业", Trade.choices, "全部")
    intention = _choice("意向", Intention.choices, "全部")
    skill = WordsField("技能", 20)
    talked = forms.ChoiceField(label="最近联系", choices=SEASONS, required=False)

    def __init__(self, *args, unit, **kwargs):
        super().__init__(*args, **kwargs)
        homes = prepared(Organization.objects).active().within(unit.code)
        self.fields["unit"].choices = [ANY, *homes.values_list("code", "name")]

    def asked(self):
        """Only what narrows, as it is kept with a search or an export."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class OfferForm(forms.Form):
    kind = chips("类别", OfferKind.choices)
    title = WordsField("名称", 60, "请写名称。")
    text = WordsField("说明", 300, rows=3)
    supports = forms.MultipleChoiceField(
        label="能给什么", choices=Support.choices, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一项。"},
    )  # fmt: skip
    trades = forms.MultipleChoiceField(
        label="适合行业", choices=Trade.choices, required=False,
        widget=forms.CheckboxSelectMultiple, help_text="不选就是都适合。",
    )  # fmt: skip
    until_on = DayField(label="有效期至", required=False)


class PaperForm(forms.Form):
    paper = PictureField(
        label="纸质同意书照片",
        error_messages={"required": "请拍一张本人签字的纸质同意书。"},
    )  # fmt: skip


class WhyForm(StepForm):
    why = WordsField(
        "为什么移出", 100, "请写明为什么移出，不写姓名和电话。", help_text="不写姓名和电话。"
    )


class ReasonForm(forms.Form):
    number = forms.IntegerField(
        label="编号",
        min_value=1,
        max_value=2**31 - 1,
        error_messages={
            "required": "请填写编号。",
            "invalid": "编号是数字。",
            "max_value": "没有这个编号，请核对。",
        },
    )
    reason = WordsField(
        "理由",
        200,
        "请写明理由。",
        min_length=6,
        error_messages={"min_length": "请把理由写清楚，至少 6 个字。"},
    )


class FollowerForm(Edited, forms.Form):
    follower = forms.ModelChoiceField(
        Membership.objects.none(), label="联系人", required=False, empty_label="本单位责任人"
    )

    def __init__(self, *args, code, **kwargs):
        super().__init__(*args, **kwargs)
        posts = Membership.objects.within(code).working()
        self.fields["follower"].queryset = posts.select_related("user", "organization")
        self.fields["follower"].label_from_instance = lambda post: (
            f"{post.user.name}（{post.organization.name}）"
        )


class TermForm(Edited, forms.Form):
    name = WordsField("技能", 20, "请写技能名称。")
    others = SkillsField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["others"].label = "别的叫法"
        self.fields["others"].widget.attrs.pop("list", None)
