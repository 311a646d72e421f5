from django.db import models

from campaigns.choices import CampaignState

# What belongs to an edition can be moved until it is summed up.
NOT_LOCKED = (CampaignState.PREPARING, CampaignState.OPEN)


class PaperState(models.TextChoices):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待审阅"
    IN_REVIEW = "in_review", "审阅中"
    RETURNED = "returned", "退回修改"
    APPROVED = "approved", "已通过"
    # Of a plan that was approved, and still holds as it was.
    CHANGING = "changing", "正在变更"
    ASKED = "asked", "变更待审"


EDITABLE = (PaperState.DRAFT, PaperState.RETURNED, PaperState.CHANGING)
AWAITING = (PaperState.SUBMITTED, PaperState.IN_REVIEW, PaperState.ASKED)
IN_FORCE = (PaperState.APPROVED, PaperState.CHANGING, PaperState.ASKED)
CHANGE = "change"  # beside the parts of a version: why it is another than the one before


class Section(models.TextChoices):
    KINDS = "kinds", "选择活动"
    INNOVATIONS = "innovations", "本市创新"
    FEATURED = "featured", "特色项目"
    GRID = "grid", "实施范围"
    ACTION_DAY = "action_day", "统一行动日"
    PEOPLE = "people", "责任人"
    PARTNERS = "partners", "支持与配合"
    PARTY_REPORT = "party_report", "向党委汇报"
    MEDIA = "media", "媒体宣传策划"
    TEXT = "text", "工作安排"


class Part(models.TextChoices):
    """The parts of a summary, in the order in which they are read."""

    FIGURES = "figures", "补充数据"
    OVERVIEW = "overview", "总体情况"
    PUBLICITY = "publicity", "主题宣传"
    TALENT = "talent", "人才联络"
    SERVICE = "service", "返乡服务"
    ORGANIZATION = "organization", "组织建设"
    INNOVATION = "innovation", "本市创新"
    PRACTICE = "practice", "经验做法"
    PROBLEMS = "problems", "问题和不足"
    NEXT = "next", "下一步打算"
    ODDITIES = "oddities", "数据说明"
    PICTURES = "pictures", "图片"


# A part of either kind of paper.
SECTIONS = [*Section.choices, *Part.choices]


class Punctuality(models.TextChoices):
    """One of the first three once the day is over; before it, a unit may simply not be due."""

    ON_TIME = "on_time", "按时"
    EXTENDED = "extended", "准延"
    LATE = "late", "逾期"
    NOT_DUE = "not_due", "未到期"


class TimeZone(models.TextChoices):
    """Clocks a schedule may go by."""

    BEIJING = "Asia/Shanghai", "北京时间"
    URUMQI = "Asia/Urumqi", "乌鲁木齐时间"
