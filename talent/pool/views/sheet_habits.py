"""What sheets are read by, as somebody said it: seen, and forgotten."""

from django.shortcuts import render

from qingchun.accounts.audit import opened
from qingchun.organizations.access import access
from qingchun.tapping import one_of, tapping
from talent.pool.actions import sheets
from talent.pool.imports.columns import BY_KEY
from talent.pool.models import ColumnHabit, NumberAnswer
from talent.pool.views.records import CADRES

SHOWN = 100


@access(**CADRES, reads=("表头的原话，也许是人名",))
def sheet_habits(request):
    opened(request, request.user.acting.organization, "查看记住的读法")
    habits = ColumnHabit.objects.visible_to(request.user).filter(mark__isnull=False)
    answers = NumberAnswer.objects.visible_to(request.user).select_related("record")
    context = {
        "habits": [
            (habit, BY_KEY[habit.column].label if habit.column in BY_KEY else "不导入这一列")
            for habit in habits.select_related("organization").order_by("-pk")[:SHOWN]
        ],
        "answers": answers.order_by("-at")[:SHOWN],
    }
    return render(request, "talent/pool/habits.html", context)


sheet_habit_forget = tapping(
    sheets.forget_habit, one_of(ColumnHabit.objects.visible_to),
    said="已忘掉，下次再问。", back="talent:sheet_habits", **CADRES,
)  # fmt: skip
sheet_answer_forget = tapping(
    sheets.forget_answer, one_of(NumberAnswer.objects.visible_to),
    said="已忘掉，下次再问。", back="talent:sheet_habits", **CADRES,
)  # fmt: skip
