from django.db import models


class Level(models.TextChoices):
    PROVINCE = "province", "省级"
    CITY = "city", "市级"
    COUNTY = "county", "县级"
    TOWNSHIP = "township", "乡镇（街道）"
    DEPARTMENT = "department", "省直部门"


class NameKind(models.TextChoices):
    """Whose name it is; in this order where several fit."""

    OFFICIAL = "official", "现在的名称"
    COMMITTEE = "committee", "团组织的名称"
    POPULAR = "popular", "平时的叫法"
    FORMER = "former", "以前的名称"
    VILLAGE = "village", "下面的村和社区"


class Spelling(models.TextChoices):
    CHARACTERS = "characters", "汉字"
    PINYIN = "pinyin", "全拼"
    INITIALS = "initials", "首字母"
    CODE = "code", "代码"


class Role(models.TextChoices):
    ADMIN = "admin", "管理员"
    EDITOR = "editor", "填报员"
    REVIEWER = "reviewer", "审核员"
    LIAISON = "liaison", "联络员"
    # Reads what the others did, and nothing else; appointed by two.
    AUDITOR = "auditor", "审计员"


WORKING = tuple(choice for choice in Role.choices if choice[0] != Role.AUDITOR)


class ReminderRole(models.TextChoices):
    """Who of a unit is reminded first. A unit that names nobody has its editor reminded."""

    LEAD = "lead", "责任人"
    DEPUTY = "deputy", "副职"
    SECRETARY = "secretary", "书记"
