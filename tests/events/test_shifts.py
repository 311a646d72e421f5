"""One shift alone: with hours of its own, moved, called off; the code of another one at the door."""

import datetime as dt
import json
import uuid

import pytest
from django.test import Client
from django.utils.timezone import localtime

from qingchun.accounts.models import AuditEvent
from qingchun.ground.refusals import Refused
from qingchun.notifications.models import Message
from qingchun.organizations.walls import rls_context
from services.events.actions import coming, door, events
from services.events.models import Event, EventGroup, Signup
from tests.endings import ends, unsent
from tests.events import scene
from tests.events.scene import again
from tests.events.test_warmth import as_posted


@pytest.fixture
def pair(shifts):
    return list(EventGroup.objects.filter(event=shifts).order_by("starts_at"))


@pytest.fixture
def two(shifts, pair, guests):
    """The first guest in the first shift, the second in the second, the third waits for that."""
    return [scene.joined(guests[n], shifts, pair[min(n, 1)])[0] for n in range(3)]


@pytest.fixture
def client(zhang):
    return scene.Signed(zhang)


def told(purpose):
    found = Message.objects.filter(purpose=purpose, channel="inapp")
    return set(found.values_list("recipient__name", flat=True))


def post(client, group, path, **data):
    answer = client.post(f"/desk/shifts/{group.pk}/{path}", data, follow=True)
    return answer.content.decode()


def new_time(begins, ends, day=dt.date(2019, 1, 12)):
    of_day = {"on_year": day.year, "on_month": day.month, "on_day": day.day}
    return of_day | {"begins": begins, "ends": ends}


def test_shift_is_moved_alone_and_only_its_people_are_told(two, pair, shifts, client):
    page = client.get(f"/desk/events/{shifts.pk}/").content.decode()
    assert f"/desk/shifts/{pair[1].pk}/" in page
    page = post(client, pair[1], "", **new_time("22:00", "06:00"))
    assert "告诉了 2 位" in page
    moved = EventGroup.objects.get(pk=pair[1].pk)
    assert [f"{localtime(t):%d %H}" for t in (moved.starts_at, moved.ends_at)] == ["12 22", "13 06"]
    assert told("event_moved") == {two[1].name, two[2].name}
    event = Event.objects.get(pk=shifts.pk)
    assert (event.ends_at, event.starts_at) == (moved.ends_at, shifts.starts_at)
    assert (event.closes_at, event.version) == (moved.starts_at, shifts.version + 1)
    assert AuditEvent.objects.filter(verb="班次改时间").count() == 1
    assert moved.hours == 8


def test_shift_that_has_begun_stays_where_it_is(two, pair, client, winter):
    winter.move_to(pair[0].starts_at)
    assert "已经开始" in post(client, pair[0], "", **new_time("08:00", "12:00"))
    assert "已经开始" in post(client, pair[0], "call-off/", why="停运")
    assert EventGroup.objects.get(pk=pair[0].pk).starts_at == pair[0].starts_at


def test_who_is_in_two_shifts_that_now_overlap_is_told_and_the_desk_knows_before(
    pair, shifts, client, guests
):
    """The first guest is in both; the second one is moved onto the first."""
    for group in pair:
        scene.joined(guests[0], shifts, group)
    begins = localtime(pair[0].starts_at)
    overlapping = new_time("10:00", "20:00", begins.date())
    page = post(client, pair[1], "", **overlapping)
    assert "有 1 位在新的时间还报了别的班次" in page
    assert EventGroup.objects.get(pk=pair[1].pk).starts_at == pair[1].starts_at
    assert told("event_moved") == set()
    assert "告诉了 1 位" in post(client, pair[1], "", anyway="on", **overlapping)
    assert told("event_overlaps") == {guests[0].name}
    (message,) = unsent("event_overlaps", guests[0])
    assert f"{begins:%-m月%-d日 %H:%M}" in message.text


@ends("event_overlaps")
@pytest.mark.parametrize("which", [0, 1])
def test_who_gave_one_of_two_shifts_up_is_not_asked_to_choose(
    pair, shifts, client, guests, which
):  # fmt: skip
    both = [scene.joined(guests[0], shifts, group)[0] for group in pair]
    begins = localtime(pair[0].starts_at)
    post(client, pair[1], "", anyway="on", **new_time("10:00", "20:00", begins.date()))
    assert unsent("event_overlaps", guests[0])
    with rls_context(person=guests[0].pk):
        coming.leave(again(both[which]), user=guests[0])
    assert unsent("event_overlaps") == []


