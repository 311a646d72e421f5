"""What it takes to log an entry."""

from django.db import models

from campaigns.models.editions import ActivityKind
from qingchun.organizations.choices import Level
from qingchun.organizations.law import Open


class Effort(models.Model):
    """填报用时: of one entry that was logged on a page, as the page counted it; see campaigns/effort.py.

    Which entry it was, whose and of which unit is not kept: nobody's pace is anybody's business.
    """

    kind = models.ForeignKey(ActivityKind, models.CASCADE, db_index=False)
    level = models.CharField("级别", max_length=10, choices=Level)
    taps = models.PositiveSmallIntegerField("点按")
    keys = models.PositiveSmallIntegerField("按键")
    seconds = models.PositiveSmallIntegerField("秒")
    fields = models.PositiveSmallIntegerField("手填项")

    law = Open("只有项目、级别和几个数，不知道是谁、哪个单位、哪一场")

    class Meta:
        verbose_name = verbose_name_plural = "填报用时"
        indexes = [models.Index(fields=["kind", "level", "-id"], name="campaigns_effort_of_late")]

    def __str__(self):
        return f"{self.seconds} 秒"
