import datetime as dt

from django.db import models

# What stands when a unit says nothing else.
ACCEPT_HOURS = 12  # how long somebody who moved up may think it over
LATE_AFTER = dt.timedelta(minutes=15)
# How many hours an administrator may give for it.
FEWEST_HOURS, MOST_HOURS = 1, 72
# So shortly before, nobody is asked: whoever is next has the place at once.
LAST_ASKED = dt.timedelta(hours=2)
# Nor when it would have to be answered sooner than this.
SHORTEST_OFFER = dt.timedelta(hours=1)
# So long after it was said that an event was held, it can be said that it was not.
OPEN_AGAIN_WITHIN = dt.timedelta(days=7)
# 青春有约
MOST_CHOICES = 5
CHOICES_KEPT = dt.timedelta(days=14)
FEWEST_SHOWN = 5


class EventState(models.TextChoices):
    DRAFT = "draft", "草稿"
    OPEN = "open", "报名中"
    FULL = "full", "已满"
    CLOSED = "closed", "报名截止"
    HELD = "held", "已举办"
    CANCELLED = "cancelled", "已取消"


TAKES_PEOPLE = (EventState.OPEN, EventState.FULL)
AHEAD = (EventState.OPEN, EventState.FULL, EventState.CLOSED)
# Who was there, and for how long, can be put right.
TICKS = (*AHEAD, EventState.HELD)


class Reach(models.TextChoices):
    ANY = "any", "不限"
    LOCAL = "local", "家在本地，或现在住在本地"


class Asked(models.TextChoices):
    """The kinds of question an event may ask of those who join."""

    TEXT = "text", "写一句"
    YES = "yes", "是或否"
    ONE = "one", "选一项"


MOST_QUESTIONS = 4


class SignState(models.TextChoices):
    APPLIED = "applied", "待审核"
    IN = "in", "已报上"
    WAITING = "waiting", "候补中"
    OFFERED = "offered", "有名额，待确认"
    LAPSED = "lapsed", "没有确认"
    CANCELLED = "left", "已取消报名"
    DECLINED = "declined", "没有通过"


# These hold a place, these are still in it at all.
HOLDS = (SignState.IN, SignState.OFFERED)
# Who was in it once and may come again: nothing was decided about them.
GONE = (SignState.CANCELLED, SignState.LAPSED)
STANDING = (SignState.APPLIED, SignState.IN, SignState.WAITING, SignState.OFFERED)


class Sex(models.TextChoices):
    """The two groups of 青春有约."""

    MEN = "men", "男青年"
    WOMEN = "women", "女青年"


class PointKind(models.TextChoices):
    RAILWAY = "railway", "火车站"
    BUS = "bus", "汽车站"
    AIRPORT = "airport", "机场"
    ROAD = "road", "高速路口或服务区"
    OTHER = "other", "其他"


class Finish(models.TextChoices):
    """What the host of an internship says at the end."""

    GOOD = "good", "完成得好"
    DONE = "done", "完成"
    NOT = "not", "没有完成"


class Satisfaction(models.IntegerChoices):
    VERY = 3, "满意"
    SOSO = 2, "一般"
    NO = 1, "不满意"


class News(models.TextChoices):
    """What a pair may tell later, if they like."""

    TALKING = "talking", "还在联系"
    TOGETHER = "together", "在交往"
    ENGAGED = "engaged", "已订婚或结婚"


class ReportState(models.TextChoices):
    OPEN = "open", "待处理"
    CLOSED = "closed", "已处理"
