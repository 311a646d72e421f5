"""What jobs survive: the outbox's box, its workers, Redis and PostgreSQL killed over jobs too."""

import signal
import subprocess
import sys
import time

import pytest

from qingchun.ground.sealing import Box
from tests.notifications.conftest import ROOT, box, whole_box  # noqa: F401

JOBS = "SELECT id, kind, status, attempts, trouble, file FROM jobs_job ORDER BY id"

LISTENS = "SELECT 1 FROM notifications_pulse WHERE name = 'beat' AND at > clock_timestamp()"


@pytest.fixture
def house(box, tmp_path):  # noqa: F811
    """The box, with a disk of its own and no job from before."""
    box.sql("DELETE FROM jobs_job", purpose="work a queue")
    before = box.environment.get("MEDIA_ROOT")
    box.environment["MEDIA_ROOT"] = str(tmp_path)
    box.disk = tmp_path
    yield box
    box.stop_all()
    box.environment["MEDIA_ROOT"] = before


def ask(house, many, pause=0):
    """Returns: when each was committed."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.jobs.asking", str(many), str(pause)],
        cwd=ROOT, env=house.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [float(said) for said in done.stdout.split()]


def jobs(house):
    return house.sql(JOBS, purpose="work a queue")


def left(house):
    return sum(status in ("READY", "RUNNING") for _, _, status, *_ in jobs(house))


def wake(house):
    house.sql("SELECT pg_notify('qingchun', 'work-on-jobs')")


def wait_for_all(house, seconds=120):
    """Whatever a dead worker held is taken up once its claim is a few seconds old."""

    def are_done():
        wake(house)
        time.sleep(0.2)
        return left(house) == 0

    house.wait_until(are_done, seconds)


def files(house):
    """Beside the portal's own mark."""
    found = (path for path in house.disk.rglob("*") if path.is_file())
    return {str(path.relative_to(house.disk)) for path in found if path.parent.name != "portal"}


def each_is_there_once(house, many):
    """Each job ended in one file and in nothing beside it, or says that it failed, and has none."""
    found = jobs(house)
    assert len(found) == many
    assert {status for _, _, status, *_ in found} <= {"SUCCESSFUL", "FAILED"}
    assert files(house) == {file for *_, file in found if file}
    for _, kind, status, attempts, trouble, file in found:
        if status == "FAILED":
            assert (attempts, file) == (3, "")
            assert "两次" in trouble
            continue
        body = (house.disk / file).read_bytes()
        assert (Box("talent export").open(body) if kind == "pool_export" else body)[:2] == b"PK"
    return [attempts for _, _, _, attempts, _, _ in found]


def test_worker_is_woken_by_the_commit_that_asks(house):
    house.jobs()
    house.wait_until(lambda: house.sql(LISTENS) != [])
    ask(house, 1)
    house.wait_until(lambda: left(house) == 0, 60)  # they have all started now
    asked = ask(house, 6, pause=1.3)
    house.wait_until(lambda: left(house) == 0, 25)
    begun = house.sql(
        "SELECT last_attempted_at FROM jobs_job ORDER BY id OFFSET 1", purpose="work a queue"
    )
    waits = sorted(1000 * (at.timestamp() - when) for (at,), when in zip(begun, asked, strict=True))
    print("begun after the commit, in ms:", [round(wait) for wait in waits])
    # The sweep comes every thirty seconds: six that it found would have waited for it.
    assert waits[3] < 5_000


def test_worker_killed_seven_times_in_the_middle_of_jobs(house):
    house.beat()
    ask(house, 40)
    for number in range(1, 8):
        worker, so_far = house.worker(), left(house)
        wake(house)

        def has_moved(so_far=so_far):
            wake(house)
            return left(house) <= so_far - 3

        house.wait_until(has_moved, 90)
        assert left(house) > 0, f"nothing was left to interrupt at kill {number}"
        house.kill(worker)
    house.worker()
    house.worker()  # and two at once
    wait_for_all(house)
    attempts = each_is_there_once(house, 40)
    print(f"begun more than once: {sum(n > 1 for n in attempts)} of 40")


def test_redis_killed_while_jobs_wait_and_started_again(house):
    house.jobs()
    ask(house, 20)
    house.wait_until(lambda: left(house) < 18, 60)
    redis, _ = house.servers.processes["redis"]
    redis.kill()
    redis.wait()
    ask(house, 10)  # the broker hears of none of them
    house.servers._start_redis()
    house.wait_until(lambda: left(house) == 0, 150)
    each_is_there_once(house, 30)


def test_database_restarted_while_jobs_are_done(house):
    house.jobs()
    ask(house, 40)
    house.wait_until(lambda: left(house) < 36, 60)
    postgres, _ = house.servers.processes["postgres"]
    postgres.send_signal(signal.SIGINT)
    postgres.wait(30)
    house.servers._start_postgres()
    ask(house, 2)  # beat listens on a session of its own again
    house.wait_until(lambda: left(house) == 0, 150)
    each_is_there_once(house, 42)


def test_killed_at_every_line_of_a_job_over_and_over(house):
    done = subprocess.run(
        [sys.executable, "-m", "tests.jobs.crashes", "189"],
        cwd=ROOT, env=house.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    crashed, lines = map(int, done.stdout.split())
    print(f"crashed {crashed} times, at each of {lines} lines")
    assert crashed >= 189 + 63 - 20  # a second crash may come too late
    found = jobs(house)
    assert len(found) == 190
    written = dict(
        house.sql(
            "SELECT subject, count(*) FROM accounts_auditevent WHERE verb = '试做' GROUP BY 1"
        )
    )
    done = [pk for pk, _, status, *_ in found if status == "SUCCESSFUL"]
    given_up = [(trouble, file) for _, _, status, _, trouble, file in found if status == "FAILED"]
    assert len(done) + len(given_up) == 190
    # What a job does beside its file is done once, of one that failed not at all.
    assert written == {f"jobs.job:{pk}": 1 for pk in done}
    assert files(house) == {file for *_, file in found if file}
    assert len(files(house)) == len(done)
    assert all("两次" in trouble and not file for trouble, file in given_up)
    print(f"given up after two crashes: {len(given_up)}")


def test_picture_killed_at_every_line_is_there_once_and_nothing_beside_it(house):
    done = subprocess.run(
        [sys.executable, "-m", "tests.jobs.photo_crashes"],
        cwd=ROOT, env=house.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    killed, lines = map(int, done.stdout.split())
    assert killed == lines > 30
