from django.db import models


class PlanState(models.TextChoices):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待审阅"
    IN_REVIEW = "in_review", "审阅中"
    RETURNED = "returned", "退回修改"
    APPROVED = "approved", "已通过"


# The whole life of a plan. A move that is not listed here cannot happen.
MOVES = {
    (PlanState.DRAFT, PlanState.SUBMITTED),
    (PlanState.RETURNED, PlanState.SUBMITTED),
    (PlanState.SUBMITTED, PlanState.DRAFT),  # taken back, first version
    (PlanState.SUBMITTED, PlanState.RETURNED),  # taken back, a later version
    (PlanState.SUBMITTED, PlanState.IN_REVIEW),
    (PlanState.IN_REVIEW, PlanState.RETURNED),
    (PlanState.IN_REVIEW, PlanState.APPROVED),
}
EDITABLE = (PlanState.DRAFT, PlanState.RETURNED)
AWAITING = (PlanState.SUBMITTED, PlanState.IN_REVIEW)


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
