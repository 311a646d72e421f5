from django.db import models


class Season(models.TextChoices):
    WINTER = "winter", "春节"
    SUMMER = "summer", "暑期"


class CampaignState(models.TextChoices):
    PREPARING = "preparing", "筹备中"
    OPEN = "open", "进行中"
    LOCKED = "locked", "已总结"


class EntryState(models.TextChoices):
    """Of an entry in the log: it follows from when it was checked and deleted."""

    LOGGED = "logged", "已登记"
    CHECKED = "checked", "已核对"
    DELETED = "deleted", "已删除"


class UndertakingState(models.TextChoices):
    """Of what a unit undertook, by its own word: it follows from when it said so."""

    GOES_ON = "goes_on", "开展"
    NOTHING = "nothing", "没有可报"


class DeadlineType(models.TextChoices):
    PLAN = "plan", "实施方案"
    SUMMARY = "summary", "总结"


class Group(models.TextChoices):
    PUBLICITY = "publicity", "主题宣传"
    TALENT = "talent", "人才联络"
    SERVICE = "service", "返乡服务"
    ORGANIZATION = "organization", "组织建设"
    INNOVATION = "innovation", "本市创新"


class Adds(models.TextChoices):
    """How figures of one measure become the figure of a unit above."""

    SUM = "sum", "相加"
    MOST = "most", "取最大"


class Reporting(models.TextChoices):
    """What is to be said of a unit and a kind it was to run."""

    UNKNOWN = "unknown", "—"  # before the plan is approved
    NOT_CHOSEN = "not_chosen", "未选"
    WAITING = "waiting", "待开展"  # while the stage runs, nobody has failed to do it
    MISSING = "missing", "缺报"
    NONE = "none", "零"
    REPORTED = "reported", "已报"
