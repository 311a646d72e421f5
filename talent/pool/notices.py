"""What this app tells people, in the words that stand until the province rewords them."""

from qingchun.notifications.choices import ChannelName
from qingchun.notifications.purposes import Audience, MessageType
from talent.youth.notices import DESK

POOL_ASK = MessageType(
    "pool_ask",
    "征询入库意愿",
    fields={"unit": "团小店区委", "link": "（网址）", "day": "3月20日"},
    subject="征询入库意愿",
    text="{unit}想邀请您加入家乡青年人才库，有岗位、项目和政策时联系您。同意、更正或拒绝请打开 {link} ，{day}前没有答复，登记的信息自动删除。",
    ways=(ChannelName.CODE,),
    can_mute=False,
    audience=Audience.YOUNG,
)
FOLLOW_UP = MessageType(
    "pool_follow_up",
    "今天要回访",
    fields={"people": "3", "late": "，另有 1 位已过约定的日子"},
    subject="今天有 {people} 位青年要回访",
    text="今天约好回访 {people} 位青年{late}，打开“今天”逐个联系。",
    of_the_day=True,
)
OPENED = MessageType(
    "pool_opened",
    "上级查阅了人才信息",
    fields={"unit": "团太原市委"},
    subject="{unit}查阅了一条人才信息",
    text="{unit}写明理由，查阅了本单位人才库的一条信息，打开可以看到理由。",
    ways=DESK,
)