@ends("event_overlaps")
def test_shifts_that_were_moved_apart_again_ask_nobody_to_choose(pair, shifts, client, guests):
    for group in pair:
        scene.joined(guests[0], shifts, group)
    begins = localtime(pair[0].starts_at)
    post(client, pair[1], "", anyway="on", **new_time("10:00", "20:00", begins.date()))
    post(client, pair[0], "", **new_time("08:00", "12:00"))
    assert unsent("event_overlaps") == []


def test_who_has_to_choose_again_is_told_again(pair, shifts, client, guests):
    for group in pair:
        scene.joined(guests[0], shifts, group)
    begins = localtime(pair[0].starts_at)
    apart = new_time("14:00", "18:00", begins.date() + dt.timedelta(days=3))
    for time in (new_time("10:00", "20:00", begins.date()), apart) * 2:
        post(client, pair[1], "", anyway="on", **time)
    found = Message.objects.filter(purpose="event_overlaps", channel="inapp")
    assert len(found) == 2


def test_shift_of_an_event_that_was_called_off_is_in_nobodys_way(
    pair, shifts, client, guests, zhang, desk
):
    scene.joined(guests[0], shifts, pair[0])
    with desk(zhang):
        events.call_off(scene.fresh(shifts), actor=zhang, why="停运")
    times = {"starts_at": pair[0].starts_at, "ends_at": pair[0].ends_at}
    later = {name: time + dt.timedelta(days=5) for name, time in times.items()}
    instead = scene.opened(
        zhang, [scene.row("武宿机场", **times), scene.row("汽车站", **later)], "warmth",
        closes_at=times["starts_at"],
    )  # fmt: skip
    airport, bus = EventGroup.objects.filter(event=instead).order_by("starts_at")
    assert scene.joined(guests[0], instead, airport)[1] == "in"
    scene.joined(guests[1], instead, bus)
    page = post(
        client,
        bus,
        "",
        **new_time("05:00", "06:00", localtime(times["starts_at"]).date() + dt.timedelta(days=6)),
    )
    assert "还报了别的班次" not in page


def test_shift_is_not_moved_into_the_past(two, pair, client):
    page = post(client, pair[1], "", **new_time("08:00", "12:00", dt.date(2019, 1, 7)))
    assert "已经过了" in page
    assert EventGroup.objects.get(pk=pair[1].pk).starts_at == pair[1].starts_at


def test_shift_is_called_off_alone_and_the_others_go_on(two, pair, shifts, client):
    assert "写明" in post(client, pair[1], "call-off/", why="")
    assert "告诉了 2 位" in post(client, pair[1], "call-off/", why="列车停运")
    assert [again(signup).state for signup in two] == ["in", "left", "left"]
    assert told("event_shift_off") == {two[1].name, two[2].name}
    event, off = Event.objects.get(pk=shifts.pk), EventGroup.objects.get(pk=pair[1].pk)
    assert (event.state, event.ends_at, off.capacity, off.taken) == ("full", pair[0].ends_at, 0, 0)
    assert AuditEvent.objects.filter(verb="取消班次").count() == 1
    page = Client().get(f"/events/{shifts.pk}/").content.decode()
    assert "已取消：列车停运" in page


def test_nobody_joins_a_shift_that_was_called_off(two, pair, shifts, client, guests):
    post(client, pair[1], "call-off/", why="列车停运")
    with pytest.raises(Refused, match="这一班已经取消"):
        scene.joined(guests[3], shifts, EventGroup.objects.get(pk=pair[1].pk))


def test_last_shift_is_called_off_with_its_event(two, pair, client):
    post(client, pair[1], "call-off/", why="列车停运")
    assert "取消整场活动" in post(client, pair[0], "call-off/", why="大雪")
    assert EventGroup.objects.get(pk=pair[0].pk).capacity == 1


def test_form_of_the_event_leaves_a_called_off_shift_alone(two, pair, shifts, client):
    post(client, pair[1], "call-off/", why="列车停运")
    url = f"/desk/events/{shifts.pk}/edit/"
    assert client.post(url, as_posted(client.get(url)) | {"text": "换了介绍"}).status_code == 302
    assert EventGroup.objects.filter(event=shifts).count() == 2
    client.post(f"/desk/events/{shifts.pk}/copy/", {"days": 7, "times": 1})
    copy = Event.objects.latest("pk")
    assert copy.groups.count() == 1


def test_shift_whose_only_sign_up_was_cancelled_can_be_deleted(two, pair, shifts, client, guests):
    young = Client()
    young.force_login(guests[0])
    assert "已经有人报名" in post(client, pair[0], "delete/")
    young.post(f"/my/events/{two[0].pk}/leave/")
    post(client, pair[0], "delete/")
    assert list(EventGroup.objects.filter(event=shifts)) == [pair[1]]
    assert not Signup.objects.filter(pk=two[0].pk).exists()
    assert "取消整场活动" in post(client, pair[1], "delete/")


