from django.db import models


class YouthType(models.TextChoices):
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


class ConsentPurpose(models.TextChoices):
    """What is agreed to, each by itself."""

    BASIC = "basic", "个人信息处理告知书"
    POOL = "pool", "加入乡村振兴青年人才库"
    MATCHMAKING = "matchmaking", "参加青春有约"
    MESSAGES = "messages", "接收家乡消息"
    PROXY = "proxy", "民事代办"
    VOICE = "voice", "公开我的照片和话"
    HOST = "host", "参加别的团委的活动"
    STORY = "story", "公开我的事迹"
    WORK = "work", "找家乡的工作"


OPTIONAL = (ConsentPurpose.MESSAGES, ConsentPurpose.POOL, ConsentPurpose.MATCHMAKING)
# Not for those under 18.
ADULTS_ONLY = (ConsentPurpose.MATCHMAKING,)
# Given where they are needed, with the picture, the event or the vacancy; taken back like the others.
IN_PLACE = (ConsentPurpose.VOICE, ConsentPurpose.HOST, ConsentPurpose.WORK)


class Guardian(models.TextChoices):
    """What whoever speaks for somebody of 14 to 17 is to them."""

    FATHER = "father", "父亲"
    MOTHER = "mother", "母亲"
    GRAND = "grand", "祖父母、外祖父母"
    OTHER = "other", "其他监护人"


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


class LetterKind(models.TextChoices):
    """What a part of a letter home is about; in this order it is read."""

    GREETING = "greeting", "问候"
    CHANGE = "change", "变化"
    PERSON = "person", "家乡的人"
    PLACE = "place", "家乡的地方"


class PartState(models.TextChoices):
    """Of a part of a letter: nobody outside reads what nobody else has looked at."""

    DRAFT = "draft", "草稿"
    WAITING = "waiting", "待审定"
    APPROVED = "approved", "已审定"


class LetterState(models.TextChoices):
    """Of a county's letter in an edition."""

    WRITING = "writing", "还没有发出"
    SENT = "sent", "已发出"
    STOPPED = "stopped", "已停发"


class CopyState(models.TextChoices):
    """Of somebody's own letter: it follows from when it was read and answered."""

    SENT = "sent", "已发出"
    READ = "read", "已打开"
    ANSWERED = "answered", "已回信"


class LetterAnswer(models.TextChoices):
    """What somebody answers, by one tap."""

    THANKS = "thanks", "收到，谢谢"
    COMING = "coming", "我今年回来"
    NOT_NOW = "not_now", "暂不回来"
    ASK = "ask", "想问一问"
