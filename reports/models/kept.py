"""What editions leave behind for others, and what is known of a county beforehand."""

from django.db import models
from django.utils.timezone import now

from qingchun.organizations.models import OrganizationOwned


class YouthCount(OrganizationOwned):
    """青年人数: how many young people a county has, from the yearbook; figures are held against it."""

    people = models.PositiveIntegerField("青年人数")
    source = models.CharField("来源", max_length=60)
    noted_at = models.DateTimeField("填写时间", default=now)

    class Meta:
        ordering = ["organization_id"]
        verbose_name = verbose_name_plural = "青年人数"
        constraints = [
            models.UniqueConstraint(fields=["organization"], name="reports_one_youth_count"),
        ]

    def __str__(self):
        return f"{self.organization_id} {self.people}"
