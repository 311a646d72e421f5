"""What the address in a message shows of a question, and of a letter home."""

from qingchun.notifications.matters import Matter
from talent.youth.choices import Side
from talent.youth.models import LetterCopy, Question


def question(pk: str) -> Matter | None:
    found = Question.objects.filter(pk=pk).first()
    if found is None:
        return None
    replies = found.replies.filter(side=Side.UNIT).order_by("-pk")[:1]
    said = [("您问的", found.text), *(("答复", reply.text) for reply in replies)]
    return Matter(f"您问的事：{found.get_state_display()}。", said)


def letter(pk: str) -> Matter | None:
    """Its page shows it whole, with pictures, to whoever opened it here."""
    if not LetterCopy.objects.filter(pk=pk).exists():
        return None
    said = "家书一直在“我的”里，用手机号登录随时能看。"
    return Matter(said, opens="talent:letter_opened")
