"""The door: whose code it is, used twice, of another event, scanned without a network."""

import datetime as dt
import json
import uuid

import pytest
from django.test import Client
from django.utils.timezone import now

from qingchun.ground.refusals import Refused
from services.events.actions import coming, door
from services.events.models import Signup
from services.events.models.signups import ending_mark
from tests.events import scene
from tests.events.scene import again
from tests.looking import looking


@pytest.fixture
def door_open(full, event, winter):
    winter.move_to(event.starts_at)
    return full


@pytest.fixture
def scan(door_open, event, zhang):
    client = Client()
    client.force_login(zhang)

    def do(*scans):
        answer = client.post(
            f"/desk/events/{event.pk}/scanned/", json.dumps(list(scans)), "application/json"
        )
        return answer.json()

    return do


def code_of(signup, **more):
    return {"code": f"qingchun:{signup.code}", "scan": str(uuid.uuid4()), "at": ""} | more


def test_code_of_a_phone_is_let_in_and_named_by_its_last_four(door_open, scan):
    said = scan(code_of(door_open[0]))
    assert (said["here"], said["answers"][0]["fine"]) == (1, True)
    assert door_open[0].phone[-4:] in said["answers"][0]["text"]
    assert door_open[0].name not in said["answers"][0]["text"]


def test_screenshot_used_a_second_time_is_said(door_open, scan):
    scan(code_of(door_open[0]))
    said = scan(code_of(door_open[0]))["answers"][0]
    assert not said["fine"]
    assert "签过到了" in said["text"]


def test_same_scan_sent_twice_is_silent(door_open, scan):
    once = code_of(door_open[0])
    assert [scan(once)["answers"][0]["fine"] for _ in range(2)] == [True, True]
    assert Signup.objects.present().count() == 1


def test_code_of_another_event_is_said(door_open, scan, zhang, sun, guests):
    for actor in (zhang, sun):
        other = scene.opened(actor, title="另一场")
        theirs, _ = scene.joined(guests[5], other)
        assert "另一场活动的签到码" in scan(code_of(theirs))["answers"][0]["text"]


def test_what_is_no_code_of_ours_is_said(scan):
    for text, said in (
        ("https://weixin.qq.com/x", "这不是签到码"),
        (str(uuid.uuid4()), "没有这个签到码"),
    ):
        answer = scan({"code": text, "scan": str(uuid.uuid4()), "at": ""})["answers"][0]
        assert said in answer["text"]


def test_scan_that_waited_for_a_network_keeps_its_time(door_open, scan, winter):
    earlier = now()
    winter.shift(dt.timedelta(minutes=20))
    scan(code_of(door_open[0], at=earlier.isoformat()))
    scan(code_of(door_open[1]))
    assert again(door_open[0]).arrived_at == earlier
    assert [again(signup).is_late for signup in door_open[:2]] == [False, True]


def test_time_of_a_scan_is_never_ahead(door_open, scan):
    scan(code_of(door_open[0], at=(now() + dt.timedelta(days=9)).isoformat()))
    assert again(door_open[0]).arrived_at == now()


def test_broken_scans_are_refused_in_words(door_open, event, zhang):
    client = Client()
    client.force_login(zhang)
    for body in ("", "{}", "[1]", '[{"code": "x", "scan": "y"}]'):
        answer = client.post(f"/desk/events/{event.pk}/scanned/", body, "application/json")
        assert (answer.status_code in (200, 400), Signup.objects.present().count()) == (True, 0)


def test_late_is_more_than_a_quarter_of_an_hour(door_open, scan, winter, event):
    winter.move_to(event.starts_at + dt.timedelta(minutes=15))
    scan(code_of(door_open[0]))
    winter.shift(dt.timedelta(seconds=1))
    scan(code_of(door_open[1]))
    assert [again(signup).is_late for signup in door_open[:2]] == [False, True]


