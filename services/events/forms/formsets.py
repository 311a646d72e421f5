"""Rows of an event's form: questions, stations, posts, places."""

from collections.abc import Iterable

from django import forms

from campaigns import checks
from qingchun.ground.fields import HeldNumber, WordsField
from qingchun.ground.formsets import RowForm, Rows, rows_of
from qingchun.organizations.choices import Level
from qingchun.organizations.codes import county_of, is_near
from qingchun.organizations.models import Organization
from services.events.choices import MOST_QUESTIONS, Asked, PointKind
from services.events.forms.events import count_field
from services.events.models import EventQuestion, GroupRow

MOST_ROWS = 60
MOST_GROUPS = 200


class QuestionRows(Rows):
    least = 0

    def questions(self) -> list[EventQuestion]:
        return [
            {
                "key": f"q{number}",
                "label": row["name"],
                "kind": row["kind"],
                "choices": [
                    text for text in row["choices"].replace("，", "、").split("、") if text
                ],
                "required": row["required"] == "yes",
            }
            for number, row in enumerate(self.rows(), 1)
        ]

    @staticmethod
    def initial_of(questions: Iterable[EventQuestion]) -> list[dict[str, str]]:
        return [
            {
                "name": q["label"],
                "kind": q["kind"],
                "choices": "、".join(q["choices"]),
                "required": "yes" if q["required"] else "no",
            }
            for q in questions
        ]


class QuestionForm(RowForm):
    name = WordsField("问什么", 40)
    kind = forms.ChoiceField(label="怎么答", choices=Asked.choices, initial=Asked.TEXT)
    choices = WordsField("选项（顿号分开）", 100)
    required = forms.ChoiceField(label="必答吗", choices=[("no", "可不答"), ("yes", "必答")])

    def clean(self):
        clean = super().clean()
        if self.is_row and clean.get("kind") == Asked.ONE and "、" not in clean.get("choices", ""):
            self.add_error("choices", "请至少写两个选项，用顿号分开。")
        return clean


class UnitChoice(forms.ChoiceField):
    """One of the units that the form's writer has in scope."""

    def __init__(self, *, label, **kwargs):
        super().__init__(
            label=label, error_messages={"required": "请选在哪里。", "invalid_choice": "请重新选。"},
            **kwargs,
        )  # fmt: skip


class ScopedRow(RowForm):
    """A row with a unit of the writer's scope; the list is asked for once for all rows."""

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units


def counties_within(code):
    units = Organization.objects.within(county_of(code)).active().filter(level=Level.COUNTY)
    return [(unit.code, unit.name) for unit in units]


def townships_within(code):
    """For a county itself and its townships, above it the counties."""
    units = Organization.objects.within(county_of(code)).active().filter(is_public=True)
    units = units.filter(
        level__in=(Level.COUNTY, Level.TOWNSHIP) if is_near(code) else (Level.COUNTY,)
    )
    return [(unit.code, unit.name) for unit in units]


class StationForm(ScopedRow):
    name = WordsField("服务点", 40)
    kind = forms.ChoiceField(label="哪一类", choices=PointKind.choices)
    unit = UnitChoice(label="在哪个县（市、区）")
    capacity = count_field("每班几人", initial=4)


class MoreStationRows(Rows):
    """Shifts added to an event that stands already; usually none."""

    least = 0


class PostForm(checks.Asks, ScopedRow):
    pk = HeldNumber()
    name = WordsField("岗位", 40)
    host = WordsField("用人单位", 40)
    unit = UnitChoice(label="在哪里")
    capacity = count_field("名额", initial=1)
    text = WordsField("做什么、要什么", 300)

    def questions(self, clean):
        """Posts are counted by their places."""
        places = clean.get("capacity") or 0
        if places >= checks.MANY_PLACES and places != self.initial.get("capacity"):
            than = "比一个岗位通常招的多很多"
            yield "capacity", checks.is_it("places", places, than, f"“{clean.get('name', '')}”的 ")


class PostRows(Rows):
    def compare(self, rows):
        if not rows:
            raise forms.ValidationError("请至少写一个岗位。")
        named = [(row["name"], row["host"]) for row in rows]
        if len(named) != len(set(named)):
            raise forms.ValidationError("有两行是同一个单位的同一个岗位，请合成一行。")

    def groups(self) -> list[GroupRow]:
        return [
            {
                "pk": row["pk"], "name": row["name"], "host": row["host"], "text": row["text"],
                "near_id": row["unit"], "capacity": row["capacity"],
            }
            for row in self.rows()
        ]  # fmt: skip

    def confirmed(self) -> list[str]:
        return [token for form in self.forms for token in form.confirmed]


class GroupForm(RowForm):
    """On a change: how many places a group has."""

    pk = HeldNumber(required=True)
    name = forms.CharField(label="名称", max_length=80, widget=forms.HiddenInput)
    capacity = count_field("名额")


class GroupRows(Rows):
    def clean(self):
        if not self.rows():
            raise forms.ValidationError("请至少留一行。")


QuestionForms = rows_of(QuestionForm, QuestionRows, extra=1, most=MOST_QUESTIONS)
StationForms = rows_of(StationForm, extra=2, most=MOST_ROWS)
MoreStationForms = rows_of(StationForm, MoreStationRows, extra=1, most=MOST_ROWS)
PostForms = rows_of(PostForm, PostRows, extra=2, most=MOST_ROWS)
GroupForms = rows_of(GroupForm, GroupRows, extra=0, most=MOST_GROUPS)
