import uuid

from django import forms
from django.utils.timezone import localdate

from campaigns.calendar import problem_with
from campaigns.choices import Group
from campaigns.models import ActivityKind, Campaign, Deadline, Measure, Stage
from qingchun.ground.edits import Edited
from qingchun.ground.fields import HeldNumber, NumberField, WordsField
from qingchun.ground.filters import Filter
from qingchun.ground.widgets import ChineseDate, years_around
from qingchun.organizations.choices import Level
from qingchun.organizations.models import Organization
from qingchun.stepping import StepForm, asking

MOST_PEOPLE = 1_000_000


class MultipleFileInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several files at once, which Django's own field takes one of."""

    widget = MultipleFileInput(attrs={"accept": "image/*", "multiple": True})

    def clean(self, data, initial=None):
        return [super(PhotosField, self).clean(file, initial) for file in data or ()]


class ActivityForm(forms.Form):
    """One entry of the log. Few fields first; everything the portal can work out is left out."""

    entry = forms.UUIDField(widget=forms.HiddenInput(attrs={"data-also-keep": ""}))
    kind = forms.ModelChoiceField(
        ActivityKind.objects.none(),
        label="项目",
        to_field_name="key",
        error_messages={"required": "请选择项目。", "invalid_choice": "没有这个项目，请重新选择。"},
    )
    held_on = forms.DateField(
        label="日期", error_messages={"invalid": "没有这一天，请重新选择日期。"}
    )
    place = WordsField("地点", 60, "请填写地点，如“县政府二楼会议室”。")
    participants = forms.IntegerField(
        label="参加人数",
        min_value=0,
        max_value=MOST_PEOPLE,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": "请填写参加人数，没有人数的填 0。",
            "min_value": "人数不能是负数。",
            "max_value": "人数太大了，请核对。一次活动最多填 100 万人次。",
            "invalid": "请填写整数。",
        },
    )
    title = WordsField("活动名称", 80, help_text="不填时按地点、项目和日期自动起名。")
    text = WordsField("简述", 2000, rows=3)
    photos = PhotosField(label="照片", required=False)

    def __init__(self, *args, campaign, kinds, activity=None, **kwargs):
        initial = {"entry": uuid.uuid4(), "held_on": self._usual_day(campaign)}
        if activity:
            initial |= {name: getattr(activity, name) for name in ("held_on", "place", "title")}
            initial |= {"entry": activity.pk, "participants": activity.participants}
            initial |= {"text": activity.text, "kind": activity.kind.key}
        super().__init__(*args, initial=initial | kwargs.pop("initial", {}), **kwargs)
        self.campaign, self.kinds = campaign, list(kinds)
        self.fields["kind"].queryset = kinds
        self.fields["held_on"].widget = ChineseDate(
            years=years_around(campaign.starts_on, campaign.ends_on, localdate())
        )
        for kind in self.kinds:
            for measure in kind.measures.all():
                figures = activity.figures if activity and activity.kind_id == kind.pk else {}
                self.fields[self._name(kind, measure)] = forms.IntegerField(
                    label=f"{measure.label}（{measure.unit}）",
                    required=False,
                    min_value=0,
                    max_value=MOST_PEOPLE,
                    initial=figures.get(measure.key),
                    widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
                    error_messages={"min_value": "不能是负数。", "max_value": "数太大了，请核对。"},
                )
        if activity:
            del self.fields["photos"]
            self.fields["version"] = HeldNumber(initial=activity.version, required=True)
            self.fields["reason"] = WordsField("修改原因", 200, "请写明修改原因。")

    @staticmethod
    def _usual_day(campaign):
        return min(max(localdate(), campaign.starts_on), campaign.ends_on)

    @staticmethod
    def _name(kind, measure):
        return f"figure_{kind.pk}_{measure.key}"

    def figures_of(self, kind):
        """The bound fields of one kind's own measures, for the template."""
        return [self[self._name(kind, measure)] for measure in kind.measures.all()]

    def clean_held_on(self):
        day = self.cleaned_data["held_on"]
        if problem := problem_with(day, self.campaign, localdate()):
            raise forms.ValidationError(problem)
        return day

    def values(self):
        """What the actions take; measures of other kinds than the chosen one are dropped."""
        clean, kind = dict(self.cleaned_data), self.cleaned_data["kind"]
        figures = {}
        for measure in next(k for k in self.kinds if k.pk == kind.pk).measures.all():
            value = clean.get(self._name(kind, measure))
            if value is not None:
                figures[measure.key] = value
        names = ("kind", "held_on", "place", "participants", "title", "text", "version", "reason")
        return {name: clean[name] for name in names if name in clean} | {"figures": figures}


