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
