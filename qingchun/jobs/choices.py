from django.db import models


class JobStatus(models.TextChoices):
    """As ``django.tasks.TaskResultStatus`` names them."""

    READY = "READY", "等待办理"
    RUNNING = "RUNNING", "正在办理"
    SUCCESSFUL = "SUCCESSFUL", "已生成"
    FAILED = "FAILED", "没有生成"


UNFINISHED = (JobStatus.READY, JobStatus.RUNNING)
