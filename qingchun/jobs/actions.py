"""Jobs claimed, done, fetched and forgotten: once, for every kind.

A worker takes a job by FOR UPDATE SKIP LOCKED and counts the attempt; then it holds the row's lock
in the one transaction in which the function works and the job ends. So a worker that is killed takes
everything back, nobody else begins what a living one still works on, however long that takes, and
what is done is done once.
"""

import datetime as dt
import logging
from contextlib import suppress
from io import BytesIO

from django.core.cache import cache
from django.core.files import File
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q
from django.utils.timezone import now
from redis.exceptions import RedisError

from qingchun.accounts.models import Membership
from qingchun.ground.refusals import Refused
from qingchun.ground.sealing import Box
from qingchun.jobs.choices import JobStatus
from qingchun.jobs.kinds import KINDS
from qingchun.jobs.models import Job, path_of
from qingchun.organizations.walls import acting, asking_as

logger = logging.getLogger(__name__)
# Between the claim and the lock a row belongs to nobody: so long it is left alone.
LEASE = dt.timedelta(seconds=5)
MOST_ATTEMPTS = 2


def work(at_most=1000):
    """Do what waits, one after the other. Returns: how many."""
    done = 0
    while done < at_most and (job := _claim()):
        _work_on(job)
        done += 1
    return done


def _claim():
    moment = now()
    # A clock set back leaves claims in the future: those are stuck just as well.
    dead = ~Q(last_attempted_at__range=(moment - LEASE, moment + LEASE))
    with acting("work a queue"):
        free = Q(status=JobStatus.READY) | Q(status=JobStatus.RUNNING) & dead
        job = Job.objects.filter(free).order_by("pk").select_for_update(skip_locked=True).first()
        if job:
            job.status, job.last_attempted_at = JobStatus.RUNNING, moment
            job.attempts += 1
            job.save(update_fields=["status", "last_attempted_at", "attempts"])
        return job


def _work_on(job):
    """Asked as whoever asked for it. Whatever happens to it, the worker goes on, and it says why."""
    with asking_as(scope=job.organization_id, person=job.user_id):
        mine = Job.objects.filter(pk=job.pk, attempts=job.attempts, status=JobStatus.RUNNING)
        if job := mine.select_for_update().first():  # else another worker has taken it up
            job.status = _done(job)
            job.finished_at = now()
            job.save(update_fields=["status", "finished_at", "note", "trouble", "file"])


def _done(job):
    try:
        if job.attempts > MOST_ATTEMPTS:
            raise Refused("试了两次都没有成功，请再试一次；还不行，请联系管理员。")
        tell(job, 1)
        with transaction.atomic():
            kind = KINDS[job.kind]
            if (made := kind.func(job, **job.kwargs)) is not None:
                tell(job, 90)
                _keep(job, kind, made)
        return JobStatus.SUCCESSFUL
    except (OperationalError, InterfaceError):
        raise  # the database went away: it is taken up again
    except Exception as error:  # what nobody foresaw must not hold up the next one
        if isinstance(error, Refused):
            job.trouble = str(error)[:200]
        else:
            logger.error("job %s: %s", job.pk, type(error).__name__)
        _give_up(job, error)
        return JobStatus.FAILED


def _keep(job, kind, made):
    """One file a job: what a worker wrote that was killed before it could say so is written over."""
    _drop(job, kind)
    if isinstance(made, bytes):
        made = BytesIO(Box(kind.seal).seal(made) if kind.seal else made)
    with File(made) as file:
        job.file.save(kind.ending, file, save=False)


def _drop(job, kind):
    job.file.storage.delete(path_of(job, kind.ending))


def _give_up(job, error):
    try:
        kind = KINDS[job.kind]
        _drop(job, kind)
        if kind.gave_up:
            with transaction.atomic():
                kind.gave_up(job, error)
    except Exception as another:  # it has failed all the same
        logger.error("job %s gave up: %s", job.pk, type(another).__name__)


def asker_of(job):
    """Whoever asked for it, at the post from which they did. Raises: Refused where they left it."""
    posts = Membership.objects.filter(user=job.user_id).active()
    post = posts.filter(organization=job.organization_id).first()
    if post is None:
        raise Refused("申请的人已经不在这个岗位上，没有生成。")
    job.user.acting = post
    return job.user


def tell(record, share):
    """Say how far the work on a record is, in hundredths: seen before the work commits."""
    with suppress(RedisError):  # no work is lost for want of a bar
        cache.set(f"progress:{record._meta.label_lower}:{record.pk}", share, 3600)


def progress_of(record):
    """How far a worker is with it, in hundredths."""
    return cache.get(f"progress:{record._meta.label_lower}:{record.pk}", 0)


def fetch(job):
    """The file, open. Needs: whoever asked for it. Raises: Refused once it is gone."""
    if not job.file:
        raise Refused("文件过了保留的时间，已经删除。请重新生成。")
    if not (seal := KINDS[job.kind].seal):
        return job.file.open("rb")
    with job.file.open("rb") as file:
        return BytesIO(Box(seal).open(file.read()))


def forget_old(moment):
    """Files go when their time is over. Returns: how many."""
    with acting("forget"):
        old = list(Job.objects.filter(expires_at__lt=moment).exclude(file="")[:200])
        for job in old:
            job.file.delete(save=False)
            Job.objects.filter(pk=job.pk).update(file="")
    return len(old)
