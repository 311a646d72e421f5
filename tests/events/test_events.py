"""Events: written, opened, moved, called off, copied, reminded of."""

import datetime as dt
from io import BytesIO

import icalendar
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now
from PIL import Image

from qingchun.accounts.models import User
from qingchun.ground.refusals import Refused
from qingchun.notifications.models import Message
from qingchun.organizations.walls import rls_context
from services.events.actions import coming, events
from services.events.models import Event, EventGroup, Signup
from tests.events import scene
from tests.events.test_line import _facts


def told(purpose):
    return Message.objects.filter(purpose=purpose, channel="inapp").count()


def edit(event, actor, version=1, **more):
    groups = [
        {"pk": group.pk, "capacity": group.capacity}
        for group in EventGroup.objects.filter(event=event)
    ]
    with transaction.atomic(), rls_context(scope=actor.scope, person=actor.pk):
        return events.edit(
            scene.fresh(event), actor=actor, version=version, facts=_facts(event, **more),
            groups=groups,
        )  # fmt: skip


def test_window_that_ends_before_it_begins_is_said(campaign, zhang, desk):
    facts = scene.facts()
    for wrong, said in (
        ({"closes_at": facts["opens_at"]}, "报名截止要晚于报名开始"),
        ({"ends_at": facts["starts_at"]}, "结束时间要晚于开始时间"),
        ({"closes_at": facts["ends_at"] + dt.timedelta(seconds=1)}, "报名截止不能晚于活动结束"),
    ):
        with desk(zhang), pytest.raises(Refused, match=said):
            events.make(actor=zhang, facts=facts | wrong, groups=[scene.row()])
    event = scene.opened(zhang)
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(closes_at=event.opens_at)


@pytest.mark.parametrize("hours", ["0", "73", "32768", "-1", "一天"])
def test_hours_to_confirm_have_both_ends(event, zhang, hours):
    """0 hours were accepted, and the whole line lapsed, one a minute."""
    client = Client()
    client.force_login(zhang)
    page = client.post(f"/desk/events/{event.pk}/edit/", {"accept_hours": hours})
    assert "请填写 1 到 72 小时。" in page.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(accept_hours=0)


def test_moved_event_tells_everybody_in_it_or_in_the_line(full, event, zhang):
    assert edit(event, zhang, text="只改了介绍") == 0
    later = {name: getattr(event, name) + dt.timedelta(days=1) for name in ("starts_at", "ends_at")}
    assert edit(event, zhang, 2, **later) == 4
    assert told("event_moved") == 4


def test_second_editor_sees_what_changed(event, zhang):
    edit(event, zhang, title="改过的")
    with pytest.raises(Refused, match="刚才有人改过"):
        edit(event, zhang, title="我的")
    assert scene.fresh(event).title == "改过的"


def test_group_with_people_in_it_is_not_taken_away(full, event, zhang, desk):
    with desk(zhang), pytest.raises(Refused, match="已经有人报名，不能删去"):
        events.edit(
            scene.fresh(event), actor=zhang, version=1, facts=_facts(event),
            groups=[scene.row("另一组")],
        )  # fmt: skip


def test_neighbour_runs_nothing_of_ours(event, sun, wang, zhao, desk):
    for other in (sun, wang, zhao):
        with desk(other), pytest.raises(PermissionDenied):
            events.close(scene.fresh(event), actor=other)


def test_called_off_event_says_why_to_all(full, event, zhang, desk):
    with desk(zhang), pytest.raises(Refused, match="请写明为什么取消"):
        events.call_off(scene.fresh(event), actor=zhang, why="")
    with desk(zhang):
        assert events.call_off(scene.fresh(event), actor=zhang, why="大雪封路") == 4
    texts = {m.lines[0]["text"] for m in Message.objects.filter(purpose="event_called_off")}
    assert len(texts) == 1
    assert "大雪封路" in texts.pop()
    with desk(zhang), pytest.raises(Refused, match="“已取消”，“重新开放报名”办不了"):
        events.reopen(scene.fresh(event), actor=zhang)


def test_copies_are_drafts_without_people(full, event, zhang, desk):
    with desk(zhang):
        made = events.copy(scene.fresh(event), actor=zhang, days=7, times=3, in_series=True)
    assert [c.state for c in made] == ["draft"] * 3
    assert [c.starts_at - event.starts_at for c in made] == [dt.timedelta(7 * n) for n in (1, 2, 3)]
    assert {c.series_id for c in made} | {scene.fresh(event).series_id} == {event.pk}
    assert not Signup.objects.filter(event__in=made).exists()
    assert [g.taken for c in made for g in c.groups.all()] == [0, 0, 0]


def test_picture_keeps_no_position(event, zhang, desk):
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (37.0, 43.0, 0.0)}
    body = BytesIO()
    Image.new("RGB", (64, 48), "#c8102e").save(body, "JPEG", exif=exif)
    with desk(zhang):
        events.set_picture(event, actor=zhang, file=ContentFile(body.getvalue(), name="a.jpg"))
    answer = Client().get(f"/events/{event.pk}/picture/")
    kept = Image.open(BytesIO(b"".join(answer)))
    for closer in answer._resource_closers:
        closer()
    assert (kept.format, dict(kept.getexif())) == ("JPEG", {})


