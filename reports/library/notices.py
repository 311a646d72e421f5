"""What this app tells people, in the words that stand until the province rewords them."""

from qingchun.ground.province import HOME
from qingchun.notifications.purposes import Audience, MessageType

PRACTICE_CHOSEN = MessageType(
    "practice_chosen",
    "经验做法推广",
    fields={"title": "返乡青年一站办"},
    subject="经验做法已推广",
    text="“{title}”已由团省委推广，各市、各县都能看到。",
)
POLICY_ENDS = MessageType(
    "policy_ends",
    "政策到期提醒",
    fields={"title": "返乡创业贷款贴息", "day": "3月31日"},
    subject="政策快到期",
    text="“{title}”有效期到{day}。延续的请改日期，不再执行的请停用，青年看到的才是准的。",
    replaces=("policy_ends",),
)
EXEMPLAR_PUBLISHED = MessageType(
    "exemplar_published",
    "典型发布",
    fields={"title": "放下锄头拿起鼠标"},
    subject="典型已发布",
    text="“{title}”已由团省委发布。",
)
EXEMPLAR_GONE = MessageType(
    "exemplar_gone",
    "典型撤回",
    fields={},
    subject="典型已撤回",
    text="一位典型撤回了同意，姓名、事迹和照片已从网页、卡片和搜索里去掉。已经印发的材料请停止使用。",
)
VOICE_ASKS = MessageType(
    "voice_asks",
    "代言请本人同意",
    fields={"day": "1月31日"},
    subject="您的代言还要不要公开",
    text=f"您“我为{HOME.short}代言”的照片和话还在网上公开，当时没有同意书。请在 {{day}}以前打开看一眼：同意的继续公开，不要了的点删除；"
    "到时没有同意的，先从网上撤下。",
    can_mute=False,
    audience=Audience.YOUNG,
)
VOICE_DOWN = MessageType(
    "voice_down",
    "代言撤下",
    fields={},
    subject="您的代言先撤下了",
    text=f"您“我为{HOME.short}代言”的照片和话没有等到您同意，先从网上撤下了，没有删除。要再公开，请打开看同意书；不要了的，点删除。",
    can_mute=False,
    audience=Audience.YOUNG,
)
