"""送温暖: the same people at one station are counted once; a visit is the county's alone."""

import datetime as dt
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate, localtime, now

from campaigns.models import RecordTally
from qingchun.accounts.models import AuditEvent
from qingchun.ground.refusals import Refused
from qingchun.notifications.models import Message
from qingchun.organizations.walls import rls_context
from services.events.actions import after, coming, events, warmth
from services.events.models import EventGroup, PointDay, ServicePoint, Visit
from tests.events import scene
from tests.events.scene import again


def figure(name):
    found = RecordTally.objects.filter(key=name, value__gt=0)
    return dict(found.values_list("organization_id", "value"))


def standing(actor, guests, winter, desk):
    """The actor's unit stands at 太原南站 with some volunteers, all of whom come."""
    begins = now() + dt.timedelta(days=1)
    point = {"name": "太原南站", "kind": "railway", "county": "140105"}
    rows = [
        {"name": "太原南站", "capacity": 9, "starts_at": begins, "ends_at": begins + dt.timedelta(hours=4), "point": point},
    ]  # fmt: skip
    event = scene.opened(actor, rows, "warmth", starts_at=begins, ends_at=begins + dt.timedelta(hours=4), closes_at=begins)  # fmt: skip
    group = EventGroup.objects.get(event=event)
    signups = [scene.joined(user, event, group)[0] for user in guests]
    winter.move_to(begins)
    for signup in signups:
        scene.here(signup, actor)
    with desk(actor):
        after.hold(scene.fresh(event), actor=actor)
    return [again(signup) for signup in signups]


@pytest.mark.notice("3.8.1")
def test_three_levels_at_one_station_count_the_same_people_once(
    campaign, guests, li, wang, zhang, winter, desk
):
    standing(zhang, guests[:3], winter, desk)
    standing(wang, guests[1:4], winter, desk)
    standing(li, guests[:1], winter, desk)
    assert ServicePoint.objects.count() == 1
    assert figure("warmth-volunteers") == {"140105": 4}
    assert figure("warmth-points") == {"140105": 1}
    assert figure("warmth-hours") == {"140105": 28}
    call_command("rebuild_counts", "--check", verbosity=0)


def test_hours_are_the_shifts_until_somebody_says_otherwise(campaign, guests, zhang, winter, desk):
    first, second = standing(zhang, guests[:2], winter, desk)
    assert (float(first.hours), first.hours_by) == (4.0, "按班次")
    with desk(zhang):
        after.set_hours(second, actor=zhang, hours=2)
        with pytest.raises(Refused, match="0 到 24"):
            after.set_hours(second, actor=zhang, hours=25)
    assert (again(second).hours, again(second).hours_by) == (2, "张小店")
    assert figure("warmth-hours") == {"140105": 6}
    client = Client()
    client.force_login(guests[1])
    page = client.get(f"/my/events/{second.pk}/certificate/").content.decode()
    assert "时长 2.0 小时" in page


@pytest.mark.notice("3.8.1")
def test_people_served_are_one_number_a_day_whoever_writes_it(campaign, zhang, wang, li, sun, desk):
    point = ServicePoint.objects.create(organization_id="140105", name="汽车站", kind="bus")
    for actor, served in ((zhang, 120), (wang, 130), (li, 125)):
        with desk(actor):
            warmth.serve(point, actor=actor, on=localdate(), served=served)
    assert list(PointDay.objects.values_list("served", flat=True)) == [125]
    assert figure("warmth-served") == {"140105": 125}
    with desk(sun), pytest.raises(PermissionDenied):
        warmth.serve(point, actor=sun, on=localdate(), served=1)
    with desk(zhang), pytest.raises(Refused, match="日期还没有到"):
        warmth.serve(point, actor=zhang, on=localdate() + dt.timedelta(1), served=1)


@pytest.fixture
def visited(campaign, zhang, desk):
    def do(name="郝试走"):
        with desk(zhang):
            return warmth.visit(
                actor=zhang,
                on=localdate(),
                name=name,
                place="北营村",
                found="父亲住院",
                given="棉衣",
            )

    return do


