import datetime as dt

from django.db import models

# An office's word holds for a year; then it is asked again.
WORD_HOLDS = dt.timedelta(days=365)
STALE_BEFORE = 14  # so many days before that its county hears of it


class Category(models.TextChoices):
    DRIVING = "driving", "驾驶和车辆"
    MARRIAGE = "marriage", "婚姻"
    IDENTITY = "identity", "户籍和身份证"
    INSURANCE = "insurance", "医疗保险"
    SOCIAL = "social", "社保和就业"
    ALLOWANCE = "allowance", "救助和优待"
    OTHER = "other", "其他"


class Office(models.TextChoices):
    """The office in charge."""

    CIVIL = "civil", "民政"
    POLICE = "police", "公安"
    TRAFFIC = "traffic", "公安交管"
    INSURANCE = "insurance", "医保"
    LABOUR = "labour", "人社"
    HEALTH = "health", "卫健"
    DISABLED = "disabled", "残联"
    HALL = "hall", "政务大厅综合窗口"
    OTHER = "other", "其他部门"


class Possible(models.TextChoices):
    """What can be done for somebody at all."""

    WHOLE = "whole", "全程代办"
    ERRAND = "errand", "代跑手续，本人去一次"
    SELF = "self", "须本人到场"
    ONLINE = "online", "帮助网上办"


# Where somebody acts for the person, and so needs a mandate.
BY_MANDATE = (Possible.WHOLE, Possible.ERRAND)


class Shown(models.TextChoices):
    """Whether an item is on the public list."""

    OFF = "off", "没有公开"
    PUBLIC = "public", "公开中"


class Beneficiary(models.TextChoices):
    """Whom it is for; the second and the third are 一老一小."""

    YOUTH = "youth", "返乡青年"
    ELDER = "elder", "老人"
    CHILD = "child", "未成年子女"


class Relation(models.TextChoices):
    """What the one it is for is to the one who asks."""

    SELF = "self", "我本人"
    PARENT = "parent", "父母"
    GRANDPARENT = "grandparent", "祖父母或外祖父母"
    CHILD = "child", "子女"
    SPOUSE = "spouse", "配偶"
    OTHER = "other", "其他亲属"


class Form(models.TextChoices):
    """What a material has to be."""

    ORIGINAL = "original", "原件"
    COPY = "copy", "复印件"
    PHOTO = "photo", "照片"


def in_words(name, form, count):
    """A material as people say it: 户口簿原件 1 份、一寸照片 3 张。"""
    if form == Form.PHOTO:
        return f"{name}{'' if name.endswith(('照片', '合影')) else '照片'} {count} 张"
    return f"{name}{Form(form).label} {count} 份"


class ByWhom(models.TextChoices):
    """Who does a step of an item."""

    PERSON = "person", "本人"
    AGENT = "agent", "代办员"
    OFFICE = "office", "部门"


class HourState(models.TextChoices):
    """Of an hour that can be booked: it follows from whether it was closed."""

    OPEN = "open", "可以约"
    CLOSED = "closed", "不再接受"


class HandoverMethod(models.TextChoices):
    """How papers come to us."""

    VISIT = "visit", "上门取件"
    DROP = "drop", "送到服务点"


class CaseState(models.TextChoices):
    REGISTERED = "registered", "已登记"
    ACCEPTED = "accepted", "已受理"
    AT_OFFICE = "at_office", "部门办理中"
    WAITING = "waiting", "等补材料"
    DONE = "done", "已办结"
    IMPOSSIBLE = "impossible", "不能办"
    WITHDRAWN = "withdrawn", "已撤回"


OPEN = (CaseState.REGISTERED, CaseState.ACCEPTED, CaseState.AT_OFFICE, CaseState.WAITING)
ENDED = (CaseState.DONE, CaseState.IMPOSSIBLE, CaseState.WITHDRAWN)
# For how long a slip can be taken back.
UNDO_DAYS = 7


class Custodian(models.TextChoices):
    """Who has a paper just now. Every paper has exactly one."""

    PERSON = "person", "本人"
    AGENT = "agent", "代办员"
    OFFICE = "office", "部门"


# A paper comes by the agent's hand, and goes back by it.
HANDINGS = {
    (Custodian.PERSON, Custodian.AGENT),
    (Custodian.AGENT, Custodian.OFFICE),
    (Custodian.OFFICE, Custodian.AGENT),
    (Custodian.AGENT, Custodian.PERSON),
}


class Wrong(models.TextChoices):
    """What sends people home: counted for the county to take to the office."""

    MISSING = "missing", "没有带"
    UNCLEAR = "unclear", "看不清或不完整"
    EXPIRED = "expired", "过期了"
    KIND = "kind", "要原件，不收复印件"
    OTHER = "other", "其他"


class CaseEventType(models.TextChoices):
    """What a line of a request's log is about."""

    MOVE = "move", "办理"
    AGENT = "agent", "代办员"
    PAPER = "paper", "材料"
    TIME = "time", "期限"
    MANDATE = "mandate", "委托"
    WORD = "word", "评价"


class Satisfaction(models.IntegerChoices):
    VERY = 5, "很满意"
    YES = 4, "满意"
    SOSO = 3, "一般"
    NO = 2, "不满意"
    NOT_AT_ALL = 1, "很不满意"


SATISFIED = 4


class CaseFigure(models.TextChoices):
    """What is counted of requests, by item. Days from begun to ended are counted each."""

    TAKEN = "taken", "受理"
    DONE = "done", "办结"
    IN_TIME = "in_time", "按时办结"
    RATED = "rated", "已评价"
    SATISFIED = "satisfied", "满意"
    DAYS = "days", "用时"
    SENT_HOME = "sent_home", "补材料"
