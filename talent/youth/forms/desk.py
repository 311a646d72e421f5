"""What home's cadres fill in."""

from django import forms
from django.utils.functional import cached_property

from qingchun.accounts.models import Membership
from qingchun.ground.edits import Edited
from qingchun.ground.fields import DayField, PictureField, WordsField
from qingchun.ground.filters import Filter
from qingchun.organizations.choices import Level
from qingchun.organizations.fields import UnitField
from qingchun.stepping import StepForm
from talent.youth.actions.publishing import to_be_shown
from talent.youth.choices import (
    GroupClass,
    GroupState,
    Means,
    NoteKind,
    PostingKind,
    Want,
    YouthType,
)
from talent.youth.forms.fields import chips
from talent.youth.models import Hometown

PLACES = (Level.CITY, Level.COUNTY, Level.TOWNSHIP)


class YouthFilter(Filter):
    by = {"kind": "kind"}
    kind = forms.ChoiceField(
        label="身份", choices=[("", "全部"), *YouthType.choices], required=False
    )
    want = forms.ChoiceField(label="需要", choices=[("", "全部"), *Want.choices], required=False)
    joined = forms.ChoiceField(
        label="入群", choices=[("", "不限"), ("yes", "已入群"), ("no", "还没入群")], required=False
    )

    def narrow(self, found):
        found, clean = super().narrow(found), self.cleaned_data
        if clean.get("want"):
            found = found.filter(wants__contains=[clean["want"]])
        if clean.get("joined"):
            found = found.filter(is_joined=clean["joined"] == "yes")
        return found


class ContactForm(forms.Form):
    means = chips("怎么联系的", Means.choices)
    text = WordsField("情况", 300, "请写一句联系的情况。", rows=2)


class UnitForm(forms.Form):
    unit = UnitField(label="转到哪个单位", levels=PLACES)


class GroupForm(Edited, forms.Form):
    name = WordsField("群名", 40, "请填写群名。")
    kind = chips("面向", GroupClass.choices, initial=GroupClass.ALL)
    responsible = forms.ModelChoiceField(
        Membership.objects.none(), label="责任人", required=False, empty_label="还没有确定"
    )
    deputy = forms.ModelChoiceField(
        Membership.objects.none(), label="副责任人", required=False, empty_label="没有"
    )
    capacity = forms.IntegerField(
        label="人数上限", min_value=2, max_value=2000, initial=200, help_text="微信群最多 500 人。"
    )
    picture = PictureField(
        label="群二维码图片",
        required=False,
        help_text="在微信群里点“群二维码”，保存后选这张图。",
    )
    expires_on = DayField(
        label="二维码有效期至", required=False, help_text="到期前一天提醒责任人。"
    )
    state = forms.ChoiceField(label="状态", choices=GroupState.choices, initial=GroupState.OPEN)

    def __init__(self, *args, code, **kwargs):
        super().__init__(*args, **kwargs)
        posts = Membership.objects.filter(organization_id=code).working()
        for name in ("responsible", "deputy"):
            self.fields[name].queryset = posts.select_related("user", "organization")
            self.fields[name].label_from_instance = lambda post: (
                f"{post.user.name}（{post.post or post.get_role_display()}）"
            )

    def values(self):
        """Of a group that stands, what is to be changed; of a new one, all."""
        if not self.stands:
            return self.cleaned_data
        return {name: self.cleaned_data[name] for name in self.edited}

    def clean(self):
        values = super().clean()
        if values.get("deputy") and values.get("deputy") == values.get("responsible"):
            self.add_error("deputy", "副责任人和责任人不能是同一位。")
        return values


class NoteForm(forms.Form):
    kind = chips("类别", NoteKind.choices)
    title = WordsField("标题", 40, "请写标题。")
    text = WordsField(
        "内容", 500, "请写内容。", rows=4, error_messages={"max_length": "最多 500 字。"}
    )


class WordsForm(StepForm):
    """An answer, a question back, an addition."""

    keep = True

    text = WordsField(
        "内容",
        1000,
        "请先写内容。",
        rows=4,
        error_messages={"max_length": "最多 1000 字，请简短些。"},
    )


class AskBackForm(WordsForm):
    """What is still needed of whoever asks."""


class PassOnForm(StepForm):
    unit = UnitField(label="转给哪个单位", levels=PLACES)
    remark = WordsField("说明", 200)


class PublishForm(StepForm):
    asked = forms.CharField(label="问题", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    answered = forms.CharField(
        label="答复", max_length=1000, widget=forms.Textarea(attrs={"rows": 5})
    )

    def get_initial_for_field(self, field, name):
        """What is proposed is asked for where it is shown."""
        return self._proposed[name]

    @cached_property
    def _proposed(self):
        return dict(zip(("asked", "answered"), to_be_shown(self.record), strict=True))


class HometownForm(Edited, forms.ModelForm):
    class Meta:
        model = Hometown
        fields = ["greeting", "phone", "address", "hours"]


class PostingForm(forms.Form):
    kind = chips("类别", PostingKind.choices)
    title = WordsField("标题", 60, "请写标题。")
    text = WordsField("内容", 300, rows=3)
    link = forms.URLField(
        label="网址",
        required=False,
        assume_scheme="https",
        error_messages={"invalid": "网址不对，要以 https:// 开头。"},
    )
    on = DayField(label="日期", required=False)


class TextForm(Edited, forms.Form):
    text = forms.CharField(label="内容", max_length=4000, widget=forms.Textarea(attrs={"rows": 12}))
