"""What events tell people, in the words that stand until the province rewords them."""

from qingchun.notifications.choices import ChannelName
from qingchun.notifications.purposes import Audience, MessageType

WHAT = {"event": "返乡青年座谈会", "time": "1月20日 9:00", "place": "区文化馆"}


def _said(key, label, subject, text, more=None, audience=Audience.YOUNG, **options):
    return MessageType(key, label, WHAT | (more or {}), subject, text, audience=audience, **options)


OFFERED = _said(
    "event_offered",
    "候补递补",
    "轮到您了：{event}",
    "“{event}”（{time}，{place}）有了名额，给您留到 {until}，请在这之前打开确认；去不了就让给下一位。",
    {"until": "1月18日 20:00"},
    can_mute=False,
)
MOVED_UP = _said(
    "event_moved_up",
    "候补直接递补",
    "名额给您了：{event}",
    "“{event}”（{time}，{place}）有人退出，名额给您了，不用再确认。去不了请马上在页面上取消，好让给下一位。",
    can_mute=False,
)
LAPSED = _said(
    "event_lapsed",
    "留的名额没有确认，已让给下一位",
    "{event}的名额已让给下一位",
    "“{event}”给您留的名额到时间没有确认，已让给下一位。还想参加，可以重新报名排队。",
)
APPROVED = _said(
    "event_approved",
    "报名通过",
    "报名通过：{event}",
    "您报的“{event}”通过了：{time}，{place}。去不了请在页面上取消。",
    can_mute=False,
)
APPROVED_WAITING = _said(
    "event_approved_waiting",
    "报名通过，排候补",
    "{event}报名通过，排候补",
    "您报的“{event}”（{time}，{place}）通过了，现在名额满，排候补第 {number} 位。有了名额按顺序通知您。",
    {"number": "1"},
    can_mute=False,
)
DECLINED = _said(
    "event_declined",
    "报名没有通过",
    "{event}的报名没有通过",
    "您报的“{event}”没有通过：{why}。",
    {"why": "这一场面向在校学生"},
    can_mute=False,
)
MOVED = _said(
    "event_moved",
    "活动改期或换地点",
    "{event}有变动",
    "“{event}”改为 {time}，地点 {place}。去不了可以在页面上取消，名额让给下一位。",
    can_mute=False,
)
CALLED_OFF = _said(
    "event_called_off",
    "活动取消",
    "{event}取消了",
    "“{event}”（{time}）取消了：{why}。",
    {"why": "大雪封路"},
    can_mute=False,
)
SHIFT_OFF = _said(
    "event_shift_off",
    "班次取消",
    "{event}有一班取消了",
    "“{event}” {time} {place} 的一班取消了：{why}。其他班次照常，可以打开另报一班。",
    {"why": "列车停运"},
    can_mute=False,
)
OVERLAPS = _said(
    "event_overlaps",
    "两个班次时间重叠",
    "{event}有两班时间重叠",
    "您报的“{event}” {time} {place} 的一班，和 {other} 的一班时间重叠，只能去一班。请打开取消一班。",
    {"other": "1月20日 9:00 太原南站"},
    can_mute=False,
)
REMINDER = _said(
    "event_reminder",
    "报的活动快开始了",
    "{when}：{event}",
    "{when}{time}，“{event}”在 {place}，到场请出示签到码。去不了请取消，名额让给下一位。",
    {"when": "明天"},
)
PLACED = _said(
    "event_placed",
    "实习安排",
    "岗位安排好了：{event}",
    "“{event}”的岗位安排好了，请打开看安排在哪里、为什么这样安排。",
    can_mute=False,
)
# The same words to everybody who was there, whatever came of it.
RESULT = _said(
    "event_result",
    "青春有约结果",
    "{event}的结果",
    "“{event}”的结果出来了，请打开看，只有您自己看得到。",
    can_mute=False,
    ways=(ChannelName.INAPP, ChannelName.EMAIL, ChannelName.SMS),
)
BOTH_AGREED = _said(
    "event_both_agreed",
    "青春有约联系方式",
    "{event}：可以联系了",
    "“{event}”你们双方都同意了，请打开看对方的联系方式。",
    can_mute=False,
)
REPORTED = _said(
    "event_reported",
    "青春有约举报",
    "{event}有一条举报",
    "“{event}”有人举报，请尽快打开处理。",
    can_mute=False,
    audience=Audience.CADRES,
)
