"""What this app tells people, in the words that stand until the province rewords them."""

from qingchun.notifications.choices import ChannelName
from qingchun.notifications.purposes import Audience, MessageType

DESK = (ChannelName.INAPP, ChannelName.EMAIL)
GROUP_NOTE = MessageType(
    "group_note",
    "家乡来信",
    fields={"unit": "团小店区委", "title": "青年人才安居补贴", "text": "符合条件的可申领租房补贴，联系团区委。"},
    subject="{title}",
    text="{unit}：{title}。{text}",
    audience=Audience.YOUNG,
)  # fmt: skip
HOME_LETTER = MessageType(
    "home_letter",
    "一封家书",
    fields={"unit": "团小店区委", "edition": "2019年春节“青春兴晋”行动"},
    subject="家乡给您写了一封信",
    text="{unit}给您写了一封家书：您走以后家乡变了什么。请打开看，点一下就能回信。",
    audience=Audience.YOUNG,
)
GROUP_CODE = MessageType(
    "group_code",
    "群二维码到期",
    fields={"group": "小店区返乡学子群", "day": "1月9日"},
    subject="群二维码明天到期",
    text="“{group}”的二维码 {day}到期，请在微信里生成新的，传到联络群页面。",
    of_the_day=True,
)
GROUP_ALONE = MessageType(
    "group_alone",
    "联络群没有责任人",
    fields={"unit": "团小店区委", "group": "小店区返乡学子群"},
    subject="有联络群没有责任人",
    text="{unit}的“{group}”现在没有责任人，请提醒他们确定一位。",
    ways=DESK,
)
ASKED = MessageType(
    "youth_question",
    "青年咨询",
    fields={"kind": "咨询", "day": "1月11日"},
    subject="有一条青年{kind}要答复",
    text="收到一条{kind}，请在 {day}前答复。",
)
PASSED = MessageType(
    "question_passed",
    "转来的咨询",
    fields={"unit": "团迎泽区委", "day": "1月11日"},
    subject="有一条转来的咨询",
    text="{unit}转来一条青年咨询，请在 {day}前答复。",
)
ANSWERED = MessageType(
    "question_answered",
    "咨询有了答复",
    fields={"unit": "团小店区委"},
    subject="您问的事有了答复",
    text="{unit}答复了您问的事，请打开查看，并告诉我们有没有解决。",
    can_mute=False,
    audience=Audience.YOUNG,
)
DAY_MOVED = MessageType(
    "question_day_moved",
    "答复期限改了",
    fields={"old": "1月5日", "new": "1月8日"},
    subject="答复期限改了",
    text="放假安排公布了，您问的事答复期限从 {old}改为 {new}。",
    audience=Audience.YOUNG,
)
ASKED_BACK = MessageType(
    "question_asked_back",
    "请您补充",
    fields={"unit": "团小店区委"},
    subject="您问的事需要补充",
    text="{unit}想再了解一点情况，请打开补充，补充后继续办理。",
    can_mute=False,
    audience=Audience.YOUNG,
)
LATE = MessageType(
    "question_late",
    "咨询超时",
    fields={"unit": "团小店区委", "kind": "咨询", "day": "1月11日"},
    subject="有一条青年咨询超过了期限",
    text="{unit}有一条{kind}应在 {day}前答复，现在还没有答复。",
)
HANDED_OVER = MessageType(
    "youth_handed_over",
    "转来的返乡青年",
    fields={"unit": "团迎泽区委"},
    subject="有一位返乡青年转到本单位",
    text="{unit}转来一位报到时选错家乡的青年，请联系。",
    ways=DESK,
)