def test_visit_is_read_by_its_county_alone(visited, zhang, wang, li, sun, zhao, desk):
    visited()
    seen = {}
    for user in (zhang, wang, li, sun, zhao):
        with desk(user):
            seen[user.name] = Visit.objects.count()
    assert seen == {"张小店": 1, "王太原": 0, "李省": 0, "孙迎泽": 0, "赵坞城": 0}
    for user in (wang, zhao):
        with desk(user), pytest.raises(PermissionDenied):
            warmth.visit(actor=user, on=localdate(), name="甲", place="乙", found="丙", given="丁")


def test_nothing_of_a_visit_stands_in_the_clear(visited):
    made = visited()
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM events_visit t")
        row = cursor.fetchone()[0]
    for text in ("郝试走", "北营村", "父亲住院", "棉衣"):
        assert text not in row
        assert text.encode().hex() not in row
    assert (made.name, made.found) == ("郝试走", "父亲住院")
    notes = str(list(AuditEvent.objects.values("facts", "remark", "verb")))
    assert "郝试走" not in notes


def test_household_is_counted_once(visited, zhang, desk):
    visited()
    visited()
    second = visited("乔试走")
    assert figure("warmth-households") == {"140105": 2}
    with desk(zhang):
        warmth.take_out(second, actor=zhang)
    assert figure("warmth-households") == {"140105": 1}
    call_command("rebuild_counts", "--check", verbosity=0)


def test_volunteers_are_reminded_of_their_own_shift(shifts, guests, winter):
    first, second = EventGroup.objects.filter(event=shifts).order_by("starts_at")
    scene.joined(guests[0], shifts, first)
    scene.joined(guests[1], shifts, second)

    def reminded():
        found = Message.objects.filter(purpose="event_reminder", channel="inapp")
        return [found.filter(recipient=user).count() for user in guests[:2]]

    events.remind(now())
    assert reminded() == [1, 0]
    winter.move_to(second.starts_at - dt.timedelta(hours=2))
    events.remind(now())
    assert reminded() == [1, 1]  # the nearer one is said, not both
    winter.move_to(second.starts_at)
    events.remind(now())
    assert reminded() == [1, 1]


def test_line_of_a_later_shift_moves_while_the_first_one_is_on(shifts, guests, winter):
    first, second = EventGroup.objects.filter(event=shifts).order_by("starts_at")
    holding, _ = scene.joined(guests[0], shifts, second)
    waiting, _ = scene.joined(guests[1], shifts, second)
    winter.move_to(first.starts_at + dt.timedelta(hours=1))
    with rls_context(person=guests[0].pk):
        coming.leave(holding, user=guests[0], moment=now())
    assert again(waiting).state == "offered"
    winter.move_to(first.ends_at)
    with pytest.raises(Refused, match="这一班已经结束"):
        scene.joined(guests[2], shifts, first)


def as_posted(page):
    """What a browser sends of the event's form as it is shown."""
    parts = [page.context["form"]]
    for name in ("rows", "more", "questions"):
        parts += [page.context[name].management_form, *page.context[name]]
    shown = {b.html_name: b.value() for part in parts for b in part}
    data = {
        name: value for name, value in shown.items() if value is not None and value is not False
    }
    for name in ("opens_on", "closes_on"):
        if hasattr(value := data.get(name), "year"):
            data |= {f"{name}_{part}": getattr(value, part) for part in ("year", "month", "day")}
    return data


def test_changing_words_of_shifts_tells_nobody_that_they_moved(shifts, guests, zhang):
    first = EventGroup.objects.filter(event=shifts).first()
    scene.joined(guests[0], shifts, first)
    client = Client()
    client.force_login(zhang)
    url = f"/desk/events/{shifts.pk}/edit/"
    answer = client.post(url, as_posted(client.get(url)) | {"text": "换了介绍"})
    assert answer.status_code == 302
    fresh = scene.fresh(shifts)
    assert (fresh.text, fresh.starts_at, fresh.ends_at) == (
        "换了介绍", shifts.starts_at, shifts.ends_at,
    )  # fmt: skip
    assert not Message.objects.filter(purpose="event_moved").exists()


