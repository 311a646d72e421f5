"""What takes longer than a claim lasts is made once, and stops where the claim was lost."""

import signal
import subprocess
import sys
import time
import zipfile

import pytest

from campaigns.actions.photos import add_photo
from qingchun.jobs import actions, tasks
from reports.papers.exports import bundle
from tests.files.conftest import in_store, object_store  # noqa: F401
from tests.jobs.test_faults import house, jobs  # noqa: F401
from tests.notifications.conftest import ROOT, box, whole_box  # noqa: F401

SLOWLY = [sys.executable, "-W", "ignore", "-m", "tests.jobs.slowly"]
STEPS = 30


@pytest.fixture
def steps(house, tmp_path):  # noqa: F811
    """One job waits; returns its lines: (process, what)."""
    file = tmp_path.parent / f"{tmp_path.name}-steps"
    file.touch()
    subprocess.run([*SLOWLY, "ask"], cwd=ROOT, env=house.environment, check=True)
    house.steps = file
    return lambda: [line.split(" ", 1) for line in file.read_text().splitlines()]


def worker(house):  # noqa: F811
    return house.start("slowly", "-m", "tests.jobs.slowly", "work", str(house.steps))


def made(steps, process):
    return [
        int(what.split()[0]) for who, what in steps() if who == str(process.pid) and what != "ended"
    ]


def test_two_workers_make_what_outlasts_its_claim_once(house, steps):  # noqa: F811
    first = worker(house)
    house.wait_until(lambda: made(steps, first))
    second = worker(house)
    first.wait(60)
    second.wait(60)
    assert made(steps, first) == list(range(STEPS))
    assert made(steps, second) == []
    assert {what.split()[1] for _, what in steps() if what != "ended"} == {
        "False"
    }  # no transaction
    ((_, _, status, attempts, _, file),) = jobs(house)
    assert (status, attempts) == ("SUCCESSFUL", 1)
    assert len((house.disk / file).read_text().splitlines()) == STEPS


def test_worker_that_lost_its_claim_stops(house, steps):  # noqa: F811
    """It hung until another had taken the job up: the other's is the one that counts."""
    first = worker(house)
    house.wait_until(lambda: len(made(steps, first)) > 3)
    first.send_signal(signal.SIGSTOP)
    before = len(made(steps, first))
    time.sleep(2.2)
    second = worker(house)
    house.wait_until(lambda: made(steps, second))
    first.send_signal(signal.SIGCONT)
    first.wait(60)
    assert len(made(steps, first)) <= before + 3  # until its own thread has asked
    second.wait(60)
    assert made(steps, second) == list(range(STEPS))
    ((_, _, status, attempts, _, _),) = jobs(house)
    assert (status, attempts) == ("SUCCESSFUL", 2)


def test_worker_that_is_killed_is_followed_by_another(house, steps):  # noqa: F811
    first = worker(house)
    house.wait_until(lambda: made(steps, first))
    house.kill(first)
    time.sleep(2.2)
    worker(house).wait(60)
    ((_, _, status, attempts, _, _),) = jobs(house)
    assert (status, attempts) == ("SUCCESSFUL", 2)


def test_no_other_begins_while_the_first_still_gathers_what_it_needs(house, steps):  # noqa: F811
    """It holds its row until it has gathered, and its claim is renewed only after."""
    subprocess.run([*SLOWLY, "ask"], cwd=ROOT, env=house.environment, check=True)

    def waits():
        done = subprocess.run(
            [*SLOWLY, "waits"], cwd=ROOT, env=house.environment, stdout=subprocess.PIPE, check=True
        )
        return done.stdout.strip() == b"True"

    assert waits()
    first = house.start("slowly", "-m", "tests.jobs.slowly", "gather", str(house.steps))
    house.wait_until(lambda: steps() == [[str(first.pid), "gathers"]])
    time.sleep(2.2)  # its claim is over
    assert not waits()
    house.kill(first)
    house.wait_until(waits)


def test_what_takes_long_has_no_limit_of_time_and_what_does_not_has():
    assert tasks.work.time_limit == 15 * 60
    assert tasks.work_long.time_limit is None


def test_long_one_leaves_a_worker_to_others(zhang, kind_long):
    for _ in range(2):
        kind_long.enqueue(actor=zhang, name="慢.txt")
    assert actions.long_one_waits()
    assert actions.work(is_long=False) == 0
    actions._claim(is_long=True)
    assert not actions.long_one_waits()


@pytest.fixture
def kind_long():
    from qingchun.jobs.kinds import KINDS, job

    @job("试", "txt", is_long=True)
    def trying(job):
        raise AssertionError

    yield trying
    KINDS.pop("trying")


def test_pack_reads_ahead_from_a_store_and_leaves_out_what_is_gone(in_store, zhang, tmp_path):  # noqa: F811
    from uuid import uuid4

    from tests.files.test_kept import jpeg
    from tests.walls import anew

    photos = [anew(add_photo(actor=zhang, entry=uuid4(), file=jpeg(200))) for _ in range(20)]
    photos[7].image.storage.delete(photos[7].image.name)
    found, told = bundle.OnDisk(), []
    for number, photo in enumerate(photos):
        found.append((photo.image.name, f"小店区/{number}.jpg", photo.added_at.date()))
    with (tmp_path / "pack.zip").open("wb") as target:
        assert bundle.pack(found, target, told.append) == 19
    with zipfile.ZipFile(tmp_path / "pack.zip") as pack:
        assert pack.testzip() is None
        assert pack.namelist() == [f"小店区/{n}.jpg" for n in range(20) if n != 7]
    assert told == list(range(1, 21))
