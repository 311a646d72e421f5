"""What a county tells on its own page, open to all."""

from django.db import models
from django.utils.timezone import now

from qingchun.ground.names import LONGEST_NAME
from qingchun.organizations.changes import (
    LEFT,
    UNIT_CLOSED,
    Follow,
    Stay,
)
from qingchun.organizations.law import Everybody, Law, Unit
from qingchun.organizations.models import OrganizationOwned
from talent.youth.choices import PostingKind


class Hometown(OrganizationOwned):
    """家乡页 of a county or a township."""

    greeting = models.CharField("欢迎语", max_length=120, blank=True)
    phone = models.CharField("办公电话", max_length=30, blank=True)
    address = models.CharField("办公地点", max_length=60, blank=True)
    hours = models.CharField("办公时间", max_length=40, blank=True)

    law = Law(
        Unit(),
        reads=Everybody(),
        on={
            UNIT_CLOSED: Follow(),
            LEFT: Stay("an office's number"),
        },
        told="an office's number, open to all",
    )

    class Meta:
        verbose_name = verbose_name_plural = "家乡页"
        constraints = [
            models.UniqueConstraint(fields=["organization"], name="talent_one_page_of_a_unit"),
        ]


class Posting(OrganizationOwned):
    """One line on the page: an event to come, a service, a policy."""

    kind = models.CharField("类别", max_length=8, choices=PostingKind)
    title = models.CharField("标题", max_length=60)
    text = models.CharField("内容", max_length=300, blank=True)
    link = models.URLField("网址", blank=True)
    on = models.DateField("日期", null=True, blank=True)
    by_name = models.CharField("发布人", max_length=LONGEST_NAME)
    at = models.DateTimeField("发布时间", default=now)

    law = Law(Unit(), reads=Everybody(), on={UNIT_CLOSED: Follow()})

    class Meta:
        ordering = ["kind", "-pk"]
        verbose_name = verbose_name_plural = "家乡页内容"

    def __str__(self):
        return self.title