def test_door_opens_twelve_hours_before(full, event, zhang, winter, desk):
    winter.move_to(event.starts_at - dt.timedelta(hours=12, seconds=1))
    with desk(zhang), pytest.raises(Refused, match="还没到时间"):
        door.arrive(again(full[0]), actor=zhang)
    winter.move_to(event.starts_at - dt.timedelta(hours=12))
    with desk(zhang):
        door.arrive(again(full[0]), actor=zhang)
    assert again(full[0]).arrived_at == now()


def test_whoever_stands_in_the_line_is_let_in_when_somebody_did_not_come(
    door_open, event, zhang, desk
):
    with desk(zhang):
        door.arrive(again(door_open[0]), actor=zhang)
        with pytest.raises(Refused, match="还在候补"):
            door.arrive(again(door_open[2]), actor=zhang)
        coming.let_in(again(door_open[2]), actor=zhang)
        door.arrive(again(door_open[2]), actor=zhang)
    assert [again(s).state for s in door_open] == ["in", "left", "in", "waiting"]
    with desk(zhang), pytest.raises(Refused, match="没有空位"):
        coming.let_in(again(door_open[3]), actor=zhang)


def test_last_four_find_and_tick(door_open, event, zhang):
    client = Client()
    client.force_login(zhang)
    page = client.post(
        f"/desk/events/{event.pk}/door/", {"digits": door_open[0].phone[-4:]}
    ).content.decode()
    assert page.count('/door/arrive/"') == 1
    assert (door_open[0].name in page, door_open[0].phone in page) == (True, False)
    client.post(f"/desk/signups/{door_open[0].pk}/door/arrive/")
    assert again(door_open[0]).arrived_at == now()
    client.post(f"/desk/signups/{door_open[0].pk}/not-here/")
    assert again(door_open[0]).arrived_at is None


def test_door_that_is_opened_before_the_eve_names_nobody(full, event, zhang):
    client = Client()
    client.force_login(zhang)
    page = client.post(f"/desk/events/{event.pk}/door/", {"digits": full[0].phone[-4:]})
    assert full[0].name not in page.content.decode()
    assert full[0].masked_name in page.content.decode()


def test_last_four_of_one_event_say_nothing_in_another(door_open, event):
    """The mark is of the event as well, or one table of ten thousand would read them all."""
    digits = door_open[0].phone[-4:]
    assert ending_mark(event.pk, digits) == again(door_open[0]).phone_ending_mark
    assert ending_mark(event.pk + 1, digits) != ending_mark(event.pk, digits)
    with looking():
        assert list(door.by_last_four(event, digits)) == [door_open[0]]
        assert not door.by_last_four(event, "9999").exists()
        assert not door.by_last_four(event, digits[:3]).exists()


def test_list_is_searched_by_name_whole_number_and_last_four(door_open, event, zhang):
    one, other = door_open[0], door_open[1]
    client = Client()
    client.force_login(zhang)

    def found(words):
        page = client.post(f"/desk/events/{event.pk}/people/", {"q": words}).content.decode()
        return [f'id="s{signup.pk}"' in page for signup in (one, other)]

    assert found(one.name) == [True, False]
    assert found(one.phone) == [True, False]
    assert found(one.phone[-4:]) == [True, False]
    assert found(one.phone[-5:]) == [False, False]
    assert found("没有这个人") == [False, False]


@pytest.mark.parametrize("count", [1, 6])
def test_list_costs_the_same_however_many_there_are(
    campaign, zhang, guests, count, django_assert_num_queries
):
    event = scene.opened(zhang, [scene.row(capacity=9)])
    for user in guests[:count]:
        scene.joined(user, event)
    client = Client()
    client.force_login(zhang)
    client.get("/me/")
    with django_assert_num_queries(8):  # one of them writes down who looked
        page = client.get(f"/desk/events/{event.pk}/people/").content.decode()
    assert page.count("138****") == count
