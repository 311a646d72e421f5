from django.db import models


class DemandKind(models.TextChoices):
    """What a unit may ask of those below it, beyond what the portal brings along."""

    QUOTA = "quota", "指标"
    DAY = "day", "提前的时限"
    FIELD = "field", "填报项"
    FILE = "file", "材料"


class DemandState(models.TextChoices):
    ASKED = "asked", "要做"
    DROPPED = "dropped", "已撤销"
