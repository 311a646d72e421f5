"""送温暖: the same people at one station are counted once; a visit is the county's alone."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils.timezone import localdate, now

from campaigns.models import RecordTally
from qingchun.accounts.models import AuditEvent
from qingchun.organizations.refusals import Refused
from services.events.actions import after, warmth
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
