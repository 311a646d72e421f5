"""Jobs claimed, done, fetched and forgotten: once, for every kind.

A worker takes a job by FOR UPDATE SKIP LOCKED and counts the attempt; then it holds the row's lock
in the one transaction in which the function works and the job ends. So a worker that is killed takes
everything back, nobody else begins what a living one still works on, however long that takes, and
what is done is done once.

What takes longer than a transaction should is a function that a long kind returns: it is called after
that transaction, asks the database nothing, and keeps its claim by renewing it (``leases``).
"""

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import IO, Any

from django.core.cache import cache
from django.core.files import File
from django.core.files.base import ContentFile
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Model, Q, QuerySet
from django.utils.timezone import now

from qingchun.accounts.models import Membership, User
from qingchun.ground.refusals import Refused
from qingchun.ground.sealing import Box
from qingchun.jobs import leases
from qingchun.jobs.choices import JobStatus
from qingchun.jobs.kinds import KINDS, JobKind
from qingchun.jobs.models import Job, path_of
from qingchun.organizations.walls import acting, rls_context

logger = logging.getLogger(__name__)
# Between the claim and the lock a row belongs to nobody; nor does what is worked on outside a
# transaction, between two renewals: so long it is left alone.
LEASE = dt.timedelta(seconds=15)
MOST_ATTEMPTS = 2


def work(at_most: int = 1000, *, is_long: bool | None = None) -> int:
    """Do what waits, one after the other; what takes long, what does not, or both. Returns: how many."""
    done = 0
    while done < at_most and (job := _claim(is_long)):
        _work_on(job)
        done += 1
    return done


def waiting() -> int:
    """How many wait or are worked on, in all units."""
    with acting("work a queue"):
        return Job.objects.unfinished().count()


def _living() -> Q:
    moment = now()
    # A clock set back leaves claims in the future: those are stuck just as well.
    return Q(last_attempted_at__range=(moment - LEASE, moment + LEASE))


def _free() -> Q:
    return Q(status=JobStatus.READY) | Q(status=JobStatus.RUNNING) & ~_living()


def _of(is_long: bool | None) -> QuerySet:
    if is_long is None:
        return Job.objects.all()
    long = [name for name, kind in KINDS.items() if kind.is_long]
    return Job.objects.filter(kind__in=long) if is_long else Job.objects.exclude(kind__in=long)


def long_one_waits() -> bool:
    """Whether one waits and none is at work: they must not hold all workers at once."""
    with acting("work a queue"):
        long = _of(True)
        # Whoever is still in its first part holds its row, however long that takes.
        free = list(
            long.filter(_free()).select_for_update(skip_locked=True).values_list("pk", flat=True)
        )
        return (
            bool(free) and not long.filter(status=JobStatus.RUNNING).exclude(pk__in=free).exists()
        )


def _claim(is_long: bool | None = None) -> Job | None:
    with acting("work a queue"):
        free = _of(is_long).filter(_free()).order_by("pk")
        job = free.select_for_update(skip_locked=True).first()
        if job:
            job.status, job.last_attempted_at = JobStatus.RUNNING, now()
            job.attempts += 1
            job.save(update_fields=["status", "last_attempted_at", "attempts"])
        return job


@contextmanager
def _locked(job: Job) -> Iterator[Job | None]:
    """Its row, asked as whoever asked for it; None where another worker has taken it up."""
    with rls_context(scope=job.organization_id, person=job.user_id):
        mine = Job.objects.filter(pk=job.pk, attempts=job.attempts, status=JobStatus.RUNNING)
        yield mine.select_for_update().first()


def _work_on(job: Job) -> None:
    """Whatever happens to it, the worker goes on, and the job says why."""
    with _locked(job) as mine:
        if mine is None:
            return
        rest, error = _tried(lambda: _begin(mine))
        if rest is None:
            _end(mine, error)
            return
        mine.last_attempted_at = now()
        mine.save(update_fields=["last_attempted_at"])
    try:
        with leases.held(mine) as lease:
            _, error = _tried(lambda: _go_on(mine, rest, lease))
    except leases.Lost:
        return
    with _locked(mine) as still_ours:
        if still_ours:
            _end(mine, error)


