from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from qingchun.jobs.choices import UNFINISHED, JobStatus
from qingchun.organizations.changes import LEFT, MOVED, UNIT_CLOSED, Follow, Stay
from qingchun.organizations.law import Doing, Law, OwnUnit
from qingchun.organizations.models import OrganizationOwned
from qingchun.organizations.querysets import ScopedQuerySet


class JobQuerySet(ScopedQuerySet):
    def unfinished(self):
        return self.filter(status__in=UNFINISHED)

    def files_of(self, user):
        """The files that somebody asked for, in the unit they act for or below, newest first."""
        return self.visible_to(user).filter(user=user).exclude(name="").order_by("-pk")


def path_of(job, name):
    """One path a job, however often it is begun anew: what a killed worker left is written over."""
    return f"jobs/{job.enqueued_at:%Y/%m}/{job.pk}.{name}"


class Job(OrganizationOwned):
    """Something asked of a worker, and what came of it; a file is for whoever asked alone."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    # The name of its kind, and what its function is called with.
    kind = models.CharField(max_length=30)
    kwargs: dict[str, Any] = models.JSONField(default=dict)
    # Of the file, and what is said below it; a job without a name makes no file.
    name = models.CharField("文件名", max_length=120, blank=True)
    note = models.CharField("说明", max_length=240, blank=True)
    status = models.CharField("状态", max_length=10, choices=JobStatus, default=JobStatus.READY)
    # How many workers have taken it up: one that died with it counts.
    attempts = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField("原因", max_length=200, blank=True)
    file = models.FileField(upload_to=path_of, blank=True)
    enqueued_at = models.DateTimeField("申请时间", default=now)
    last_attempted_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField("完成时间", null=True)
    expires_at = models.DateTimeField("保留到")

    objects = JobQuerySet.as_manager()

    # What is looked for may be somebody's name: the units above have no business with it.
    law = Law(
        OwnUnit(),
        Doing("work a queue", "merge units", "forget", "seal anew"),
        on={
            UNIT_CLOSED: Follow(),
            LEFT: Stay("a cadre's, and its file is gone in a week"),
            MOVED: Stay("a cadre's work: it belongs to the unit"),
        },
        told="a cadre's",
    )

    class Meta:
        verbose_name = verbose_name_plural = "后台任务"
        indexes = [
            models.Index(fields=["id"], name="jobs_unfinished", condition=Q(status__in=UNFINISHED)),
        ]

    @property
    def is_finished(self):
        return self.status not in UNFINISHED
