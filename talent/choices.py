from django.db import models


class Kind(models.TextChoices):
    """Who somebody is, in their own words; the class of a liaison group."""

    STUDENT = "student", "在校学生"
    WORKER = "worker", "务工青年"
    FOUNDER = "founder", "创业青年"
    OTHER = "other", "其他"


class Age(models.TextChoices):
    """Asked instead of a birthday: the least that the law's two bounds need."""

    CHILD = "child", "不满 14 周岁"
    TEEN = "teen", "14 至 17 周岁"
    ADULT = "adult", "18 周岁以上"


class Stay(models.TextChoices):
    WEEK = "week", "一周以内"
    FORTNIGHT = "fortnight", "一到两周"
    MONTH = "month", "两周以上"
    GOOD = "good", "回来不走了"
    AWAY = "away", "这次不回来"


class Want(models.TextChoices):
    JOB = "job", "找工作"
    INTERNSHIP = "internship", "实习实践"
    START = "start", "创业"
    VOLUNTEER = "volunteer", "志愿服务"
    MATCHMAKING = "matchmaking", "青春有约"
    PAPERS = "papers", "代办证件"
    POOL = "pool", "加入人才库"


class Member(models.TextChoices):
    YES = "yes", "是团员"
    NO = "no", "不是团员"


class Source(models.TextChoices):
    SITE = "site", "本人在网上"
    DOOR = "door", "工作人员当面"


class Purpose(models.TextChoices):
    """What is agreed to, each by itself."""

    BASIC = "basic", "个人信息处理告知书"
    POOL = "pool", "加入乡村振兴青年人才库"
    MATCHMAKING = "matchmaking", "参加青春有约"
    MESSAGES = "messages", "接收家乡消息"
    PROXY = "proxy", "民事代办"


OPTIONAL = (Purpose.MESSAGES, Purpose.POOL, Purpose.MATCHMAKING)
# Not for those under 18.
ADULTS_ONLY = (Purpose.MATCHMAKING,)


class Means(models.TextChoices):
    PHONE = "phone", "电话"
    ONLINE = "online", "微信等网络"
    VISIT = "visit", "见面"


class GroupClass(models.TextChoices):
    STUDENT = "student", "学生"
    FOUNDER = "founder", "创业青年"
    WORKER = "worker", "务工青年"
    ALL = "all", "全体"


class GroupState(models.TextChoices):
    OPEN = "open", "可加入"
    FULL = "full", "已满"
    CLOSED = "closed", "已停用"


class MemberState(models.TextChoices):
    """Of somebody whom a group was shown: it follows from when they joined."""

    SHOWN = "shown", "介绍过"
    JOINED = "joined", "已入群"


class NoteKind(models.TextChoices):
    NEWS = "news", "发展资讯"
    POLICY = "policy", "人才政策"
    GREETING = "greeting", "亲情问候"


class Asked(models.TextChoices):
    CONSULT = "consult", "咨询"
    DIFFICULTY = "difficulty", "困难"
    OPINION = "opinion", "意见建议"


class QuestionState(models.TextChoices):
    OPEN = "open", "待答复"
    ASKED_BACK = "asked_back", "待补充"
    ANSWERED = "answered", "已答复"
    CLOSED = "closed", "已办结"


class Outcome(models.TextChoices):
    """What the asker says of the answer."""

    SOLVED = "solved", "解决了"
    PARTLY = "partly", "部分解决"
    NOT = "not", "没有解决"


class Side(models.TextChoices):
    ASKER = "asker", "本人"
    UNIT = "unit", "团组织"


class PostingKind(models.TextChoices):
    EVENT = "event", "活动预告"
    SERVICE = "service", "服务事项"
    POLICY = "policy", "家乡政策"


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
    DUPLICATE = "duplicate", "重复"
    WRONG = "wrong", "有错"


class Verdict(models.TextChoices):
    """What was decided about two records that look alike."""

    SAME = "same", "同一个人"
    DIFFERENT = "different", "不是同一个人"
