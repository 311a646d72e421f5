"""The form of one entry of the log."""

import re
import uuid

from django import forms
from django.utils.timezone import localdate

from campaigns import checks
from campaigns.calendar import problem_with, running
from campaigns.checks import PEOPLE
from campaigns.choices import CampaignState
from campaigns.effort import spent_of
from campaigns.models import Activity, ActivityKind
from campaigns.used import used_before
from qingchun.ground.fields import DayField, HeldNumber, PictureField, WordsField
from qingchun.organizations.walls import current

MOST_PEOPLE = 1_000_000


class MultipleFileInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(PictureField):
    """Several files at once, which Django's own field takes one of."""

    widget = MultipleFileInput(attrs={"multiple": True})

    def clean(self, data, initial=None):
        return [super(PhotosField, self).clean(file, initial) for file in data or ()]


class ActivityForm(checks.Asks, checks.AsksWhichEdition, forms.Form):
    """One entry of the log. Few fields first; everything the portal can work out is left out."""

    entry = forms.UUIDField(widget=forms.HiddenInput(attrs={"data-also-keep": ""}))
    # How much work it was so far: see campaigns/effort.py. A page without the script says nothing.
    spent = forms.CharField(
        required=False, widget=forms.HiddenInput(attrs={"data-kept-too": "", "data-spent": ""})
    )
    kind = forms.ModelChoiceField(
        ActivityKind.objects.none(),
        label="项目",
        to_field_name="key",
        error_messages={"required": "请选择项目。", "invalid_choice": "没有这个项目，请重新选择。"},
    )
    held_on = DayField(label="日期")
    place = WordsField("地点", 60, "请填写地点，如“县政府二楼会议室”。")
    participants = forms.IntegerField(
        label="参加人数",
        min_value=0,
        max_value=MOST_PEOPLE,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": "请填写参加人数，没有人数的填 0。",
            "min_value": "人数不能是负数。",
            "max_value": "人数太大了，请核对。一次活动最多填 100 万人。",
            "invalid": "请填写整数。",
        },
    )
    title = WordsField("活动名称", 80, help_text="不填时按地点、项目和日期自动起名。")
    text = WordsField("简述", 2000, rows=3)
    photos = PhotosField(label="照片", required=False)

    def __init__(self, *args, campaign, kinds, activity=None, editions=(), **kwargs):
        initial = {"entry": uuid.uuid4(), "held_on": self._usual_day(campaign)}
        if activity:
            initial |= {name: getattr(activity, name) for name in ("held_on", "place", "title")}
            initial |= {"entry": activity.pk, "participants": activity.participants}
            initial |= {"text": activity.text, "kind": activity.kind.key}
        super().__init__(*args, initial=initial | kwargs.pop("initial", {}), **kwargs)
        self.activity, self.kept = activity, (activity and activity.sure) or {}
        self.campaign, self.kinds = campaign, list(kinds)
        # Into which a day may belong instead.
        self.editions = [one for one in editions if one.is_open]
        self.fields["kind"].queryset = kinds
        self.fields["held_on"].near(campaign.starts_on, campaign.ends_on)
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
        for name in ("place", "title", "text"):
            self.fields[name].widget.attrs["data-say"] = True
        if activity:
            del self.fields["photos"], self.fields["spent"]
            self.fields["version"] = HeldNumber(initial=activity.version, required=True)
            self.fields["reason"] = WordsField("修改原因", 200, "请写明修改原因。")

    @staticmethod
    def _usual_day(campaign):
        """Today, or the last day of an edition that is over; none of one that has not begun."""
        today = localdate()
        return min(today, campaign.ends_on) if today >= campaign.starts_on else None

    @staticmethod
    def _name(kind, measure):
        return f"figure_{kind.pk}_{measure.key}"

    def named(self, figures):
        """Figures by the keys of measures, under the names of their fields."""
        return {
            self._name(kind, measure): figures[measure.key]
            for kind in self.kinds
            for measure in kind.measures.all()
            if measure.key in figures
        }

    def figures_of(self, kind):
        """The bound fields of one kind's own measures, for the template."""
        return [self[self._name(kind, measure)] for measure in kind.measures.all()]

    def clean_spent(self):
        return spent_of(self.cleaned_data["spent"])

    def clean_held_on(self):
        day, campaign = self.cleaned_data["held_on"], self.campaign
        problem = problem_with(day, campaign, localdate())
        if day <= localdate() and not campaign.starts_on <= day <= campaign.ends_on:
            is_answered = "keeps" in self.data and not problem
            other = running(self.editions, day)
            self.ask_which(other, day, "登记到", is_answered=is_answered)
        if problem:
            raise forms.ValidationError(problem)
        return day

    def questions(self, clean):
        """What is unlikely in it: too many people, the same once more, a picture used before."""
        kind = next((k for k in self.kinds if clean.get("kind") and k.pk == clean["kind"].pk), None)
        if kind is None or self.campaign.state != CampaignState.OPEN:
            return
        most, people = getattr(kind, "most", None), clean.get("participants")
        if people is not None and self._is_new("participants", people):
            for question in checks.too_many("crowd", people, most, "本县以往最多的一场"):
                yield "participants", question
        for measure in kind.measures.all():
            name = self._name(kind, measure)
            if measure.unit in PEOPLE and clean.get(name) is not None:
                for question in checks.too_many(f"figure-{measure.key}", clean[name], None, ""):
                    yield name, question
        yield from ((None, question) for question in self._seen_before(kind, clean))

    def _is_new(self, name, value):
        """Not what an entry says already that is now corrected in something else."""
        return not self.activity or getattr(self.activity, name) != value

    def _seen_before(self, kind, clean):
        entry, day, place = clean.get("entry"), clean.get("held_on"), clean.get("place")
        if day and place and not self.activity:
            token = f"twice:{kind.pk}:{day}:{place}"
            same = Activity.objects.live().filter(kind=kind.pk, held_on=day, place=place)
            same = same.filter(organization=current()[0]).exclude(pk=entry)
            if before := token not in self.kept and same.values("title", "participants").first():
                said = f"{day:%-m月%-d日}在{place}已经登记过“{before['title']}”（{before['participants']:,} 人），"
                yield checks.Question(token, f"{said}这是另一场吗？", "是另一场")
        for photo, title in used_before(entry) if entry and not self.activity else ():
            said = f"有一张照片在“{title}”里用过，这一场也是这张吗？"
            yield checks.Question(f"photo:{photo}", said, "是同一张，就用它")

    def clean(self):
        clean = super().clean()
        kind = next((k for k in self.kinds if clean.get("kind") and k.pk == clean["kind"].pk), None)
        sexes = [
            clean.get(self._name(kind, measure)) or 0
            for measure in (kind.measures.all() if kind else ())
            if measure.unit in PEOPLE and re.search("[男女]", measure.label)
        ]
        if clean.get("participants") is not None and sum(sexes) > clean["participants"]:
            self.add_error(
                "participants", f"男女相加（{sum(sexes)}）比参加人数还多，请改成一致的。"
            )
        return clean

    def values(self):
        """What the actions take; measures of other kinds than the chosen one are dropped."""
        clean, kind = dict(self.cleaned_data), self.cleaned_data["kind"]
        figures = {}
        for measure in next(k for k in self.kinds if k.pk == kind.pk).measures.all():
            value = clean.get(self._name(kind, measure))
            if value is not None:
                figures[measure.key] = value
        names = (
            "kind", "held_on", "place", "participants", "title", "text", "version", "reason", "spent",
        )  # fmt: skip
        given = {name: clean[name] for name in names if name in clean}
        return given | {"figures": figures, "sure": self.confirmed}
