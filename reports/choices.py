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


EDITABLE = (PaperState.DRAFT, PaperState.RETURNED)
AWAITING = (PaperState.SUBMITTED, PaperState.IN_REVIEW)


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


class DemandKind(models.TextChoices):
    """What a unit may ask of those below it, beyond what the portal brings along."""

    QUOTA = "quota", "指标"
    DAY = "day", "提前的时限"
    FIELD = "field", "填报项"
    FILE = "file", "材料"


class PracticeState(models.TextChoices):
    DRAFT = "draft", "草稿"
    PROPOSED = "proposed", "已推荐"
    CHOSEN = "chosen", "已推广"
    DROPPED = "dropped", "已撤下"


class ExemplarState(models.TextChoices):
    DRAFT = "draft", "草稿"
    AT_CITY = "at_city", "市级审看"
    AT_PROVINCE = "at_province", "省级审看"
    PUBLISHED = "published", "已发布"
    WITHDRAWN = "withdrawn", "已撤回"


class PolicyState(models.TextChoices):
    STANDING = "standing", "有效"
    WITHDRAWN = "withdrawn", "已停用"


class DemandState(models.TextChoices):
    ASKED = "asked", "要做"
    DROPPED = "dropped", "已撤销"


class PolicyKind(models.TextChoices):
    """What a policy is about: the same words as what young people say they want."""

    JOB = "job", "找工作"
    START = "start", "创业"
    INTERNSHIP = "internship", "实习实践"
    HOUSING = "housing", "安家落户"
    STUDY = "study", "培训学习"


class KitKind(models.TextChoices):
    POSTER = "poster", "海报"
    VIDEO = "video", "视频"
    TEXT = "text", "图文"
    CODE = "code", "二维码"


class SpotKind(models.TextChoices):
    RAILWAY = "railway", "火车站"
    AIRPORT = "airport", "飞机场"
    BUS = "bus", "汽车站"
    SQUARE = "square", "广场街区"
    OTHER = "other", "其他"


class VoiceState(models.TextChoices):
    WAITING = "waiting", "等待审看"
    SHOWN = "shown", "已公开"
    REFUSED = "refused", "没有通过"
