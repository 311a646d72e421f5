"""An event as it is written, with rows for what has places."""

import datetime as dt

from django import forms
from django.utils.timezone import get_current_timezone, localdate, localtime, now

from campaigns.checks import AsksWhichEdition
from campaigns.models import Campaign
from qingchun.ground.fields import DayField, HeldNumber, NumberField
from services.events.choices import ACCEPT_HOURS, FEWEST_HOURS, MOST_HOURS, Reach
from services.events.kinds import KINDS
from services.events.models import Event
from services.events.models.events import HTTPS
from talent.youth.choices import YouthType
from talent.youth.forms.fields import chips

HALF_HOURS = [f"{hour:02}:{minute:02}" for hour in range(6, 24) for minute in (0, 30)]


def at(day, time):
    return dt.datetime.combine(day, time, get_current_timezone())


class TimeChoice(forms.ChoiceField):
    """A time of day in half hours, to be picked; one that stands already is offered too."""

    def __init__(self, *, label, initial, **kwargs):
        super().__init__(label=label, initial=initial, choices=self._offered(initial), **kwargs)

    @staticmethod
    def _offered(*more):
        return [(text, text.lstrip("0") or "0") for text in sorted({*HALF_HOURS, *more})]

    def offer(self, text):
        self.choices = self._offered(text)

    def clean(self, value):
        return dt.time.fromisoformat(super().clean(value))


def count_field(label, **kwargs):
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=10_000,
        error_messages={
            "required": "请填写人数。", "min_value": "至少 1 人。", "invalid": "请填写整数。",
            "max_value": "人数太大了，请核对。",
        },
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        **kwargs,
    )  # fmt: skip