def test_reminders_go_out_once_a_day_before_and_two_hours_before(full, event, winter):
    for before, expected in (
        (dt.timedelta(hours=24, seconds=1), 0),
        (dt.timedelta(hours=24), 2),
        (dt.timedelta(hours=3), 2),
        (dt.timedelta(hours=2, seconds=1), 2),
        (dt.timedelta(hours=2), 4),
        (dt.timedelta(minutes=1), 4),
    ):
        winter.move_to(event.starts_at - before)
        events.remind(now())
        events.remind(now())
        assert told("event_reminder") == expected, before


def test_moved_event_is_reminded_of_anew(full, event, zhang, winter):
    winter.move_to(event.starts_at - dt.timedelta(hours=20))
    events.remind(now())
    later = {name: getattr(event, name) + dt.timedelta(days=2) for name in ("starts_at", "ends_at")}
    edit(event, zhang, **later)
    events.remind(now())
    assert told("event_reminder") == 2
    winter.move_to(later["starts_at"] - dt.timedelta(hours=20))
    events.remind(now())
    assert told("event_reminder") == 4


def test_calendar_file_says_when_and_where(event):
    answer = Client().get(f"/events/{event.pk}/calendar.ics")
    entry = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")[0]
    assert (str(entry["summary"]), str(entry["location"])) == (event.title, event.place)
    assert entry.decoded("dtstart") == event.starts_at


def test_draft_is_seen_by_its_unit_alone(campaign, zhang, sun, desk):
    with desk(zhang):
        event = events.make(actor=zhang, facts=scene.facts(), groups=[scene.row()])
    client = Client()
    assert client.get(f"/events/{event.pk}/").status_code == 404
    client.force_login(zhang)
    assert client.get(f"/desk/events/{event.pk}/").status_code == 200
    client.force_login(sun)
    assert client.get(f"/desk/events/{event.pk}/").status_code == 404


@pytest.mark.parametrize("count", [1, 12])
def test_public_list_costs_the_same_however_many_there_are(
    campaign, zhang, count, django_assert_num_queries
):
    for number in range(count):
        scene.opened(zhang, title=f"第 {number} 场")
    client = Client()
    client.get("/140105/events/")
    with django_assert_num_queries(4):
        page = client.get("/140105/events/")
    assert page.content.decode().count("第 ") == count


def test_page_of_an_event_offers_one_tap_to_whoever_has_checked_in(event, guests):
    client = Client()
    client.force_login(guests[0])
    page = client.get(f"/events/{event.pk}/").content.decode()
    assert f'action="/events/{event.pk}/join/"' in page
    answer = client.post(f"/events/{event.pk}/join/", follow=True)
    assert "报上了。到场时出示签到码。" in answer.content.decode()


def test_whoever_has_not_checked_in_does_so_first_and_comes_back(event, chen):
    client = Client()
    client.force_login(chen)
    answer = client.post(f"/events/{event.pk}/join/")
    assert answer["location"] == "/140105/check-in/"
    scene.arrived(chen)
    done = client.get("/check-in/done/").content.decode()
    assert f'href="/events/{event.pk}/"' in done


def test_event_moved_after_eighty_signed_up_tells_all_and_all_may_leave(
    campaign, zhang, guests, winter
):
    event = scene.opened(zhang, [scene.row(capacity=80)])
    group = EventGroup.objects.get(event=event)
    users = User.objects.bulk_create(User(username=f"many{n}", name="众") for n in range(79))
    Signup.objects.bulk_create(
        Signup(
            organization_id="140105", event=event, group=group, user=user, name="众", phone="",
            state="in", turn=n, person_mark=n,
        )
        for n, user in enumerate(users)
    )  # fmt: skip
    EventGroup.objects.update(taken=79)
    last, _ = scene.joined(guests[0], event)
    later = {name: getattr(event, name) + dt.timedelta(days=1) for name in ("starts_at", "ends_at")}
    with CaptureQueriesContext(connection) as seen:
        assert edit(event, zhang, **later) == 80
    assert told("event_moved") == 80
    assert len(seen) < 60  # not one for each
    for signup in (last, Signup.objects.exclude(pk=last.pk).first()):
        with rls_context(person=signup.user_id):
            coming.leave(scene.again(signup), user=signup.user, moment=now())
    assert EventGroup.objects.get().taken == 78


def test_place_is_told_of_what_is_on_around_it(campaign, zhang, zhao, sun, wang, zhou, li):
    cast = (zhang, zhao, sun, wang, zhou, li)
    for actor in cast:
        scene.opened(actor, title=f"{actor.name}办的")
    for code in ("140105", "140105001"):
        page = Client().get(f"/{code}/events/").content.decode()
        shown = {actor.name for actor in cast if f"{actor.name}办的" in page}
        assert shown == {"张小店", "赵坞城", "王太原", "李省"}
    page = Client().get("/140105/events/?kind=sharing").content.decode()
    assert "没有符合条件的活动" in page
    page = Client().get("/140105/events/?month=2019-01").content.decode()
    assert "张小店办的" in page
    page = Client().get("/140105/events/?month=2019-02").content.decode()
    assert "张小店办的" not in page
