"""Kinds of jobs: a plain function, declared once, that a worker calls.

    @job("总结文稿", "docx", may=reads_summaries)
    def summary_word(job, *, paper):
        return …                       # bytes or an open file; nothing where it makes none

The names are those of ``django.tasks``, so that the engine behind them can change: a ``Kind`` is its
``Task``, a ``Job`` its ``TaskResult`` and the context that the function takes first.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from inspect import signature
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from qingchun.accounts.models import User
from qingchun.ground.refusals import Refused, only_if
from qingchun.ground.waking import wake
from qingchun.jobs.models import Job
from qingchun.organizations.walls import rls_context

KINDS: dict[str, "JobKind"] = {}
# Files that one person may have made at the same time.
MOST_WAITING = 4


@dataclass(frozen=True)
class JobKind:
    """``ending``: of the file that it makes; ``may``: (actor) → whether they may ask for it;
    ``seal``: under which name the file is sealed; ``fetched``: what is written down of whoever takes
    it; ``gave_up``: (job, error), called in the transaction in which it fails. ``is_long``: takes longer
    than a transaction should; its function returns another, (``go_on``) → the open file, which asks
    the database nothing and calls ``go_on`` at each step.
    """

    func: Callable[..., Any]
    label: str
    ending: str = ""
    may: Callable[[User], object] = bool  # anybody
    kept_for: dt.timedelta = dt.timedelta(days=7)
    seal: str = ""
    fetched: str = "下载文件"
    gave_up: Callable[[Job, Exception], None] | None = None
    is_long: bool = False

    @property
    def name(self) -> str:
        return self.func.__name__

    @property
    def takes(self) -> tuple[str, ...]:
        """Names of what the function is called with, beside its job."""
        return tuple(signature(self.func).parameters)[1:]

    @transaction.atomic
    def enqueue(self, *, actor: User, name: str = "", note: str = "", **kwargs: Any) -> Job:
        """Have a worker do it, once this transaction has committed. Returns: the ``Job``.

        ``name``: of the file; ``kwargs``: what the function is called with. Raises:
        PermissionDenied; Refused while several files of theirs are being made.
        """
        only_if(self.may(actor))
        with rls_context(scope=actor.scope, person=actor.pk):
            if name and Job.objects.files_of(actor).unfinished().count() >= MOST_WAITING:
                raise Refused("前面几份文件还在生成，请等它们办完。")
            made = Job.objects.create(
                organization_id=actor.scope,
                user=actor,
                kind=self.name,
                kwargs=kwargs,
                name=name[-120:],
                note=note,
                expires_at=now() + self.kept_for,
            )
        wake("work-on-jobs")
        return made


def job(label: str, ending: str = "", **more: Any) -> Callable[[Callable[..., Any]], JobKind]:
    """Declare a kind of job, see ``Kind``; found by the name of its function."""

    def declare(func: Callable[..., Any]) -> JobKind:
        kind = KINDS[func.__name__] = JobKind(func, label, ending, **more)
        return kind

    return declare
