"""What this app tells people, in the words that stand until the province rewords them."""

from qingchun.ground.province import HOME
from qingchun.notifications.choices import Way
from qingchun.notifications.purposes import Purpose

EDITION = f"2019年{HOME.holiday}“{HOME.action}”行动"
DEADLINE = Purpose(
    "deadline",
    "截止提醒",
    fields={"unit": "太原市", "what": "实施方案", "day": "1月10日", "when": "还有 3 天"},
    subject="报送提醒",
    text="{unit}{what}还没有报送，{day} 24 时前报团省委，{when}。",
    can_mute=False,
    latest_only=True,
)
DIGEST = Purpose(
    "digest",
    "报送情况",
    fields={
        "what": "实施方案", "day": "1月10日", "expected": "11", "sent": "8 个（阳泉市、长治市……）",
        "owing": "3 个（大同市、运城市、吕梁市）", "extended": "1 个（太原市，至1月14日）",
    },
    subject="各市报送情况",
    text="{what}（{day}截止）：应报 {expected} 个市，已报 {sent}，未报 {owing}，准延 {extended}。",
    ways=(Way.INAPP, Way.EMAIL),
)  # fmt: skip
PLAN_RETURNED = Purpose(
    "plan_returned",
    "方案退回修改",
    fields={"unit": "太原市", "campaign": EDITION, "count": "2"},
    subject="实施方案退回修改",
    text="{unit}实施方案已退回，有 {count} 处修改意见，请修改后再报送。",
)
PLAN_RECALLED = Purpose(
    "plan_recalled",
    "收回退回的方案",
    fields={"unit": "太原市", "campaign": EDITION},
    subject="实施方案先不用改",
    text="{unit}实施方案的退回已收回，团省委接着审阅，先不用修改。",
)
PLAN_APPROVED = Purpose(
    "plan_approved",
    "方案通过",
    fields={"unit": "太原市", "campaign": EDITION},
    subject="实施方案已通过",
    text="{unit}实施方案已通过，所选活动已下达到承担单位。",
)
PLAN_UNAPPROVED = Purpose(
    "plan_unapproved",
    "收回通过的方案",
    fields={"unit": "太原市", "campaign": EDITION},
    subject="实施方案重新审阅",
    text="{unit}实施方案的通过已收回，团省委重新审阅，下达的活动先不用承担。",
)
SUMMARY_RETURNED = Purpose(
    "summary_returned",
    "总结退回修改",
    fields={"unit": "太原市", "campaign": EDITION, "count": "2"},
    subject="总结退回修改",
    text="{unit}总结已退回，有 {count} 处修改意见，请修改后再报送。",
)
SUMMARY_RECALLED = Purpose(
    "summary_recalled",
    "收回退回的总结",
    fields={"unit": "太原市", "campaign": EDITION},
    subject="总结先不用改",
    text="{unit}总结的退回已收回，团省委接着审阅，先不用修改。",
)
SUMMARY_APPROVED = Purpose(
    "summary_approved",
    "总结通过",
    fields={"unit": "太原市", "campaign": EDITION},
    subject="总结已通过",
    text="{unit}总结已通过。",
)
SUMMARY_UNAPPROVED = Purpose(
    "summary_unapproved",
    "收回通过的总结",
    fields={"unit": "太原市", "campaign": EDITION},
    subject="总结重新审阅",
    text="{unit}总结的通过已收回，团省委重新审阅，封存的数据不变。",
)
