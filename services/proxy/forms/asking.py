"""What somebody fills in who asks for something to be done."""

import datetime as dt

from django import forms
from django.utils.timezone import localdate

from qingchun.accounts.forms import LastFourField, PhoneField
from qingchun.accounts.landlines import LandlineField
from qingchun.ground.fields import AgreeField, HeldNumber, NameField, PictureField, WordsField
from qingchun.organizations.codes import is_below_county
from qingchun.organizations.models import Organization
from qingchun.stepping import StepForm
from services.proxy.actions.asking import entitled_problem
from services.proxy.choices import Beneficiary, HandoverMethod, Possible, Relation, Satisfaction
from services.proxy.models import Slot
from talent.youth.choices import ConsentPurpose
from talent.youth.forms.consent import ConsentField
from talent.youth.forms.fields import chips

MOST_SLOTS = 60
MANDATE_DAYS = (("30", "一个月"), ("60", "两个月"), ("90", "三个月"))


class HourPicker(forms.RadioSelect):
    """Hours to tap, a fold for each day; the style sheet shows those of the way that is chosen."""

    def create_option(self, name, value, label, *args, **kwargs):
        option = super().create_option(name, value, label, *args, **kwargs)
        option["attrs"]["data-way"] = getattr(label, "way", "")
        return option


class Hour(str):
    """9:00—11:00 区政务大厅，还能约 3 位; ``way``: how papers come in it."""

    way = ""


def by_day(slots, none):
    """Choices of hours in their order: none at all, then (1月9日（周三）, those of it)."""
    days = {}
    for slot in slots:
        day, _, hours = slot.in_words.partition("）")
        place = f" {slot.place}" if slot.place else ""
        hour = Hour(f"{hours}{place}，还能约 {slot.left} 位")
        hour.way = slot.way
        days.setdefault(f"{day}）", []).append((str(slot.pk), hour))
    return [("", none), *days.items()]


class RequestForm(forms.Form):
    """For whom, how the papers come, when: the same online and at the door."""

    number = HeldNumber(required=True)
    relation = chips("给谁办", Relation.choices, error="请选给谁办。")
    beneficiary = chips("办事人是", Beneficiary.choices, error="请选办事人是哪一类。")
    name = NameField(label="办事人姓名")
    township = forms.ChoiceField(label="在哪个乡镇（街道）", required=False)
    way = chips("材料怎么交", HandoverMethod.choices, error="请选材料怎么交。")
    place = WordsField("上门地址", 80, help_text="选上门取件的填写，写到村和门牌就行。")
    slot = forms.ChoiceField(
        label="约个时间",
        required=False,
        widget=HourPicker,
        help_text="不约也可以，代办员会联系您。",
        error_messages={"invalid_choice": "这个时段刚刚约满了，请另选一个。"},
    )
    landline = LandlineField(
        label="办事人的座机",
        required=False,
        help_text="办事人没有手机的填写，连区号一起写，如 0351-7175001。",
    )
    wish = WordsField("要说明的", 200, rows=2)
    until = chips("委托多久", MANDATE_DAYS, initial="30", error="请选委托多久。")

    def __init__(self, *args, version, **kwargs):
        super().__init__(*args, **kwargs)
        self.version = version
        county = version.item.organization_id
        self.fields["number"].initial = version.number
        self.fields["beneficiary"].choices = [
            (key, Beneficiary(key).label) for key in version.for_whom
        ]
        if len(version.for_whom) == 1:
            self.fields["beneficiary"].initial = version.for_whom[0]
        towns = Organization.objects.within(county).active().filter(level="township")
        self.fields["township"].choices = [
            ("", "不选也可以"),
            *towns.filter(is_public=True).values_list("code", "name"),
        ]
        self.slots = {str(s.pk): s for s in Slot.objects.within(county).free()[:MOST_SLOTS]}
        self.fields["slot"].choices = by_day(self.slots.values(), "不约时间")
        if not version.needs_mandate:
            del self.fields["until"]
        if version.possible == Possible.SELF:
            # Nothing is handed over: the person comes, and somebody goes along.
            del self.fields["way"], self.fields["place"]
            self.fields["slot"].label = "预约哪个时间"

    def clean_slot(self):
        """An hour of another way of handing papers over is no hour for this request."""
        chosen = self.cleaned_data["slot"]
        way = self.cleaned_data.get("way") or HandoverMethod.DROP
        if chosen and self.slots[chosen].way != way:
            raise forms.ValidationError("这个时段不是您选的交材料方式，请另选一个。")
        return int(chosen) if chosen else None

    def clean(self):
        clean = super().clean()
        if clean.get("way") == HandoverMethod.VISIT and not clean.get("place"):
            self.add_error("place", "选上门取件的，请写上门地址。")
        if clean.get("relation") and clean.get("beneficiary"):
            problem = entitled_problem(self.version, clean["relation"], clean["beneficiary"])
            if problem:
                self.add_error("beneficiary", problem)
        return clean

    def home(self):
        code = self.cleaned_data["township"] or self.version.item.organization_id
        return Organization.objects.get(pk=code)

    def until_on(self):
        days = self.cleaned_data.get("until")
        return localdate() + dt.timedelta(int(days)) if days else None

    def facts(self):
        names = ("relation", "beneficiary", "name", "place", "landline", "wish", "asker_name")
        facts = {name: self.cleaned_data.get(name) or "" for name in names}
        return facts | {"way": self.cleaned_data.get("way") or HandoverMethod.DROP}

    def what(self):
        """What the action wants besides who asks."""
        return {
            "number": self.cleaned_data["number"],
            "home": self.home(),
            "facts": self.facts(),
            "until_on": self.until_on(),
            "slot_id": self.cleaned_data["slot"],
        }


