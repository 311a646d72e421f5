"""What the green channel tells people, in the words that stand until the province rewords them."""

from qingchun.notifications.choices import ChannelName
from qingchun.notifications.purposes import Audience, MessageType

DESK = (ChannelName.INAPP, ChannelName.EMAIL)
MOVED = MessageType(
    "proxy_moved",
    "代办进展",
    fields={"item": "医保参保登记", "number": "2741 0936", "state": "已受理", "note": "。预计 1月15日 办结"},
    subject="您的代办件：{state}",
    text="{item}（编号 {number}）{state}{note}。",
    can_mute=False,
    audience=Audience.YOUNG,
)  # fmt: skip
# The same for somebody who has no account: the number that was left at the door.
MOVED_BY_NUMBER = MessageType(
    "proxy_moved_number",
    "代办进展（发到登记的号码）",
    fields={"item": "医保参保登记", "number": "2741 0936", "state": "已受理", "note": "。预计 1月15日 办结", "link": "（网址）"},
    subject="代办进展",
    text="{item}（编号 {number}）{state}{note}。进展可在 {link} 查，要用编号和本号码后四位。",
    ways=(ChannelName.CODE,),
    can_mute=False,
    audience=Audience.YOUNG,
)  # fmt: skip
NEW = MessageType(
    "proxy_new",
    "新的代办件",
    fields={"item": "医保参保登记", "day": "1月15日"},
    subject="有一件新的代办",
    text="{item}，计划 {day}办结。请受理，或交给代办员。",
)
GIVEN = MessageType(
    "proxy_given",
    "交给您的代办件",
    fields={"item": "医保参保登记", "day": "1月15日", "unit": "团小店区委"},
    subject="有一件代办交给您",
    text="{unit}把一件{item}交给您，计划 {day}办结。",
)
REOPENED = MessageType(
    "proxy_reopened",
    "代办件重办",
    fields={"item": "医保参保登记", "number": "2741 0936"},
    subject="有一件代办要重办",
    text="{item}（编号 {number}）本人说没有办好，已经重新打开，请联系本人。",
)
HOUR = MessageType(
    "proxy_hour",
    "代办约的时间改了",
    fields={"item": "医保参保登记", "number": "2741 0936", "hour": "约的时间改到 1月9日（周三）9:00—11:00"},
    subject="有一件代办改了约的时间",
    text="{item}（编号 {number}）{hour}，是本人改的。",
)  # fmt: skip
# Of one case: what whoever asked is told, and whoever carries it.
TO_PERSON, TO_DESK = (MOVED, MOVED_BY_NUMBER), (NEW, GIVEN, REOPENED, HOUR)
DUE = MessageType(
    "proxy_due",
    "代办到期",
    fields={"due": "2 件今明两天到期、1 件已经超期", "soon": "2", "late": "1"},
    subject="有代办件快到期或已超期",
    text="您手上的代办有 {due}，请打开逐件处理。",
    of_the_day=True,
)
UNHELD = MessageType(
    "proxy_unheld",
    "没有人办的代办",
    fields={
        "unit": "团小店区委",
        "due": "2 件今明两天到期、1 件已经超期",
        "soon": "2",
        "late": "1",
    },
    subject="有代办件没有人办，快到期或已超期",
    text="{unit}没有人办的代办有 {due}。请接手，或交给别的代办员。",
    of_the_day=True,
)
LATE = MessageType(
    "proxy_late",
    "代办超期",
    fields={"unit": "团小店区委", "late": "3"},
    subject="{unit}有代办件超期",
    text="{unit}有 {late} 件代办超过计划日期，请督促。",
    ways=DESK,
    of_the_day=True,
)
STALE = MessageType(
    "proxy_stale",
    "代办清单要复核",
    fields={"item": "医保参保登记", "day": "1月15日"},
    subject="有代办事项要请部门复核",
    text="“{item}”的部门确认到 {day}满一年，到期后自动停止公开，请联系部门复核。",
    ways=DESK,
)
