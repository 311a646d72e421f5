"""Forms of what is kept for others and of publicity."""

from django import forms

from qingchun.accounts.phones import clean_phone
from qingchun.ground.edits import Edited
from qingchun.ground.fields import DayField, NameField, PictureField, WordsField
from qingchun.ground.pasted import clean
from reports.library.choices import Others
from reports.library.models import Exemplar, KitItem, Policy, Practice, Spot
from talent.youth.choices import ConsentPurpose
from talent.youth.forms.consent import ConsentField, GuardianForm
from talent.youth.forms.fields import chips

LONGEST = 4000


def choose(field):
    """A list that asks to be chosen from, in words."""
    field.choices = [("", "请选择"), *(pair for pair in field.choices if pair[0])]


class CleanText(forms.CharField):
    """Text as it was pasted, kept as clean text."""

    widget = forms.Textarea(attrs={"rows": 4})

    def to_python(self, value):
        return clean(super().to_python(value) or "")


def long_text(label, help_text="", *, required=False):
    return CleanText(label=label, required=required, max_length=LONGEST, help_text=help_text)


class PracticeForm(Edited, forms.ModelForm):
    situation = long_text("什么情况", "遇到什么问题，青年怎么说的。")
    did = long_text("怎么做的", "谁牵头、谁配合、分几步。")
    took = long_text("花了什么", "人手、时间、经费、场地。")
    outcome = long_text("结果怎样", "写看得见的变化，数字会和登记对得上。")
    copying = long_text("别处怎么照着做", "没有这些条件的地方，最少要做哪几步。")
    evidence = forms.ModelMultipleChoiceField(
        label="依据（做这件事的登记）",
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "有一条登记刚被删除，请重新勾选。"},
    )

    class Meta:
        model = Practice
        fields = ["title", "place", *(name for name, _ in Practice.PARTS), "evidence"]

    def __init__(self, *args, entries, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["evidence"].queryset = entries
        self.fields["evidence"].label_from_instance = lambda activity: (
            f"{activity.held_on:%-m月%-d日} {activity.title}"
        )

    def _save_m2m(self):
        """The action writes down what shows a practice."""


class ExemplarForm(Edited, forms.ModelForm):
    field_order = ("name", "phone", "place", "title", "story")
    name = NameField()
    phone = WordsField(
        "手机号",
        20,
        help_text="号码本身不保存，只留一个记号：本人用它登录，可以同意、随时撤回。改别的内容时不用再填。",
    )
    story = long_text("事迹", "写清做了什么、带动了谁，不写家庭住址和证件。")
    picture = PictureField(label="照片", required=False)
    paper = PictureField(
        label="本人签字的同意书（照片）", required=False, help_text="不公开，只作凭证。"
    )

    class Meta:
        model = Exemplar
        fields = ["name", "place", "title", "story"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["title"].required = True

    def clean_phone(self):
        phone = self.cleaned_data["phone"].strip()
        return clean_phone(phone) if phone else ""


class PolicyForm(Edited, forms.ModelForm):
    how = long_text("怎么办", "去哪里、带什么、找谁、几天办好。", required=True)
    link = forms.URLField(
        label="原文链接",
        required=False,
        assume_scheme="https",
        error_messages={"invalid": "链接不完整，请从浏览器地址栏整条复制。"},
    )
    valid_until = DayField(label="有效期到", required=False)

    class Meta:
        model = Policy
        fields = [
            "title", "kind", "who", "amount", "how", "source", "link", "valid_until", "is_lasting",
        ]  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choose(self.fields["kind"])

    def clean(self):
        cleaned = super().clean()
        until, lasting = cleaned.get("valid_until"), cleaned.get("is_lasting")
        if "valid_until" not in self.errors and bool(until) == bool(lasting):
            self.add_error(
                "valid_until",
                "有日期就不勾“长期有效”，两样只选一样。"
                if until
                else "请选有效期到哪一天；文件没有写的，勾“长期有效”。",
            )
        return cleaned


class KitForm(forms.ModelForm):
    file = forms.FileField(label="文件", required=False)
    text = long_text("文字", "可以整段复制去发的图文。")
    link = forms.URLField(
        label="链接",
        required=False,
        assume_scheme="https",
        error_messages={"invalid": "链接不完整，请从浏览器地址栏整条复制。"},
    )

    class Meta:
        model = KitItem
        fields = ["kind", "title", "file", "text", "link"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choose(self.fields["kind"])


class SpotForm(Edited, forms.ModelForm):
    since = DayField(label="从哪天起")
    picture = PictureField(label="照片", required=False)

    class Meta:
        model = Spot
        fields = ["kind", "name", "what", "since"]

    def __init__(self, *args, campaign, **kwargs):
        super().__init__(*args, **kwargs)
        choose(self.fields["kind"])
        self.fields["since"].near(campaign.starts_on, campaign.ends_on)


class StoryForm(forms.Form):
    """What was written about somebody is shown to all once they agree."""

    agree = ConsentField(
        ConsentPurpose.STORY,
        "我已看过，同意公开我的姓名、事迹和照片",
        "要公开，请先看过同意书再勾选。",
    )


class VoiceForm(GuardianForm):
    field_order = ("called", "words", "picture", "others", "agree", *GuardianForm.GUARDIAN)
    called = forms.CharField(label="怎么称呼", max_length=12, help_text="写昵称或姓氏，会公开。")
    words = forms.CharField(label="一句话", max_length=60, help_text="最多 60 字。")
    picture = PictureField(label="照片", help_text="家乡的景、物、人。别人的照片要先问过本人。")
    others = chips("照片里还认得出别人吗", Others.choices, error="请选一项：照片里还有没有别人。")
    agree = ConsentField(
        ConsentPurpose.VOICE,
        "我已看过，同意公开我的照片和话",
        "要公开，请先看过同意书再勾选。",
    )

    def __init__(self, *args, is_adult, **kwargs):
        super().__init__(*args, **kwargs)
        self.asks_guardian(not is_adult)

    def values(self):
        said = {name: self.cleaned_data[name] for name in ("called", "words", "picture", "others")}
        return said | {"guardian": self.guardian()}
