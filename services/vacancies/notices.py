"""What this app tells people, in the words that stand until the province rewords them."""

from qingchun.notifications.purposes import Audience, MessageType

WHAT = {"title": "焊工"}
ASKED = MessageType(
    "vacancy_asked",
    "有人想去岗位",
    fields=WHAT,
    subject="有人想去“{title}”",
    text="“{title}”有人想去，请打开看，联系后写一句答复。",
)
ANSWERED = MessageType(
    "vacancy_answered",
    "想去的岗位有了答复",
    fields=WHAT | {"unit": "团小店区委"},
    subject="您想去的岗位有了答复",
    text="{unit}答复了您想去的“{title}”，请打开看。",
    can_mute=False,
    audience=Audience.YOUNG,
)
FITS = MessageType(
    "vacancy_fits",
    "有合适的岗位",
    fields=WHAT | {"place": "小店区", "pay": "月薪 5,000—8,000 元"},
    subject="家乡有合适的岗位：{title}",
    text="{place}在招“{title}”，{pay}。合适的都列在“我的岗位”里，请打开看。",
    audience=Audience.YOUNG,
)
