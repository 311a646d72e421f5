"""What this app tells people, in the words that stand until the province rewords them."""

from qingchun.ground.province import HOME
from qingchun.notifications.choices import ChannelName
from qingchun.notifications.purposes import MessageType

EDITION = f"2019年{HOME.holiday}“{HOME.action}”行动"
DEADLINE = MessageType(
    "deadline",
    "截止提醒",
    fields={"unit": "太原市", "what": "实施方案", "day": "1月10日", "when": "还有 3 天"},
    subject="报送提醒",
    text="{unit}{what}还没有报送，{day} 24 时前报团省委，{when}。",
    can_mute=False,
    latest_only=True,
)
DIGEST = MessageType(
    "digest",
    "报送情况",
    fields={
        "what": "实施方案", "day": "1月10日", "expected": "11", "sent": "8 个（阳泉市、长治市……）",
        "owing": "3 个（大同市、运城市、吕梁市）", "extended": "1 个（太原市，至1月14日）",
    },
    subject="各市报送情况",
    text="{what}（{day}截止）：应报 {expected} 个市，已报 {sent}，未报 {owing}，准延 {extended}。",
    ways=(ChannelName.INAPP, ChannelName.EMAIL),
)  # fmt: skip
PLAN_RETURNED = MessageType(
    "plan_returned",
    "方案退回修改",
    fields={"unit": "太原市", "campaign": EDITION, "count": "2"},
    subject="实施方案退回修改",
    text="{unit}实施方案已退回，有 {count} 处修改意见，请修改后再报送。",
)
PLAN_RECALLED = MessageType(
    "plan_recalled",
    "收回退回的方案",
    fields={"unit": "太原市", "campaign": EDITION},
    subject="实施方案先不用改",
    text="{unit}实施方案的退回已收回，团省委接着审阅，先不用修改。",
)
PLAN_APPROVED = MessageType(
    "plan_approved",
    "方案通过",
    fields={"unit": "太原市", "campaign": EDITION},
    subject="实施方案已通过",
    text="{unit}实施方案已通过，所选活动已下达到承担单位。",
)
PLAN_UNAPPROVED = MessageType(
    "plan_unapproved",
    "收回通过的方案",
    fields={"unit": "太原市", "campaign": EDITION},
    subject="实施方案重新审阅",
    text="{unit}实施方案的通过已收回，团省委重新审阅，下达的活动先不用承担。",
)
PLAN_CHANGED = MessageType(
    "plan_changed",
    "同意变更方案",
    fields={"unit": "太原市", "campaign": EDITION},
    subject="同意变更实施方案",
    text="{unit}实施方案的变更已同意，各单位承担的活动按变更后的执行。",
)
PLAN_CHANGE_REFUSED = MessageType(
    "plan_change_refused",
    "不同意变更方案",
    fields={"unit": "太原市", "campaign": EDITION},
    subject="实施方案的变更没有同意",
    text="{unit}实施方案的变更没有同意，通过的方案照样执行，原因写在方案页上。",
)
SUMMARY_RETURNED = MessageType(
    "summary_returned",
    "总结退回修改",
    fields={"unit": "太原市", "campaign": EDITION, "count": "2"},
    subject="总结退回修改",
    text="{unit}总结已退回，有 {count} 处修改意见，请修改后再报送。",
)
SUMMARY_RECALLED = MessageType(
    "summary_recalled",
    "收回退回的总结",
    fields={"unit": "太原市", "campaign": EDITION},
    subject="总结先不用改",
    text="{unit}总结的退回已收回，团省委接着审阅，先不用修改。",
)
SUMMARY_APPROVED = MessageType(
    "summary_approved",
    "总结通过",
    fields={"unit": "太原市", "campaign": EDITION},
    subject="总结已通过",
    text="{unit}总结已通过。",
)
SUMMARY_UNAPPROVED = MessageType(
    "summary_unapproved",
    "收回通过的总结",
    fields={"unit": "太原市", "campaign": EDITION},
    subject="总结重新审阅",
    text="{unit}总结的通过已收回，团省委重新审阅，封存的数据不变。",
)