class DayField(forms.DateField):
    """A day as it is typed, or none."""

    def __init__(self, *, label):
        errors = {"invalid": "日期请写成 2019-01-15 这样。"}
        widget = forms.DateInput(attrs={"inputmode": "numeric", "maxlength": 10})
        super().__init__(label=label, required=False, error_messages=errors, widget=widget)


class ActivityFilter(Filter):
    by = {"kind": "kind__key", "since": "held_on__gte", "until": "held_on__lte", "stage": "stage"}
    q = WordsField("搜索名称和简述", 40)
    kind = forms.ChoiceField(label="项目", required=False)
    unit = forms.ChoiceField(label="单位", required=False)
    since = DayField(label="从（如 2019-01-15）")
    until = DayField(label="到")
    stage = forms.IntegerField(required=False, min_value=0, max_value=99)
    checked = forms.ChoiceField(
        label="核对", required=False, choices=[("", "全部"), ("yes", "已核对"), ("no", "未核对")]
    )
    asked = forms.BooleanField(required=False)

    def __init__(self, *args, kinds, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "全部")] + [(k.key, k.short_name) for k in kinds]
        self.fields["unit"].choices = [("", "全部")] + [(u.code, u.short_name) for u in units]

    def narrow(self, activities):
        activities, clean = super().narrow(activities), self.cleaned_data
        if clean.get("unit"):
            activities = activities.within(clean["unit"])
        if clean.get("checked"):
            activities = activities.filter(checked_at__isnull=clean["checked"] == "no")
        if clean.get("asked"):
            activities = activities.with_open_questions()
        if clean.get("q"):
            activities = activities.mentioning(clean["q"])
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
    published_on = forms.DateField(label="发表日期", initial=localdate)

    def __init__(self, *args, campaign, **kwargs):
        super().__init__(*args, **kwargs)
        years = years_around(campaign.starts_on, localdate())
        self.fields["published_on"].widget = ChineseDate(years=years)

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

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        years = years_around(self.instance.starts_on, self.instance.ends_on, margin=1)
        for name in ("starts_on", "ends_on", "spring_festival_on"):
            self.fields[name].widget = ChineseDate(years=years)


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


class StageForm(Edited, forms.ModelForm):
    class Meta:
        model = Stage
        fields = ["starts_on", "ends_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        years = years_around(self.instance.starts_on, margin=1)
        empty = None if self.instance.ends_on else ("年", "月", "日")
        self.fields["starts_on"].widget = ChineseDate(years=years)
        self.fields["ends_on"].widget = ChineseDate(years=years, empty_label=empty)


class DeadlineForm(Edited, forms.ModelForm):
    reason = WordsField("依据", 200, "请写明依据，如“通知所印日期不存在，按当月最后一天执行”。")

    class Meta:
        model = Deadline
        fields = ["enforced_on", "reason"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        years = years_around(self.instance.enforced_on, margin=1)
        self.fields["enforced_on"].widget = ChineseDate(years=years)


class CopyForm(forms.Form):
    year = forms.IntegerField(label="哪一年春节", min_value=2015, max_value=2090)
    by_festival = forms.ChoiceField(
        label="日期怎么推", choices=[("no", "按公历同日"), ("yes", "按距春节天数")], initial="no"
    )

    def clean_by_festival(self):
        return self.cleaned_data["by_festival"] == "yes"


class ExtensionForm(forms.Form):
    organization = forms.ModelChoiceField(
        Organization.objects.filter(level=Level.CITY), label="哪个市"
    )
    until_on = forms.DateField(label="延至")
    reason = forms.CharField(label="原因", max_length=200)

    def __init__(self, *args, deadline, **kwargs):
        super().__init__(*args, **kwargs)
        years = years_around(deadline.enforced_on, localdate())
        self.fields["until_on"].widget = ChineseDate(years=years)