def test_neighbour_changes_no_shift_of_ours(pair, sun):
    client = Client()
    client.force_login(sun)
    assert client.get(f"/desk/shifts/{pair[0].pk}/").status_code == 404
    assert client.post(f"/desk/shifts/{pair[0].pk}/call-off/", {"why": "x"}).status_code == 404


def night(**more):
    day = {"on_year": 2019, "on_month": 1, "on_day": 20}
    form = {
        "kind": "warmth", "title": "暖回家路", "place": "太原南站", "contact_name": "团区委",
        "contact_phone": "0351-7000000", "reach": "any", "accept_hours": 12,
        "rows-TOTAL_FORMS": 1, "rows-INITIAL_FORMS": 0, "rows-0-name": "太原南站",
        "rows-0-kind": "railway", "rows-0-unit": "140105", "rows-0-capacity": 4,
        "questions-TOTAL_FORMS": 0, "questions-INITIAL_FORMS": 0,
    }  # fmt: skip
    return form | day | more


def test_night_train_has_a_shift_of_its_own_hours(campaign, client):
    data = night(own_hours="22：00-06:00、5:30—7:00", hours=["08:00-12:00"])
    assert client.post("/desk/events/new/", data).status_code == 302
    made = EventGroup.objects.order_by("starts_at")
    assert [f"{localtime(g.starts_at):%d %H:%M}" for g in made] == [
        "20 05:30",
        "20 08:00",
        "20 22:00",
    ]
    assert (made[2].hours, f"{localtime(made[2].ends_at):%d %H:%M}") == (8, "21 06:00")
    assert made[2].name_and_time == "太原南站 1月20日 22:00—次日 06:00"
    assert Event.objects.get().ends_at == made[2].ends_at


@pytest.mark.parametrize("text", ["晚上", "25:00-26:00", "22:00", "08:00-08:00"])
def test_hours_that_are_none_are_said(campaign, client, text):
    page = client.post("/desk/events/new/", night(own_hours=text)).content.decode()
    assert "如 22:00—06:00" in page
    assert not Event.objects.exists()


# The door


def scan(client, signup, **more):
    body = [{"code": f"qingchun:{signup.code}", "scan": str(uuid.uuid4()), "at": ""} | more]
    url = f"/desk/events/{signup.event_id}/scanned/"
    return client.post(url, json.dumps(body), "application/json").json()["answers"][0]


def test_code_of_another_shift_is_refused_by_name(two, pair, client, winter, zhang, desk):
    winter.move_to(pair[0].starts_at)
    said = scan(client, two[1])
    assert not said["fine"]
    assert "这是 1月10日 09:00 太原南站 的班次" in said["text"]
    with desk(zhang), pytest.raises(Refused, match="这是 1月10日 09:00"):
        door.arrive(again(two[1]), actor=zhang)
    assert scan(client, two[0])["fine"]


def test_code_of_a_shift_that_is_over_is_refused_and_the_list_ticks_it(
    two, pair, client, winter, zhang, desk
):
    winter.move_to(pair[1].starts_at)
    said = scan(client, two[0])
    assert "这是 1月9日 09:00 太原南站 的班次" in said["text"]
    assert scan(client, two[0], at=pair[0].starts_at.isoformat())["fine"]  # waited for a network
    assert scan(client, two[1])["fine"]


def test_before_the_start_nobody_is_said_to_be_here(full, event, zhang, winter, desk):
    winter.move_to(event.starts_at - dt.timedelta(minutes=10))
    with desk(zhang), pytest.raises(Refused, match="名额还给没到的人留着"):
        coming.let_in(again(full[2]), actor=zhang)


def test_who_comes_to_a_later_shift_reads_its_own_hour_when_the_place_moves(
    two, pair, shifts, client
):
    """Everybody read the hour at which the first shift begins."""
    url = f"/desk/events/{shifts.pk}/edit/"
    assert client.post(url, as_posted(client.get(url)) | {"place": "北广场"}).status_code == 302
    words = dict(
        Message.objects.filter(purpose="event_moved", channel="inapp").values_list(
            "recipient__name", "lines__0__text"
        )
    )
    for signup, group in ((two[0], pair[0]), (two[1], pair[1])):
        assert f"{localtime(group.starts_at):%-m月%-d日 %H:%M}，地点 北广场" in words[signup.name]
