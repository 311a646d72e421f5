"""One beat has the turn, behind any pooler; and it needs no broker to go on."""

import threading
from contextlib import closing, suppress

import psycopg2
import pytest

from qingchun.notifications import turns
from tests.cluster.database import Pooler, Server

TABLE = """CREATE TABLE notifications_pulse (
    name text PRIMARY KEY, at timestamptz NOT NULL, holder text NOT NULL DEFAULT ''
)"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("turns"), "alone").make().start()
    server.sql(TABLE)
    yield server
    server.stop()


@pytest.fixture
def lines(server, tmp_path):
    """Three connections that share one of the server's, as behind a pooler in transaction mode."""
    if not Pooler.is_there:
        pytest.skip("pgbouncer is not installed: apt-get install pgbouncer")
    with Pooler(server.folder, server) as pooler:
        opened = [
            psycopg2.connect(host="127.0.0.1", port=pooler.port, user="postgres", dbname="postgres")
            for _ in range(3)
        ]
        for line in opened:
            line.autocommit = True
        yield opened
        for line in opened:
            line.close()


def take(line, holder, seconds=turns.SECONDS):
    with line.cursor() as cursor:
        cursor.execute(turns.TAKE, ["beat", seconds, holder])
        return cursor.fetchone() is not None


def test_three_behind_a_pooler_have_one_turn_and_would_have_three_locks(lines, server):
    server.sql("DELETE FROM notifications_pulse")
    locks = []
    for line in lines:
        with line.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(20181224)")
            locks.append(cursor.fetchone()[0])
    assert locks == [True] * 3  # what held beats apart before
    assert [take(line, str(number)) for number, line in enumerate(lines)] == [True, False, False]
    assert take(lines[2], "0")  # it is the holder's, whichever line says so
    assert not take(lines[0], "1")


def test_of_many_at_once_one_has_the_turn(server):
    server.sql("DELETE FROM notifications_pulse")
    got, start = [], threading.Barrier(12)

    def ask(holder):
        with closing(server.connect()) as line:
            start.wait()
            got.append(take(line, holder))

    threads = [threading.Thread(target=ask, args=(str(n),)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [False] * 11 + [True]


def test_turn_ends_by_itself_and_where_the_clock_was_set_back(server):
    server.sql("DELETE FROM notifications_pulse")
    with closing(server.connect()) as line:
        assert take(line, "a", seconds=0)
        assert take(line, "b")
        assert not take(line, "a")
        server.sql("UPDATE notifications_pulse SET at = now() + interval '1 hour'")
        assert take(line, "a")


@pytest.mark.django_db
def test_turn_is_given_back_by_its_holder_alone():
    assert turns.take("try", "a")
    turns.give_back("try", "b")
    assert not turns.take("try", "b")
    turns.give_back("try", "a")
    assert turns.take("try", "b")


def test_without_a_broker_the_beat_does_what_is_due(box):
    """No worker at all, and no Redis: messages go out, the tick comes."""
    redis, _ = box.servers.processes["redis"]
    redis.kill()
    redis.wait()
    try:
        box.sql("DELETE FROM notifications_pulse")
        box.due("sms", 20)
        box.beat()
        box.wait_until(lambda: box.left() == 0, 90)
        ticked = "SELECT 1 FROM notifications_pulse WHERE name = 'tick'"
        box.wait_until(lambda: box.sql(ticked) != [])
    finally:
        with suppress(FileNotFoundError):
            box.servers._start_redis()
    assert max(box.provider.calls.values()) == 1


def test_broker_that_comes_back_is_used_again(box):
    redis, _ = box.servers.processes["redis"]
    redis.kill()
    redis.wait()
    box.beat()
    ticked = "SELECT 1 FROM notifications_pulse WHERE name = 'tick'"
    box.sql("DELETE FROM notifications_pulse WHERE name = 'tick'")
    box.wait_until(lambda: box.sql(ticked) != [])
    box.servers._start_redis()
    assert "no broker, tasks are done by the beat" in (box.root / "beat.log").read_text()
    box.wait_until(lambda: _queued(box) > 0, 60)


def _queued(box):
    import redis

    with closing(redis.Redis.from_url(box.environment["REDIS_URL"])) as line:
        return line.llen("celery")
