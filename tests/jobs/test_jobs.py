"""Jobs: asked for by whoever may, done once, as whoever asked; a failed one says so."""

from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now, timedelta

from qingchun.celery import app
from qingchun.ground.portal import answers
from qingchun.ground.refusals import Refused
from qingchun.ground.waking import soon
from qingchun.jobs import actions
from qingchun.jobs.choices import JobStatus
from qingchun.jobs.kinds import KINDS, job
from qingchun.jobs.models import Job
from qingchun.notifications.account_news import send_code
from qingchun.organizations.walls import current
from tests.looking import looking


@pytest.fixture
def kind():
    """Declare a kind for the length of a test: ``kind(function, **declared)``."""
    declared = []

    def do(func, ending="txt", **more):
        made = job("试", ending, **more)(func)
        declared.append(made.name)
        return made

    yield do
    for name in declared:
        KINDS.pop(name, None)


def one(pk=None):
    with looking():
        return Job.objects.get(pk=pk) if pk else Job.objects.get()


def texts(found):
    fetched = actions.fetch(found)
    if isinstance(fetched, bytes):
        return fetched
    with fetched.open("rb") as file:
        return file.read()


def test_job_is_done_as_whoever_asked_and_its_file_is_theirs(kind, zhang):
    asked = []

    def words(job, *, said):
        asked.append((current(), actions.asker_of(job).acting.organization_id))
        job.note += "好了"
        return said.encode()

    made = kind(words).enqueue(actor=zhang, name="话.txt", note="一句，", said="回家看看")
    assert (made.status, made.attempts, made.is_finished) == (JobStatus.READY, 0, False)
    assert actions.work() == 1
    assert asked == [(("140105", str(zhang.pk), ""), "140105")]
    found = one()
    assert (found.status, found.attempts, found.note) == ("SUCCESSFUL", 1, "一句，好了")
    assert texts(found) == "回家看看".encode()
    assert found.finished_at >= found.last_attempted_at >= found.enqueued_at
    assert actions.work() == 0


def test_sealed_file_is_read_by_nobody_on_the_disk(kind, zhang):
    def secret(job):
        return b"13800000000"

    kind(secret, seal="test").enqueue(actor=zhang, name="密.txt")
    actions.work()
    with looking(), one().file.open("rb") as file:
        assert b"1380000" not in file.read()
    assert texts(one()) == b"13800000000"


@pytest.mark.parametrize("is_long", [False, True])
def test_sealed_kind_may_give_an_open_file_as_every_other(kind, zhang, is_long):
    def secret(job):
        return (lambda go_on: BytesIO(b"13800000000")) if is_long else BytesIO(b"13800000000")

    kind(secret, seal="test", is_long=is_long).enqueue(actor=zhang, name="密.txt")
    actions.work()
    with looking(), one().file.open("rb") as file:
        assert b"1380000" not in file.read()
    assert texts(one()) == b"13800000000"


def test_who_may_not_ask_does_not(kind, zhang, wang):
    def mine(job):
        return b""

    made = kind(mine, may=lambda user: user.scope == "1401")
    made.enqueue(actor=wang)
    with pytest.raises(PermissionDenied):
        made.enqueue(actor=zhang)


def test_person_has_four_files_made_at_once_and_as_many_again_when_they_are_there(kind, zhang, sun):
    def small(job):
        return b"x"

    made = kind(small)
    for _ in range(4):
        made.enqueue(actor=zhang, name="一.txt")
    with pytest.raises(Refused, match="还在生成"):
        made.enqueue(actor=zhang, name="一.txt")
    made.enqueue(actor=sun, name="一.txt")
    assert actions.work() == 5
    made.enqueue(actor=zhang, name="一.txt")


@pytest.mark.parametrize(
    ("error", "said"),
    [(Refused("没有内容，请先填写。"), "没有内容，请先填写。"), (KeyError("13800000000"), "")],
)
def test_failed_job_says_so_takes_back_what_it_did_and_does_not_hold_up_the_next(
    kind, zhang, error, said, caplog
):
    gave_up = []

    def fails(job):
        Job.objects.filter(pk=job.pk).update(note="做到一半")
        raise error

    def works(job):
        return b"x"

    kind(fails, gave_up=lambda job, why: gave_up.append((job.pk, why))).enqueue(actor=zhang)
    kind(works).enqueue(actor=zhang)
    assert actions.work() == 2
    with looking():
        failed, done = Job.objects.order_by("pk")
    assert (failed.status, failed.trouble, failed.note, failed.file.name) == (
        "FAILED",
        said,
        "",
        "",
    )
    assert done.status == "SUCCESSFUL"
    assert gave_up == [(failed.pk, error)]
    assert "13800000000" not in caplog.text


def test_kind_that_is_gone_and_one_that_cannot_even_give_up_fail_all_the_same(kind, zhang):
    def breaks(job):
        raise KeyError

    kind(breaks, gave_up=lambda job, why: 1 / 0).enqueue(actor=zhang)
    kind(breaks).enqueue(actor=zhang)
    with looking():
        Job.objects.filter(pk=Job.objects.latest("pk").pk).update(kind="of the version before")
    assert actions.work() == 2
    with looking():
        assert set(Job.objects.values_list("status", flat=True)) == {"FAILED"}


