"""What the outbox survives: a real worker, a real Redis and a real PostgreSQL, killed for it.

Each test prints how many messages went out more than once.
"""

import signal
import subprocess
import sys

from tests.notifications.conftest import ROOT


def sent_twice(box):
    """Messages that left more than once, after checking that none was lost."""
    assert box.left() == 0
    delivered, calls = box.provider.delivered, box.provider.calls
    twice = {name: n for name, n in delivered.items() if n > 1}
    again = sum(n - 1 for name, n in calls.items() if name != "refused")
    print(f"messages {len(delivered)}, seen twice {len(twice)}, calls too many {again}")
    return twice


def all_arrived(box, *, sms=0, group=0):
    """Whether what ``due`` made arrived; by day the demo's own cadres are told of their cases too."""
    names = set(box.provider.delivered)
    made = box.sql(
        "SELECT 'qingchun-' || id || '-' || resends FROM notifications_message"
        " WHERE channel = 'sms' AND purpose NOT LIKE 'proxy%%'"
    )
    return len(names & {name for (name,) in made}) == sms and (
        sum(name.startswith("group-") for name in names) == group
    )


def test_redis_killed_while_500_are_due_and_started_again(box):
    box.due("sms", 500)
    box.due("group", 500)
    box.jobs()
    box.wait_until(lambda: box.provider.total() > 100)
    redis, _ = box.servers.processes["redis"]
    redis.kill()
    redis.wait()
    box.servers._start_redis()
    # More come due afterwards: they need the broker, which has forgotten what it had.
    box.due("sms", 20, "later")
    box.wait_until(lambda: box.left() == 0, 120)
    assert sent_twice(box) == {}
    assert all_arrived(box, sms=520, group=500)


def test_worker_killed_ten_times_in_the_middle_of_a_batch(box):
    box.due("sms", 120)
    box.due("group", 450)
    box.beat()
    kills = 10
    for number in range(1, kills + 1):
        worker, so_far = box.worker(), box.provider.total()
        box.wait_until(lambda so_far=so_far: box.provider.total() >= so_far + 30, 90)
        assert box.left() > 0, f"nothing was left to interrupt at kill {number}"
        box.kill(worker)
    box.worker()
    box.wait_until(lambda: box.left() == 0, 120)
    twice = sent_twice(box)
    assert all_arrived(box, sms=120, group=450)
    # The one in flight at each kill, and only where the provider knows no key.
    assert len(twice) <= kills
    assert set(twice.values()) <= {2}
    assert all(name.startswith("group-") for name in twice)


def test_database_restarted_while_messages_go_out(box):
    box.due("sms", 300)
    box.due("group", 300)
    box.worker()
    box.beat()
    box.wait_until(lambda: box.provider.total() > 60)
    postgres, _ = box.servers.processes["postgres"]
    postgres.send_signal(signal.SIGINT)
    postgres.wait(30)
    box.servers._start_postgres()
    box.wait_until(lambda: box.left() == 0, 120)
    twice = sent_twice(box)
    assert all_arrived(box, sms=300, group=300)
    assert len(twice) <= 1


def test_same_tick_run_by_five_processes_at_once(box):
    """The demo's 大同 owes its plan in four days; on the eve its one person is told once."""
    box.due("sms", 200)
    (moment,) = box.sql(
        "SELECT to_char(until_on - 1, 'YYYY-MM-DD') || 'T09:00+08:00' FROM campaigns_extension"
    )[0]
    command = [sys.executable, "manage.py", "send_due", "--at", moment]
    running = [
        subprocess.Popen(command, cwd=ROOT, env=box.environment, stdout=subprocess.DEVNULL)
        for _ in range(5)
    ]
    assert [process.wait(120) for process in running] == [0] * 5
    assert sent_twice(box) == {}
    # What the demo's green channel owes by that morning goes out beside it.
    (others,) = box.sql(
        "SELECT count(*) FROM notifications_message WHERE purpose LIKE 'proxy%%' AND channel = 'sms'"
        f" AND due_at BETWEEN now() AND '{moment}'"
    )[0]
    assert all_arrived(box, sms=201)
    assert len(box.provider.delivered) == 202 + others  # and the group chat
    told = box.sql(
        "SELECT channel, count(*) FROM notifications_message WHERE purpose = 'deadline'"
        " GROUP BY 1 ORDER BY 1"
    )
    assert told == [("group", 1), ("inapp", 1), ("sms", 1)]
    # The clock set back an hour, and right again.
    for back in (moment.replace("T09", "T08"), moment):
        box.manage("send_due", "--at", back)
    assert sum(box.provider.calls.values()) == 202 + others


def test_provider_that_answers_500_is_asked_again_until_it_takes_them(box):
    answers = iter([500, 500, 503, 500, 500])
    box.provider.behave = lambda path: next(answers, None)
    box.due("sms", 20)
    box.due("group", 20)
    box.worker()
    box.beat()
    box.wait_until(lambda: box.left() == 0)
    assert sent_twice(box) == {}
    assert all_arrived(box, sms=20, group=20)
    assert box.provider.calls["refused"] == 5


def test_provider_that_times_out_is_asked_again_and_the_key_keeps_it_to_one(box):
    waits = iter([4])
    box.provider.behave = lambda path: next(waits, None)
    box.due("sms", 5)
    box.worker(OUTBOUND_TIMEOUT="1", LEASE_SECONDS="10")
    box.beat()
    box.wait_until(lambda: box.left() == 0)
    assert sent_twice(box) == {}
    assert max(box.provider.calls.values()) == 2


def test_provider_that_answers_after_30_seconds_has_taken_the_message_once(box):
    """Longer than the lease: that is as if the worker were dead, and must not be taken so."""
    waits = iter([30])
    box.provider.behave = lambda path: next(waits, None)
    box.due("group", 3)
    box.worker(LEASE_SECONDS="60")
    box.beat()
    box.wait_until(lambda: box.left() == 0, 90)
    assert sent_twice(box) == {}
    assert all_arrived(box, group=3)


def test_two_beats_keep_one_schedule(box):
    """The first has the turn; when it is killed, the second takes over."""
    holders = (
        "SELECT holder FROM notifications_pulse WHERE name = 'beat' AND at > clock_timestamp()"
    )
    ticked = "SELECT 1 FROM notifications_pulse WHERE name = 'tick'"
    box.worker()
    first = box.beat(1)
    box.wait_until(lambda: box.sql(holders) != [])
    (held,) = box.sql(holders)
    box.beat(2)
    box.sql("DELETE FROM notifications_pulse WHERE name = 'tick'")
    box.wait_until(lambda: box.sql(ticked) != [])
    assert box.sql(holders) == [held]
    box.kill(first)
    box.wait_until(lambda: box.sql(holders) not in ([], [held]))
    box.sql("DELETE FROM notifications_pulse WHERE name = 'tick'")
    box.wait_until(lambda: box.sql(ticked) != [])


def test_thousand_crashes_at_random_statements_of_the_send_loop(box):
    done = subprocess.run(
        [sys.executable, "-m", "tests.notifications.crashes", "1000"],
        cwd=ROOT,
        env=box.environment | {"LEASE_SECONDS": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    crashed = int(done.stdout.split()[0])
    twice = sent_twice(box)
    print(f"crashed {crashed} of 1000 runs")
    assert crashed > 900
    assert all_arrived(box, sms=501, group=501)
    assert len(twice) <= crashed
    assert set(twice.values()) == {2}
    assert all(name.startswith("group-") for name in twice)
