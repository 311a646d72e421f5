"""What the desk fills in."""

import datetime as dt

from django import forms
from django.utils.timezone import localdate

from qingchun.accounts.models import Membership
from qingchun.ground.fields import DayField, WordsField
from qingchun.ground.filters import Filter
from qingchun.ground.prepared import prepared
from qingchun.organizations.codes import county_of
from qingchun.organizations.fields import UnitField
from qingchun.stepping import StepForm, asking
from services.proxy.choices import OPEN, CaseState, Form, HandoverMethod, Wrong
from services.proxy.models import Paper
from talent.youth.forms.fields import chips

HOURS = (
    ("9:00-11:00", "上午 9:00—11:00"),
    ("11:00-12:00", "11:00—12:00"),
    ("14:30-16:00", "下午 14:30—16:00"),
    ("16:00-17:30", "16:00—17:30"),
    ("19:00-20:30", "晚上 19:00—20:30"),
)


class CaseFilter(Filter):
    by = {"office": "version__office"}
    state = forms.ChoiceField(
        label="状态", choices=[("", "在办"), *CaseState.choices, ("all", "全部")], required=False
    )
    office = forms.ChoiceField(label="部门", required=False)
    mine = forms.ChoiceField(
        label="代办员",
        choices=[("", "不限"), ("1", "我的"), ("none", "还没有人接")],
        required=False,
    )

    def __init__(self, *args, offices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["office"].choices = [("", "全部"), *offices]

    def narrow(self, found, user):
        found, clean = super().narrow(found), self.cleaned_data
        state, mine = clean.get("state"), clean.get("mine")
        if not state:
            found = found.filter(state__in=OPEN)
        elif state != "all":
            found = found.filter(state=state)
        if mine == "1":
            found = found.filter(agent=user.acting)
        elif mine == "none":
            found = found.nobodys(user.scope)
        return found


TextForm = asking(text=WordsField("说明（本人会看到）", 200, rows=2))


class WaitForm(TextForm):
    """With what is wrong with which papers, from fields named wrong-<id>."""

    def clean(self):
        return super().clean() | {"wrong": wrong_papers(self.data)}


def wrong_papers(data):
    """Paper id → what is wrong."""
    names = {name: name.removeprefix("wrong-") for name in data if name.startswith("wrong-")}
    return {
        int(pk): data[name]
        for name, pk in names.items()
        if pk.isdecimal() and len(pk) < 12 and data[name] in Wrong.values
    }


ReasonForm = asking(
    text=WordsField("为什么（本人会看到）", 200, "请写明原因，本人会看到。", rows=2)
)


class NoteForm(forms.Form):
    text = WordsField(
        "说明", 200, "请先写内容。", rows=2, error_messages={"max_length": "最多 200 字。"}
    )
    is_shown = forms.BooleanField(label="告诉本人", required=False)


class ExtendForm(StepForm):
    days = forms.IntegerField(
        label="延几个工作日", min_value=1, max_value=60, error_messages={"required": "请写几天。"}
    )
    text = WordsField("为什么（本人会看到）", 200, "请写明为什么要延期。")


class PostField(forms.ModelChoiceField):
    """One of the agents."""

    def __init__(self):
        super().__init__(
            Membership.objects.none(),
            label="交给谁",
            empty_label="请选代办员",
            error_messages={"required": "请选一位代办员。"},
        )

    def among(self, posts):
        """A list is opened more often than somebody is chosen, and a select asks its choices twice."""
        self.queryset = posts
        told = posts.values_list("pk", "user__name", "organization__short_name")
        named = [(pk, f"{name}（{unit}）") for pk, name, unit in told]
        self.choices = [("", self.empty_label), *named]


class AgentForm(StepForm):
    agent = PostField()

    def __init__(self, data=None, *, record, user):
        super().__init__(data, record=record, user=user)
        codes = {record.organization_id, county_of(record.organization_id)}
        posts = prepared(Membership.objects).filter(organization_id__in=codes).working()
        self.fields["agent"].among(posts.exclude(pk=record.agent_id))


class AgentOfManyForm(forms.Form):
    """Who is to have several cases at once; of which units each may go to, the step says."""

    agent = PostField()

    def __init__(self, data=None, *, user):
        super().__init__(data)
        self.fields["agent"].among(prepared(Membership.objects).within(user.scope).working())


class HandOverForm(forms.Form):
    unit = UnitField(label="转到哪个单位")
    text = WordsField("为什么（本人会看到）", 200, "请写明为什么转出。")


class PapersForm(StepForm):
    """Which of a case's papers."""

    papers = forms.ModelMultipleChoiceField(
        Paper.objects.none(),
        label="材料",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请先选材料。", "invalid_choice": "请选这件的材料。"},
    )

    def __init__(self, data=None, *, record, user):
        super().__init__(data, record=record, user=user)
        self.fields["papers"].queryset = record.papers.all()


class WaiveForm(PapersForm):
    why = forms.CharField(
        label="为什么免交，谁同意的",
        max_length=100,
        error_messages={"required": "请写明为什么免交，谁同意的。"},
    )


class PaperForm(forms.Form):
    """Something that is not on the checklist."""

    name = WordsField("材料名称", 40, "请写材料名称。")
    form = chips("形式", Form.choices, initial=Form.ORIGINAL)
    source = chips("从哪来", [("office", "部门发的"), ("person", "本人交的")], initial="office")

    def clean(self):
        clean = super().clean()
        return clean | {"is_from_office": clean.pop("source", "") == "office"}


class PhraseForm(forms.Form):
    text = WordsField("常用语", 200, "请先写内容。")


class HoursForm(forms.Form):
    way = chips("方式", HandoverMethod.choices, initial=HandoverMethod.DROP)
    place = WordsField("地点", 60)
    first = DayField(label="从哪天")
    last = DayField(label="到哪天")
    hours = forms.MultipleChoiceField(
        label="每天哪些时段",
        choices=HOURS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一个时段。"},
    )
    capacity = forms.IntegerField(label="每个时段几位", min_value=1, max_value=500, initial=4)
    weekends = forms.BooleanField(label="周末和节假日也开放", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        today = localdate()
        for name, days in (("first", 1), ("last", 7)):
            self.fields[name].initial = today + dt.timedelta(days)

    def what(self):
        pairs = [hour.split("-") for hour in self.cleaned_data["hours"]]
        hours = [tuple(dt.time(*map(int, part.split(":"))) for part in pair) for pair in pairs]
        return self.cleaned_data | {"hours": hours}
