"""What is wrong with the portal reaches the province's administrators, once a day, and that it is over."""

import datetime as dt
import time

import pytest
from django.utils.timezone import now

from qingchun.notifications.actions import beat
from qingchun.notifications.choices import MessageState
from qingchun.notifications.models import Message
from qingchun.operations import alarms, views
from qingchun.operations.models import Installation, Trouble
from qingchun.organizations.choices import Role
from tests.conftest import as_owner, person
from tests.endings import ends
from tests.looking import looking

HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def in_service(db, li, wang, winter, monkeypatch, settings):
    """Long since started; all is well."""
    monkeypatch.setattr(views, "STARTED", float("-inf"))
    settings.DISK_LEAST_MB = 0
    with as_owner():  # no page writes it
        Installation.objects.all().delete()
    beat("tick", now())


@pytest.fixture
def said():
    """(to whom, what) of each message in the portal, oldest first."""

    def do():
        with looking():
            found = Message.objects.filter(channel="inapp").order_by("pk")
            return [(message.recipient.username, message.subject) for message in found]

    return do


def test_nothing_is_said_while_all_is_well(said):
    assert (alarms.look(), said()) == ([], [])


def test_jobs_that_stopped_are_told_once_a_day_and_that_they_go_again(winter, said):
    winter.shift(6 * 60)
    stopped = ("li", "门户有故障：后台任务6 分钟没有动静，消息发不出去")
    for _ in range(3):
        assert alarms.look() == ["jobs"]
    assert said() == [stopped]
    winter.shift(24 * HOUR)
    alarms.look()
    assert len(said()) == 2
    beat("tick", now())
    for _ in range(3):
        assert alarms.look() == []
    assert said()[2:] == [("li", "恢复正常：后台任务")]
    assert not Trouble.objects.exists()


def test_whoever_reads_it_is_an_administrator_of_the_province(winter, said):
    person("reader", "只看的", "14", Role.EDITOR)
    winter.shift(6 * 60)
    alarms.look()
    assert {to for to, _ in said()} == {"li"}


def test_it_is_said_in_the_night_too(winter, said):
    winter.move_to(dt.datetime(2019, 1, 8, 3, tzinfo=dt.timezone(8 * HOUR)))
    beat("tick", now())
    winter.shift(6 * 60)
    alarms.look()
    assert len(said()) == 1


@ends("trouble")
def test_short_message_that_waits_for_the_jobs_is_not_sent_once_they_go(winter):
    from tests.conftest import with_number

    with_number(person("more", "钱省", "14"), "13800001414")
    winter.shift(6 * 60)
    alarms.look()
    with looking():
        waiting = Message.objects.get(channel="sms", purpose="trouble")
    beat("tick", now())
    alarms.look()
    with looking():
        waiting.refresh_from_db()
        assert waiting.state == MessageState.CANCELLED
        assert Message.objects.filter(channel="sms", purpose="well_again").count() == 1


def test_fresh_start_is_no_trouble(winter, monkeypatch):
    winter.shift(24 * HOUR)
    monkeypatch.setattr(views, "STARTED", time.monotonic())
    assert "jobs" not in alarms.look()


def sent(channel, states, li):
    for number, state in enumerate(states):
        Message.objects.create(
            key=f"{channel}{number}", purpose="plan_approved", channel=channel, recipient=li,
            organization_id="14", subject="试", state=state, due_at=now(), try_at=now(), attempts=1,
            sent_at=now() if state == MessageState.SENT else None,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("states", "is_told"),
    [
        ("failed failed failed failed failed", True),
        ("sent due failed due due due", True),
        ("failed failed failed failed sent", False),
        ("sent failed failed failed failed", False),
        ("failed failed", False),
        ("failed failed failed failed cancelled", False),
    ],
)
def test_five_in_a_row_that_did_not_go_are_told(li, said, states, is_told):
    sent("sms", states.split(), li)
    assert alarms.look() == (["messages"] if is_told else [])
    assert ("li", "门户有故障：短信连续 5 条没有发成") in said() or not is_told


def test_one_channel_that_works_hides_no_other(li, said):
    sent("sms", ["failed"] * 5, li)
    sent("email", ["sent"] * 5, li)
    assert alarms.look() == ["messages"]


def test_disk_that_is_nearly_full_is_told_by_its_machine(settings, said):
    settings.DISK_LEAST_MB = 10**9
    (name,) = alarms.look()
    assert name.startswith("disk ")
    assert "的磁盘只剩" in said()[0][1]
    Trouble.objects.create(name="disk another")
    settings.DISK_LEAST_MB = 0
    assert alarms.look() == []
    assert said()[1:] == [("li", "恢复正常：磁盘空间")]
    assert Trouble.objects.get().name == "disk another"  # which is for the other to say


def test_backup_that_is_late_is_told_to_whoever_makes_them(winter, said, settings):
    winter.shift(100 * HOUR)
    beat("tick", now())
    assert alarms.look() == []
    beat(alarms.BACKUP, now())
    winter.shift(27 * HOUR)
    beat("tick", now())
    assert alarms.look() == ["backup"]
    assert said() == [("li", "门户有故障：已经 27 小时没有做成备份")]
    settings.BACKUP_HOURS = 48
    assert alarms.look() == []


def test_backup_that_was_promised_and_never_made_is_told(winter, settings):
    settings.BACKUP_HOURS = 24
    with as_owner():
        Installation.objects.create(made_at=now())
    assert alarms.look() == []
    winter.shift(25 * HOUR)
    beat("tick", now())
    assert alarms.look() == ["backup"]


def test_fresh_start_does_not_say_that_what_stopped_goes_again(winter, said, monkeypatch):
    """Its process knows nothing yet: the good news was false, and took the bad news back."""
    winter.shift(6 * 60)
    assert alarms.look() == ["jobs"]
    monkeypatch.setattr(views, "STARTED", time.monotonic())
    assert alarms.look() == []
    assert len(said()) == 1
    with looking():
        assert Message.objects.filter(purpose="trouble", state="cancelled").count() == 0


def test_what_stops_again_on_the_same_day_is_told_again(winter, said):
    for _ in range(2):
        winter.shift(6 * 60)
        assert alarms.look() == ["jobs"]
        beat("tick", now())
        assert alarms.look() == []
    assert len(said()) == 4
