from django.db import models


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


class Others(models.TextChoices):
    """Who else can be made out in a picture that is to be shown to everybody."""

    NOBODY = "nobody", "没有，或者认不出是谁"
    ASKED = "asked", "有，都问过，同意公开"
