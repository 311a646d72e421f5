"""What the address in a message shows of a question."""

from qingchun.notifications.matters import Matter
from talent.youth.choices import Side
from talent.youth.models import Question


def question(pk: str) -> Matter | None:
    found = Question.objects.filter(pk=pk).first()
    if found is None:
        return None
    replies = found.replies.filter(side=Side.UNIT).order_by("-pk")[:1]
    said = [("您问的", found.text), *(("答复", reply.text) for reply in replies)]
    return Matter(f"您问的事：{found.get_state_display()}。", said)