class EventForm(AsksWhichEdition, forms.ModelForm):
    """What an event is, when and where, who may join. Its rows of places are formsets beside it."""

    on = DayField(label="日期")
    starts = TimeChoice(label="几点开始", initial="09:00")
    ends = TimeChoice(label="几点结束", initial="11:00")
    until_on = DayField(label="到哪天（只有一天的不选）", required=False)
    closes_on = DayField(label="报名到哪天（不选就到活动开始）", required=False)
    opens_on = DayField(label="报名从哪天（不选就现在）", required=False)
    classes = forms.MultipleChoiceField(
        label="面向谁（都不选就是不限）",
        choices=YouthType.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reach = chips("住在哪里的可以报名", Reach.choices, initial=Reach.ANY)
    places = count_field("名额", required=False)
    men = count_field("男青年名额", required=False)
    women = count_field("女青年名额", required=False)
    capacity = count_field("总名额（各组相加还要少时才填）", required=False)
    rounds = forms.IntegerField(label="几轮", min_value=1, max_value=30, initial=8, required=False)
    minutes = forms.IntegerField(
        label="每轮几分钟", min_value=1, max_value=60, initial=6, required=False
    )
    accept_hours = NumberField(
        label="候补递补后几小时内确认", least=FEWEST_HOURS, most=MOST_HOURS, unit="小时",
        initial=ACCEPT_HOURS, help_text="夜里不算：22 点以后通知的，从早上 8 点算起。",
    )  # fmt: skip
    version = HeldNumber()
    map_link = forms.URLField(
        label="地图链接",
        required=False,
        assume_scheme="https",
        max_length=200,
        validators=[HTTPS],
        help_text="在地图里点“分享—复制链接”，贴在这里。可不填。",
        error_messages={"invalid": "这不像一个网址，请从地图里复制完整的链接。"},
    )

    class Meta:
        model = Event
        fields = (
            "title", "text", "place", "map_link", "contact_name", "contact_phone",
            "needs_approval", "accept_hours", "adults_only", "capacity",
        )  # fmt: skip
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "contact_phone": "写办公电话，会公开。",
        }

    def __init__(self, *args, kind, event=None, **kwargs):
        super().__init__(*args, instance=event, initial=self._known(event), **kwargs)
        self.of, self.event, self.campaign = KINDS[kind], event, event and event.campaign
        begins = localtime(event.starts_at) if event else None
        if event:
            self.fields["starts"].offer(f"{begins:%H:%M}")
            self.fields["ends"].offer(f"{localtime(event.ends_at):%H:%M}")
        for name in (*self.of.unused, *(("places", "men", "women") if event else ())):
            self.fields.pop(name, None)
        if event and self.of.has_shifts:  # the shifts say when it is; more of them can be added
            del self.fields["on"], self.fields["until_on"]
            self.fields["more_on"] = DayField(label="加在哪天", required=False)
        for name, field in self.fields.items():
            if field.required and name not in ("on",):
                field.error_messages["required"] = f"请填写{field.label}。"
        for name in ("places", "men", "women"):
            if name in self.fields:
                self.fields[name].required = True

    @staticmethod
    def _known(event):
        if not event:
            return {"on": localdate() + dt.timedelta(7)}
        begins, ends = localtime(event.starts_at), localtime(event.ends_at)
        closes, evening = localtime(event.closes_at), getattr(event, "evening", None)
        return {
            "on": begins.date(),
            "starts": f"{begins:%H:%M}",
            "ends": f"{ends:%H:%M}",
            "until_on": ends.date() if ends.date() != begins.date() else None,
            "closes_on": closes.date() if event.closes_at != event.starts_at else None,
            "version": event.version,
            "reach": event.reach,
            "classes": event.classes,
            "rounds": evening.rounds if evening else None,
            "minutes": evening.minutes if evening else None,
        }

    def clean_on(self):
        """Of an event that stands and is moved: a day of another edition is asked about."""
        on = self.cleaned_data["on"]
        if self.campaign and on != localtime(self.event.starts_at).date():
            other = Campaign.objects.at_work(on)
            moves = other and self.data.get("campaign") == str(other.pk)
            self.ask_which(other, on, "算在", is_answered=moves or "keeps" in self.data)
            self.campaign = other if moves else self.campaign
        return on

    def clean(self):
        clean = super().clean()
        on, until = clean.get("on"), clean.get("until_on")
        if on and until and until < on:
            self.add_error("until_on", "结束日期不能早于开始日期。")
        begin, end = self._hours()
        if on and not until and begin and end and end <= begin:
            self.add_error("ends", "结束时间要晚于开始时间。")
        if on and clean.get("closes_on") and clean["closes_on"] > (until or on):
            self.add_error("closes_on", "报名截止不能晚于活动结束。")
        opens, closes = clean.get("opens_on"), clean.get("closes_on") or on
        if opens and closes and opens > closes:
            self.add_error("opens_on", "报名开始不能晚于报名截止。")
        return clean

    def _hours(self):
        if self.of.has_shifts:  # the shifts say it
            return dt.time(8), dt.time(22)
        return self.cleaned_data.get("starts"), self.cleaned_data.get("ends")

    def _times(self):
        if "on" not in self.fields:
            return self.event.starts_at, self.event.ends_at
        begin, end = self._hours()
        on = self.cleaned_data["on"]
        return at(on, begin), at(self.cleaned_data.get("until_on") or on, end)

    def facts(self):
        """Fields of Event."""
        clean = self.cleaned_data
        starts_at, ends_at = self._times()
        closes_at = at(clean["closes_on"], dt.time(23, 59)) if clean["closes_on"] else starts_at
        if self.event and "closes_on" not in self.changed_data:  # it moves along
            closes_at = self.event.closes_at + (starts_at - self.event.starts_at)
        opens_at = now()
        if clean["opens_on"] and clean["opens_on"] != localdate():
            opens_at = at(clean["opens_on"], dt.time(8))
        elif self.event:
            opens_at = self.event.opens_at
        names = [name for name in self.Meta.fields if name in self.fields]
        facts = {name: clean[name] for name in names} | {
            "kind": self.of.key,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "opens_at": opens_at,
            "closes_at": min(closes_at, ends_at),
            "reach": clean["reach"],
            "classes": clean.get("classes", []),
        }
        if self.event:
            facts["campaign"] = self.campaign
        if not self.of.is_evening:
            facts["singles_only"] = False
        return facts

    def evening(self):
        clean = self.cleaned_data
        known = {"rounds": clean.get("rounds") or 8, "minutes": clean.get("minutes") or 6}
        return known if self.of.is_evening else None

    def simple_groups(self):
        """The rows of a kind whose places are one number, or two."""
        clean = self.cleaned_data
        if self.of.is_evening:
            return [
                {"key": "men", "name": "男青年", "capacity": clean["men"]},
                {"key": "women", "name": "女青年", "capacity": clean["women"]},
            ]
        return [{"name": "全体", "capacity": clean["places"]}]
