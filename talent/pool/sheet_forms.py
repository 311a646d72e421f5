"""What is filled in about a spreadsheet that is brought in."""

from django import forms

from qingchun.ground.fields import AgreeField
from qingchun.stepping import StepForm
from talent.pool.choices import RowState, WhoIs
from talent.pool.imports import columns
from talent.youth.forms.fields import chips


class SheetForm(forms.Form):
    file = forms.FileField(
        label="表格文件", widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
        error_messages={"required": "请先选一个表格文件。", "empty": "文件是空的，请重新选择。"},
    )  # fmt: skip


class ColumnsForm(StepForm):
    """What each column of a sheet is, in their order."""

    keys = forms.MultipleChoiceField(label="各列", choices=columns.CHOICES)
    first = forms.ChoiceField(
        label="第一行",
        choices=[
            ("", "照现在的读法"),
            ("head", "第一行是表头"),
            ("person", "第一行是人，不是表头"),
        ],
        required=False,
    )


class TabsForm(StepForm):
    """Which tabs of the file are read."""

    tabs = forms.MultipleChoiceField(
        label="读哪几张工作表", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一张工作表。"},
    )  # fmt: skip

    def __init__(self, data=None, *, record, user):
        super().__init__(data, record=record, user=user)
        there = record.options.get("tabs_there", ())
        self.fields["tabs"].choices = [
            (tab, tab if is_same else f"{tab}（表头不一样）") for tab, is_same in there
        ]
        self.fields["tabs"].initial = [tab for tab, _ in record.tabs_read]


class OnlyRightForm(StepForm):
    only_right = AgreeField(
        label="只导入正确的行，写错的和没定的先不导入",
        error_messages={
            "required": "还有写错的或者没定的行。请改好、定好，或者勾选只导入正确的行。"
        },
    )

    @classmethod
    def asked(cls, data, *, record, user):
        """Asked only where rows are wrong."""
        is_asked = record.counts.get(RowState.WRONG) or record.counts.get(RowState.ASKED)
        return cls(data, record=record, user=user) if is_asked else None


class WhoForm(StepForm):
    """Who one row is, or all that are asked about for the same reason."""

    who = chips("这一行是谁", WhoIs.choices)
    number = forms.IntegerField(min_value=1, max_value=2**31 - 1, required=False)
    kind = forms.ChoiceField(
        choices=[(kind, kind) for kind in ("name", "identity", "birth_year")], required=False
    )

    def clean(self):
        clean = super().clean()
        if not (clean.get("number") or clean.get("kind")):
            raise forms.ValidationError("请选一行，或者选这一类的全部。")
        return clean
