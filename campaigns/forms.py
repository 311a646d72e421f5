from django import forms
from django.utils.timezone import localdate

from campaigns.choices import Group
from campaigns.models import ActivityKind, Campaign, Deadline, Measure, Stage
from qingchun.ground.edits import Edited
from qingchun.ground.fields import DayField, NumberField, WordsField
from qingchun.ground.filters import Filter
from qingchun.ground.pairs import plain
from qingchun.organizations.choices import Level
from qingchun.organizations.models import Organization
from qingchun.stepping import StepForm, asking


class ActivityFilter(Filter):
    by = {"since": "held_on__gte", "until": "held_on__lte", "stage": "stage"}
    span = ("since", "until")
    q = WordsField("搜索名称和简述", 40)
    kind = forms.ChoiceField(label="项目", required=False)
    unit = forms.ChoiceField(label="单位", required=False)
    since = DayField(label="从", required=False)
    until = DayField(label="到", required=False)
    stage = forms.IntegerField(label="阶段", required=False, min_value=0, max_value=99)
    checked = forms.ChoiceField(
        label="核对", required=False, choices=[("", "全部"), ("yes", "已核对"), ("no", "未核对")]
    )
    asked = forms.BooleanField(label="待答复", required=False)

    def __init__(self, *args, kinds, units, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = list(kinds)
        self.kinds = {key: pk for key, _, pk in kinds}
        self.fields["kind"].choices = [("", "全部"), *((key, name) for key, name, _ in kinds)]
        self.fields["unit"].choices = [("", "全部"), *units]
        self.fields["q"].widget.attrs.pop("maxlength")  # what a browser cuts off, nobody sees

    def clean_q(self):
        if len(plain(words := self.cleaned_data["q"])) == 1:
            raise forms.ValidationError("一个字找出来的太多，请再多写一个字。")
        return words

    def narrow(self, activities):
        activities, clean = super().narrow(activities), self.cleaned_data
        if clean.get("kind"):  # by its number: a join would hide from the index which one it is
            activities = activities.filter(kind=self.kinds[clean["kind"]])
        if clean.get("unit"):
            activities = activities.within(clean["unit"])
        if clean.get("checked"):
            activities = activities.filter(checked_at__isnull=clean["checked"] == "no")
        if clean.get("asked"):
            activities = activities.with_open_questions()
        return activities


ReasonForm = asking(reason=WordsField("原因", 200, "请写明原因。"))


class QuestionForm(StepForm):
    keep = True
    text = WordsField("要问的事", 300, "请写明要问什么。", rows=2)


class AnswerForm(forms.Form):
    text = WordsField("答复", 500, "请写明答复。", rows=2)


class CoverageForm(forms.Form):
    title = forms.CharField(label="标题", max_length=100)
    outlet = forms.CharField(label="媒体", max_length=40)
    url = forms.URLField(label="链接", required=False, assume_scheme="https")
    published_on = DayField(label="发表日期", initial=localdate)

    def clean_published_on(self):
        if self.cleaned_data["published_on"] > localdate():
            raise forms.ValidationError("发表日期还没到，请核对。")
        return self.cleaned_data["published_on"]


class CampaignForm(Edited, forms.ModelForm):
    least_kinds = NumberField(
        label="方案至少选几项", least=1, most=20, unit="项",
        help_text="通知要求从十项主要活动中重点选择几项。",
    )  # fmt: skip

    class Meta:
        model = Campaign
        fields = [
            "title", "theme", "season", "starts_on", "ends_on", "spring_festival_on",
            "least_kinds", "notice_title", "notice_text", "notice_file",
        ]  # fmt: skip
        field_classes = dict.fromkeys(("starts_on", "ends_on", "spring_festival_on"), DayField)


class KindForm(Edited, forms.ModelForm):
    """A kind of all cities; its group is said once, when it is added."""

    class Meta:
        model = ActivityKind
        fields = ["name", "short_name", "group", "run_by"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.stands:
            del self.fields["group"]
        else:
            ours = [one for one in Group.choices if one[0] != Group.INNOVATION]
            self.fields["group"].choices = [("", "请选择"), *ours]


class MeasureForm(Edited, forms.ModelForm):
    class Meta:
        model = Measure
        fields = ["label", "unit", "adds"]


MeasureFormSet = forms.inlineformset_factory(
    ActivityKind, Measure, MeasureForm, extra=1, max_num=12, can_delete=False
)


class AsPrinted(Edited):
    """Of a day that the notice prints in its own words."""

    def clean_printed(self):
        """A page that was opened before there was this field has no say in it."""
        is_asked = self.add_prefix("printed") in self.data
        return self.cleaned_data["printed"] if is_asked else self.instance.printed


class StageForm(AsPrinted, forms.ModelForm):
    class Meta:
        model = Stage
        fields = ["printed", "starts_on", "ends_on"]
        field_classes = {"starts_on": DayField, "ends_on": DayField}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        campaign = self.instance.campaign
        for name in ("starts_on", "ends_on"):
            self.fields[name].near(campaign.starts_on, campaign.ends_on)


class DeadlineForm(AsPrinted, forms.ModelForm):
    reason = WordsField("依据", 200, "请写明依据，如“通知所印日期不存在，按当月最后一天执行”。")

    class Meta:
        model = Deadline
        fields = ["printed", "enforced_on", "reason"]
        field_classes = {"enforced_on": DayField}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["enforced_on"].near(self.instance.enforced_on, self.instance.enforced_on)


class CopyForm(forms.Form):
    year = forms.IntegerField(label="哪一年", min_value=2015, max_value=2090)
    by_festival = forms.ChoiceField(
        label="日期怎么推", choices=[("no", "按公历同日"), ("yes", "按距春节天数")], initial="no"
    )

    def clean_by_festival(self):
        return self.cleaned_data["by_festival"] == "yes"


class ExtensionForm(forms.Form):
    organization = forms.ModelChoiceField(
        Organization.objects.filter(level=Level.CITY), label="哪个市"
    )
    until_on = DayField(label="延至")
    reason = forms.CharField(label="原因", max_length=200)

    def __init__(self, *args, instance, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance = instance  # the deadline
        self.fields["until_on"].near(instance.enforced_on, instance.enforced_on)