class HourForm(StepForm):
    """Another hour for a case, or none any more."""

    slot = forms.TypedChoiceField(
        label="约哪个时间",
        required=False,
        widget=HourPicker,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": "请从列表里选一个时间，刚刚约满的不能再选。"},
    )

    def __init__(self, data=None, *, record, user):
        super().__init__(data, record=record, user=user)
        self.fields["slot"].choices = self._hours  # asked for when the form is shown

    def _hours(self):
        case = self.record
        free = Slot.objects.for_case(case).exclude(pk=case.slot_id)[:MOST_SLOTS]
        return by_day(free, "不约了" if case.slot_id else "先不约")


class AskForm(RequestForm):
    """Online, for oneself or for one's family."""

    name = NameField(label="办事人姓名", required=False, help_text="给自己办的不用填。")
    asker_name = NameField(label="您的姓名")
    agree = ConsentField(
        ConsentPurpose.PROXY,
        "我已阅读并同意《民事代办告知书》",
        "要登记，请先阅读并勾选《民事代办告知书》。",
    )
    agree_family = AgreeField(
        label="替家人办的：我已征得本人同意（未成年子女的，我是监护人）", required=False
    )
    acts_for = forms.BooleanField(
        label="家人没有手机，单独建一份档案，由我代办",
        required=False,
        help_text="以后在“我的—换一位家人”里选他（她），办件、导出和删除都是他（她）自己的。",
    )
    field_order = (
        "number",
        "asker_name",
        "relation",
        "name",
        "acts_for",
        "landline",
        "beneficiary",
    )

    def clean(self):
        clean = super().clean()
        if clean.get("relation") and clean["relation"] != Relation.SELF:
            if not clean.get("agree_family"):
                self.add_error("agree_family", "替家人办的，请先征得本人同意再勾选这一项。")
            if not clean.get("name") and "name" not in self.errors:
                self.add_error("name", "替家人办的，请写办事人的姓名。")
        return clean

    def what(self):
        is_family = self.cleaned_data["relation"] != Relation.SELF
        return super().what() | {"acts_for": is_family and self.cleaned_data["acts_for"]}

    def facts(self):
        """For oneself, the name is one's own."""
        facts = super().facts()
        if facts["relation"] == Relation.SELF:
            facts |= {"name": facts["asker_name"], "asker_name": ""}
        return facts


class DoorForm(RequestForm):
    """At the door, by a liaison."""

    phone = PhoneField(
        label="联系电话（没有可不填）",
        required=False,
        help_text="老人没有手机的，填在外子女的号码，子女凭编号和后四位就能看进展。",
    )
    asker_name = NameField(label="联系人姓名（不是本人时填）", required=False)
    paper = PictureField(
        camera=True,
        label="签字的委托书",
        help_text="拍清楚签名和日期。委托书可在“委托书”页打印。",
        error_messages={"required": "请拍一张本人签字的委托书，没有签字不能登记。"},
    )
    field_order = ("number", "relation", "beneficiary", "name", "landline", "phone", "asker_name")

    def __init__(self, *args, unit, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["relation"].label = "办事人是联系人的"
        self.fields["relation"].choices = [
            (Relation.SELF, "本人"),
            *[choice for choice in Relation.choices if choice[0] != Relation.SELF],
        ]
        if is_below_county(unit.code):
            self.fields["township"].choices = [(unit.code, unit.name)]
            self.fields["township"].required = True
            self.fields["township"].initial = unit.code

    def facts(self):
        return super().facts() | {"phone": self.cleaned_data["phone"]}


class StatusForm(forms.Form):
    number = WordsField(
        "编号",
        20,
        "请填写登记单上的 8 位编号。",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    last_four = LastFourField(error_messages={"required": "请填写登记时留的手机号后四位。"})


class MandateForm(StepForm):
    until = forms.ChoiceField(
        label="从今天起",
        choices=MANDATE_DAYS,
        error_messages={"required": "请选委托多久。", "invalid_choice": "请选委托多久。"},
    )

    def clean(self):
        until = super().clean().pop("until", 0)
        return {"until_on": localdate() + dt.timedelta(int(until))}


class RateForm(StepForm):
    satisfaction = forms.TypedChoiceField(
        label="这次办得怎么样",
        choices=Satisfaction.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "请选一项。"},
    )
    word = WordsField("想说的话", 200)
