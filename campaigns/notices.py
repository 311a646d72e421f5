"""What this app tells people, in the words that stand until the province rewords them."""

from qingchun.notifications.choices import ChannelName
from qingchun.notifications.purposes import MessageType

QUESTION = MessageType(
    "activity_question",
    "活动询问",
    fields={"asker": "团太原市委 王太原", "title": "政务大厅民事代办（1月7日）", "text": "参加人数是否包含志愿者？"},
    subject="有一条活动需要答复",
    text="{asker}询问“{title}”：{text}",
    ways=(ChannelName.INAPP, ChannelName.EMAIL),
)  # fmt: skip
ANSWER = MessageType(
    "activity_answer",
    "询问的答复",
    fields={"unit": "团小店区委", "title": "政务大厅民事代办（1月7日）", "text": "不包含。"},
    subject="询问有了答复",
    text="{unit}答复“{title}”：{text}",
    ways=(ChannelName.INAPP, ChannelName.EMAIL),
    replaces=("activity_question",),
)
DAYS_MOVED = MessageType(
    "days_moved",
    "到期日跟着放假安排改了",
    fields={"days": "2027年放假安排（国办发明电〔2026〕8号）", "moved": "代办 2741 0936：1月5日改为1月8日"},
    subject="放假安排公布，有到期日改了",
    text="{days}已启用，到期日重新推算：{moved}。",
    ways=(ChannelName.INAPP, ChannelName.EMAIL),
)  # fmt: skip