def test_shifts_are_added_to_an_event_that_stands(shifts, guests, zhang):
    scene.joined(guests[0], shifts, EventGroup.objects.filter(event=shifts).first())
    client = Client()
    client.force_login(zhang)
    url = f"/desk/events/{shifts.pk}/edit/"
    station = {
        "more-0-name": "武宿机场", "more-0-kind": "airport", "more-0-unit": "140105",
        "more-0-capacity": 6,
    }  # fmt: skip
    data = as_posted(client.get(url)) | station
    assert "请至少选一个班次时间" in client.post(url, data).content.decode()
    data |= {"hours": ["08:00-12:00", "14:00-18:00"]}
    assert "请选加在哪天" in client.post(url, data).content.decode()
    data |= {"more_on_year": 2019, "more_on_month": 1, "more_on_day": 12}
    assert client.post(url, data).status_code == 302
    added = EventGroup.objects.filter(event=shifts, name="武宿机场")
    assert [f"{localtime(g.starts_at):%m-%d %H}" for g in added] == ["01-12 08", "01-12 14"]
    assert scene.fresh(shifts).ends_at == added.last().ends_at
    again_ = as_posted(client.get(url)) | station | {"hours": ["08:00-12:00"]}
    again_ |= {"more_on_year": 2019, "more_on_month": 1, "more_on_day": 12}
    answer = client.post(url, again_).content.decode()
    assert "“武宿机场 1月12日 08:00—12:00”有两行" in answer
    assert added.count() == 2
    assert not Message.objects.filter(purpose="event_moved").exists()


def test_township_stands_at_its_countys_point(campaign, zhao, zhang, desk):
    point = ServicePoint.objects.create(organization_id="140105", name="汽车站", kind="bus")
    with desk(zhao):
        warmth.serve(point, actor=zhao, on=localdate(), served=9)
    assert figure("warmth-served") == {"140105": 9}
    client = Client()
    client.force_login(zhao)
    assert "服务 9 人次" in client.get("/desk/points/").content.decode()


@pytest.mark.parametrize("count", [1, 8])
def test_points_cost_the_same_and_share_no_names(campaign, zhang, count):
    ServicePoint.objects.bulk_create(
        ServicePoint(organization_id="140105", name=f"站{n}", kind="bus") for n in range(count)
    )
    client = Client()
    client.force_login(zhang)
    client.get("/me/")
    with CaptureQueriesContext(connection) as seen:
        page = client.get("/desk/points/").content.decode()
    assert len(seen) == 5
    names = re.findall(r' id="([^"]+)"', page)
    assert len(names) == len(set(names))
    assert page.count("填服务人次") == count
    point = ServicePoint.objects.last()
    day = {f"p{point.pk}-on_{part}": n for part, n in (("year", 2019), ("month", 1), ("day", 8))}
    said = client.post(f"/desk/points/{point.pk}/served/", day, follow=True).content.decode()
    assert "请填写服务人次" in said
    client.post(f"/desk/points/{point.pk}/served/", day | {f"p{point.pk}-served": 30})
    assert PointDay.objects.get().served == 30


@pytest.mark.notice("3.8.2")
def test_visit_is_written_on_the_countys_page(campaign, zhang, zhao):
    client = Client()
    client.force_login(zhang)
    day = {"on_year": 2019, "on_month": 1, "on_day": 7}
    told = {"name": "郝试走", "place": "北营村", "found": "父亲住院", "given": "棉衣"}
    page = client.post("/desk/visits/", day | told | {"found": ""}).content.decode()
    assert "请写了解到的情况" in page
    assert 'value="郝试走"' in page  # nothing typed is lost
    client.post("/desk/visits/", day | told)
    assert "父亲住院" in client.get("/desk/visits/").content.decode()
    client.force_login(zhao)
    assert client.get("/desk/visits/").status_code == 403
