from django import forms

from qingchun.accounts.forms import CodeForm, PhoneField
from qingchun.ground.fields import AgreeField, PictureField
from qingchun.organizations.codes import county_of, is_below_county
from qingchun.organizations.models import Organization
from talent.youth.actions.checkin import too_young
from talent.youth.choices import Age, ConsentPurpose, Want, YouthType
from talent.youth.forms.consent import ConsentField, GuardianForm
from talent.youth.forms.fields import asking_facts


class PersonForm(asking_facts(lambda fact: fact.step == 1)):
    """Who somebody is: the questions of the first step."""

    township = forms.ChoiceField(label="家在哪个乡镇（街道）", required=False)

    def __init__(self, *args, unit, **kwargs):
        super().__init__(*args, **kwargs)
        self.unit = unit
        county = county_of(unit.code)
        towns = Organization.objects.within(county).active().filter(is_public=True)
        choices = towns.exclude(code=county).filter(level="township").values_list("code", "name")
        self.fields["township"].choices = [("", "不选也可以"), *choices]
        if is_below_county(unit.code):
            self.fields["township"].initial = unit.code

    def as_before(self):
        """What is known of whoever comes back, as people read it; nothing where something has to be
        asked anew."""
        if not all(self.initial.get(fact.name) for fact in self.asks if fact.missing):
            return []
        known = [
            (self.fields[name], self.initial.get(name)) for name in ("township", *self.asked())
        ]
        return [
            dict(getattr(field, "choices", ())).get(said, said) for field, said in known if said
        ]

    def asked(self):
        return [fact.name for fact in self.asks]

    def clean_age(self):
        if self.cleaned_data["age"] == Age.CHILD:
            raise forms.ValidationError(too_young(self.unit.code))
        return self.cleaned_data["age"]

    def home(self):
        """The township, or the county where none was chosen."""
        code = self.cleaned_data["township"] or county_of(self.unit.code)
        return self.unit if code == self.unit.code else Organization.objects.get(pk=code)


class CheckInForm(GuardianForm, CodeForm, PersonForm):
    """First step. A person whose number is proved already is not asked for it again."""

    agree_basic = ConsentField(
        ConsentPurpose.BASIC,
        "我已阅读并同意《个人信息处理告知书》",
        "要报到，请先阅读并勾选《个人信息处理告知书》。",
    )
    agree_messages = ConsentField(
        ConsentPurpose.MESSAGES,
        "同意家乡团组织给我发人才政策、节日问候等消息（可不选，随时可撤回）",
    )
    field_order = ("phone", "code", "name")

    def __init__(self, *args, is_known, agreed_before=(), is_proved=False, **kwargs):
        super().__init__(*args, **kwargs)
        if is_known:
            del self.fields["phone"]
        if is_known or is_proved:
            del self.fields["code"]
        if ConsentPurpose.BASIC in agreed_before:
            del self.fields["agree_basic"]
        if ConsentPurpose.MESSAGES in agreed_before:
            del self.fields["agree_messages"]
        self.asks_guardian(not {"agree_basic", "agree_messages"}.isdisjoint(self.fields))
        self.agreed_before = agreed_before

    def ticked(self):
        """The purposes ticked in this form, whether it asked for them or another page did."""
        return {
            p
            for p in (ConsentPurpose.BASIC, ConsentPurpose.MESSAGES)
            if self.data.get(f"agree_{p}")
        }

    def needs_guardian(self):
        return (
            "guardian_name" in self.fields
            and self.cleaned_data.get("age") == Age.TEEN
            and bool(self.ticked())
        )

    def agreed(self):
        """The purposes ticked here, and the basic one where it was agreed to before."""
        return self.ticked() | ({ConsentPurpose.BASIC} & set(self.agreed_before))


class OwnWordForm(forms.Form):
    """Of one of the family who has not agreed yet: nobody does it for another."""

    agree_basic = ConsentField(ConsentPurpose.BASIC, "", "请本人看过再勾选。")

    def __init__(self, *args, name, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agree_basic"].label = f"我是{name}本人，已阅读并同意《个人信息处理告知书》"


class MoreForm(GuardianForm, asking_facts(lambda fact: fact.step == 2)):
    """Second step, all of it voluntary."""

    wants = forms.MultipleChoiceField(
        label="我需要",
        choices=Want.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="选了，有合适的岗位、活动时家乡团委会联系您。",
    )
    agree_pool = ConsentField(
        ConsentPurpose.POOL, "同意加入家乡的乡村振兴青年人才库（选了“加入人才库”才需要）"
    )
    agree_matchmaking = ConsentField(
        ConsentPurpose.MATCHMAKING, "同意为参加青春有约使用我的姓名和电话（选了“青春有约”才需要）"
    )

    def __init__(self, *args, youth, agreed_before, **kwargs):
        super().__init__(*args, **kwargs)
        self.youth = youth
        self.asks_guardian(not youth.is_adult and ConsentPurpose.POOL not in agreed_before)
        if ConsentPurpose.POOL in agreed_before:
            del self.fields["agree_pool"]
        if ConsentPurpose.MATCHMAKING in agreed_before or not youth.is_adult:
            del self.fields["agree_matchmaking"]
        if not youth.is_adult:
            self.fields["wants"].choices = [
                choice for choice in Want.choices if choice[0] != Want.MATCHMAKING
            ]

    def values(self):
        clean = self.cleaned_data
        return {
            "wants": clean["wants"],
            "agreed": {
                purpose
                for purpose in (ConsentPurpose.POOL, ConsentPurpose.MATCHMAKING)
                if clean.get(f"agree_{purpose}")
            },
            "guardian": self.guardian(),
            **self.facts(),
        }

    def first(self):
        """What somebody of their class is asked."""
        return [self[fact.name] for fact in self.asks if self.youth.kind in (fact.of or YouthType)]

    def folded(self):
        return [bound for bound in self.questions() if bound not in self.first()]

    def is_open(self):
        """Whether anything folded was said."""
        return any(bound.value() for bound in self.folded())


class DoorForm(PersonForm):
    """Registration by a liaison for somebody without a phone at hand."""

    phone = PhoneField(label="手机号（没有可不填）", required=False)
    paper = PictureField(
        camera=True,
        label="签字的纸质同意书",
        help_text="拍清楚签名和日期。同意书可在“同意书”页打印。",
        error_messages={"required": "请拍一张本人签字的纸质同意书，没有同意书不能登记。"},
    )
    agree_messages = AgreeField(label="本人同意接收家乡消息", required=False)
    agree_pool = AgreeField(label="本人同意加入青年人才库", required=False)
    field_order = ("name", "phone")

    def agreed(self):
        return {
            purpose
            for purpose in (ConsentPurpose.MESSAGES, ConsentPurpose.POOL)
            if self.cleaned_data[f"agree_{purpose}"]
        }
