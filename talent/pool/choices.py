from django.db import models

# The talent pool


class Stage(models.TextChoices):
    FOUND = "found", "已发现"
    CONTACTED = "contacted", "已联系"
    POOL = "pool", "在库"
    RETURNED = "returned", "已返乡"
    STARTED = "started", "已创业"
    RESTS = "rests", "暂不联系"


# What stands from POOL on needs the person's consent.
IN_THE_POOL = (Stage.POOL, Stage.RETURNED, Stage.STARTED)


class Intention(models.TextChoices):
    RETURNED = "returned", "已经返乡"
    WILL = "will", "准备返乡"
    THINKING = "thinking", "在考虑"
    NO = "no", "不打算"


class Education(models.TextChoices):
    JUNIOR = "junior", "初中及以下"
    SENIOR = "senior", "高中或中专"
    COLLEGE = "college", "大专"
    BACHELOR = "bachelor", "本科"
    MASTER = "master", "研究生"


class Trade(models.TextChoices):
    CROPS = "crops", "种植"
    LIVESTOCK = "livestock", "养殖"
    PROCESSING = "processing", "农产品加工"
    COMMERCE = "commerce", "电商销售"
    TOURISM = "tourism", "餐饮文旅"
    CRAFT = "craft", "手工非遗"
    BUILDING = "building", "建筑装修"
    TRANSPORT = "transport", "运输物流"
    MAKING = "making", "制造维修"
    DIGITAL = "digital", "信息技术"
    CARE = "care", "教育医疗"
    OTHER = "other", "其他"


class FoundBy(models.TextChoices):
    CHECKIN = "checkin", "本人报到"
    SELF = "self", "本人自荐"
    VISIT = "visit", "走访"
    PHONE = "phone", "电话摸底"
    VILLAGE = "village", "村（社区）推荐"
    OTHER = "other", "其他"


class Agreed(models.TextChoices):
    """Whether the person agreed to be in the pool, and how."""

    NONE = "none", "还没有同意"
    SITE = "site", "本人在网上同意"
    PAPER = "paper", "纸质同意"


class Support(models.TextChoices):
    """What somebody needs to come back, and what a county can give."""

    LAND = "land", "土地场地"
    LOAN = "loan", "贷款"
    TRAINING = "training", "培训"
    EQUIPMENT = "equipment", "设备"
    PARTNERS = "partners", "合伙合作"


class OfferKind(models.TextChoices):
    POLICY = "policy", "政策"
    PROJECT = "project", "项目"
    MENTOR = "mentor", "导师"
    SITE = "site", "场地"


class Heard(models.TextChoices):
    """Where a fact about somebody comes from."""

    SELF = "self", "本人填写"
    PHONE = "phone", "电话"
    ONLINE = "online", "微信等网络"
    VISIT = "visit", "见面"
    SHEET = "sheet", "表格导入"
    OTHERS = "others", "村（社区）介绍"


class SheetState(models.TextChoices):
    WAITING = "waiting", "等待识别"
    MAPPING = "mapping", "请核对各列"
    CHECKING = "checking", "正在检查"
    CHECKED = "checked", "请确认"
    WRITING = "writing", "正在写入"
    DONE = "done", "已导入"
    FAILED = "failed", "不能导入"
    CANCELLED = "cancelled", "已放弃"
    UNDONE = "undone", "已撤销"


# A worker has something to do.
AT_WORK = (SheetState.WAITING, SheetState.CHECKING, SheetState.WRITING)


class RowState(models.TextChoices):
    READY = "ready", "新增"
    CHANGED = "changed", "更新"
    # A number that somebody else has: only a person can say who the row is.
    ASKED = "asked", "要您定"
    DUPLICATE = "duplicate", "重复"
    WRONG = "wrong", "有错"


class WhoIs(models.TextChoices):
    """What somebody says of a row whose number the county knows under another name."""

    SAME = "same", "是同一人"
    OTHER = "other", "是家里另一位"
    LEAVE = "leave", "这行不导入"


class Verdict(models.TextChoices):
    """What was decided about two records that look alike."""

    SAME = "same", "同一个人"
    DIFFERENT = "different", "不是同一个人"
