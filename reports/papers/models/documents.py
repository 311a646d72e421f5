"""Files that are made of papers and boards."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from campaigns.models import Campaign
from qingchun.organizations.changes import LEFT, MOVED, UNIT_CLOSED, Stay
from qingchun.organizations.law import Doing, Law, Unit
from qingchun.organizations.models import OrganizationOwned
from reports.papers.choices import DocumentKind, DocumentState
from reports.papers.models.papers import Paper


class Document(OrganizationOwned):
    """成文: one file asked for by somebody, made by a worker, fetched until it is old."""

    campaign = models.ForeignKey(Campaign, models.CASCADE)
    # Of one paper; empty for the compilation and the boards.
    paper = models.ForeignKey(Paper, models.CASCADE, null=True, related_name="documents")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField("文件", max_length=20, choices=DocumentKind)
    name = models.CharField("文件名", max_length=120)
    state = models.CharField(
        "状态", max_length=10, choices=DocumentState, default=DocumentState.WAITING
    )
    file = models.FileField(upload_to="documents/%Y/%m/", blank=True)
    digest = models.CharField("校验码", max_length=64, blank=True)
    asked_at = models.DateTimeField("申请时间", default=now)
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    law = Law(
        Unit(),
        Doing("work a queue", "forget"),
        on={
            UNIT_CLOSED: Stay("made for somebody, and gone in a week"),
            LEFT: Stay("a cadre's, and gone in a week"),
            MOVED: Stay("a cadre's work: it belongs to the unit"),
        },
        told="a cadre's",
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "成文"
        indexes = [
            models.Index(
                fields=["asked_at"],
                name="reports_document_waits",
                condition=Q(state=DocumentState.WAITING),
            ),
        ]

    def __str__(self):
        return self.name