def test_job_with_which_two_workers_died_is_given_up(kind, zhang):
    def never(job):
        raise AssertionError

    kind(never).enqueue(actor=zhang)
    with looking():
        Job.objects.update(status="RUNNING", attempts=2, last_attempted_at=now() - timedelta(1))
    actions.work()
    assert (one().status, one().attempts) == ("FAILED", 3)
    assert "两次" in one().trouble


@pytest.mark.parametrize(("seconds", "done"), [(-60, 1), (-1, 0), (1, 0), (60, 1)])
def test_claim_is_left_alone_for_a_moment_whatever_the_clock_says(kind, zhang, seconds, done):
    """A clock set back leaves claims in the future."""

    def small(job):
        return b"x"

    kind(small).enqueue(actor=zhang)
    with looking():
        claimed = now() + timedelta(seconds=seconds)
        Job.objects.update(status="RUNNING", attempts=1, last_attempted_at=claimed)
    assert actions.work() == done


def test_job_is_taken_up_again_when_the_database_went_away(kind, zhang):
    tries = []

    def cut_off(job):
        tries.append(job.attempts)
        if len(tries) == 1:
            raise OperationalError("server closed the connection unexpectedly")
        return b"x"

    kind(cut_off).enqueue(actor=zhang)
    with pytest.raises(OperationalError), transaction.atomic():
        actions.work()
    with looking():
        assert not Job.objects.get().is_finished
        Job.objects.update(last_attempted_at=None)
    assert actions.work() == 1
    assert one().status == "SUCCESSFUL"


def test_worker_that_was_overtaken_leaves_the_job_to_the_other(kind, zhang):
    done = []

    def counted(job):
        done.append(job.attempts)

    kind(counted).enqueue(actor=zhang)
    first = actions._claim()
    with looking():
        Job.objects.update(last_attempted_at=None)
    second = actions._claim()
    actions._work_on(first)
    assert done == []
    actions._work_on(second)
    actions._work_on(second)
    assert done == [2]


def test_bar_moves_before_the_work_commits_and_nobody_fails_for_want_of_one(
    kind, zhang, client, settings
):
    def slow(job):
        actions.tell(job, 40)
        client.force_login(zhang)
        seen.append(client.get("/documents/").content.decode())
        gone = settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1"}
        settings.CACHES = {"default": gone}
        actions.tell(job, 50)

    seen = []
    kind(slow).enqueue(actor=zhang, name="慢.txt")
    actions.work()
    assert 'value="40"' in seen[0]
    assert one().status == "SUCCESSFUL"


def test_page_says_what_became_of_each(kind, zhang, client):
    def fine(job):
        return b"x"

    def refused(job):
        raise Refused("还没有登记过活动。")

    kind(fine).enqueue(actor=zhang, name="好.txt", note="已遮挡")
    kind(refused).enqueue(actor=zhang, name="坏.txt")
    client.force_login(zhang)
    page = client.get("/documents/").content.decode()
    assert "data-poll" in page
    assert page.count("<progress") == 2
    actions.work()
    page = client.get("/documents/").content.decode()
    assert "data-poll" not in page
    for words in ("好.txt", "已遮挡", "保留到", "下载", "坏.txt", "还没有登记过活动。", "没有生成"):
        assert words in page
    with looking():
        Job.objects.update(expires_at=now())
        first = Job.objects.earliest("pk")
    assert actions.forget_old(now() + timedelta(1)) == 1
    assert "已过期，请重新生成" in client.get("/documents/").content.decode()
    gone = client.get(f"/documents/{first.pk}/file/", follow=True)
    assert "已经删除" in gone.content.decode()


def test_colleague_and_those_above_see_no_files_of_mine(kind, zhang, wang, client):
    def fine(job):
        return b"x"

    made = kind(fine).enqueue(actor=zhang, name="我的.txt")
    actions.work()
    client.force_login(wang)
    assert "我的.txt" not in client.get("/documents/").content.decode()
    assert client.get(f"/documents/{made.pk}/file/").status_code == 404


# Waking


def test_what_is_woken_is_on_the_schedule(kind, zhang):
    def small(job):
        return b"x"

    with CaptureQueriesContext(connection) as asked:
        kind(small).enqueue(actor=zhang)
    with CaptureQueriesContext(connection) as coded:
        send_code("13800002001", "123456", minutes=5)
    woken = [
        query["sql"].split("'")[3]
        for query in [*asked, *coded]
        if query["sql"].startswith("SELECT pg_notify")
    ]
    assert woken == ["work-on-jobs", "send-codes"]
    schedule = dict(answers("schedule"))
    assert set(woken) <= set(schedule)
    assert min(entry["schedule"] for entry in schedule.values()) == 30


def test_long_queue_is_worked_off_by_the_beat_itself():
    """Where no broker answers: each turn was called inside the one before, some hundred deep."""
    left = list(range(2000))

    @app.task(name="tests.turn")
    def turn():
        left.pop()
        if left:
            soon(turn)

    try:
        done = turn.apply()
        assert (done.state, left) == ("SUCCESS", [])
        left.append(0)
        assert (turn.apply().state, left) == ("SUCCESS", [])
    finally:
        app.tasks.unregister("tests.turn")
