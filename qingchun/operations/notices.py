"""What this app tells people: those who run the portal."""

from qingchun.notifications.purposes import MessageType

TROUBLE = MessageType(
    "trouble",
    "门户有故障",
    fields={
        "what": "后台任务 12 分钟没有动静，消息发不出去",
        "todo": "请看后台任务是不是还在运行。",
    },
    subject="门户有故障：{what}",
    text="{what}。{todo}",
    can_mute=False,
)
WELL_AGAIN = MessageType(
    "well_again",
    "门户恢复正常",
    fields={"what": "后台任务"},
    subject="恢复正常：{what}",
    text="{what}已经恢复正常，不用再处理。",
    can_mute=False,
    replaces=("trouble",),
)