def _tried(do: Callable[[], Any]) -> tuple[Any, Exception | None]:
    """(what it returned, None), or (None, what went wrong)."""
    try:
        return do(), None
    except (OperationalError, InterfaceError, leases.Lost):
        raise  # the database went away: it is taken up again
    except Exception as error:  # what nobody foresaw must not hold up the next one
        return None, error


def _begin(job: Job) -> Any:
    """Returns: what is left to do without the database, if anything."""
    if job.attempts > MOST_ATTEMPTS:
        raise Refused("试了两次都没有成功，请再试一次；还不行，请联系管理员。")
    tell(job, 1)
    with transaction.atomic():
        kind = KINDS[job.kind]
        made = kind.func(job, **job.kwargs)
        if kind.is_long:
            return made
        if made is not None:
            tell(job, 90)
            _keep(job, kind, made)
    return None


def _go_on(job: Job, rest: Callable[[Any], Any], lease: Any) -> None:
    _keep(job, KINDS[job.kind], Watched(rest(lease.go_on), lease.go_on))


class Watched(File):
    """A file that says each time that it is read: keeping it takes long too."""

    def __init__(self, file: IO[bytes], go_on: Callable[[], None]) -> None:
        super().__init__(file, "made")
        self.go_on = go_on

    def read(self, *args: int) -> bytes:
        self.go_on()
        return self.file.read(*args)


def _end(job: Job, error: Exception | None) -> None:
    job.status = JobStatus.FAILED if error else JobStatus.SUCCESSFUL
    if isinstance(error, Refused):
        job.trouble = str(error)[:200]
    elif error:
        logger.error("job %s: %s", job.pk, type(error).__name__)
    if error:
        _give_up(job, error)
    job.finished_at = now()
    job.save(update_fields=["status", "finished_at", "note", "trouble", "file"])


def _keep(job: Job, kind: JobKind, made: bytes | IO[bytes]) -> None:
    """One file a job: what a worker wrote that was killed before it could say so is written over."""
    with File(BytesIO(made) if isinstance(made, bytes) else made) as file:
        sealed = Box(kind.seal).seal(b"".join(file.chunks())) if kind.seal else None
        job.file.save(kind.ending, ContentFile(sealed) if sealed else file, save=False)


def _drop(job: Job, kind: JobKind) -> None:
    job.file.storage.delete(path_of(job, kind.ending))


def _give_up(job: Job, error: Exception) -> None:
    try:
        kind = KINDS[job.kind]
        _drop(job, kind)
        if kind.gave_up:
            with transaction.atomic():
                kind.gave_up(job, error)
    except Exception as another:  # it has failed all the same
        logger.error("job %s gave up: %s", job.pk, type(another).__name__)


def asker_of(job: Job) -> User:
    """Whoever asked for it, at the post from which they did. Raises: Refused where they left it."""
    posts = Membership.objects.filter(user=job.user_id).active()
    post = posts.filter(organization=job.organization_id).first()
    if post is None:
        raise Refused("申请的人已经不在这个岗位上，没有生成。")
    job.user.acting = post
    return job.user


def tell(record: Model, share: int) -> None:
    """Say how far the work on a record is, in hundredths: seen before the work commits."""
    cache.set(f"progress:{record._meta.label_lower}:{record.pk}", share, 3600)


def progress_of(record: Model) -> int:
    """How far a worker is with it, in hundredths."""
    return cache.get(f"progress:{record._meta.label_lower}:{record.pk}", 0)


def fetch(job: Job) -> File | bytes:
    """The file, and the bytes of one that was sealed. Needs: whoever asked for it.

    Raises: Refused once it is gone.
    """
    if not job.file:
        raise Refused("文件过了保留的时间，已经删除。请重新生成。")
    if not (seal := KINDS[job.kind].seal):
        return job.file
    with job.file.open("rb") as file:
        return Box(seal).open(file.read())


def forget_old(moment: dt.datetime) -> int:
    """Files go when their time is over. Returns: how many."""
    with acting("forget"):
        old = list(Job.objects.filter(expires_at__lt=moment).exclude(file="")[:200])
        for job in old:
            job.file.delete(save=False)
            Job.objects.filter(pk=job.pk).update(file="")
    return len(old)
