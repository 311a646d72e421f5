"""What can still be put right once an event was held, and until when."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils.timezone import now

from campaigns.models import RecordTally
from qingchun.accounts.models import AuditEvent
from qingchun.ground.refusals import Refused
from services.events.actions import after, door
from services.events.models import Event, EventGroup, Signup
from services.events.tasks import watch
from talent.youth.actions.people import correct
from tests.events import scene
from tests.events.scene import again
from tests.looking import looking


def figure(name):
    return sum(RecordTally.objects.filter(key=name).values_list("value", flat=True))


@pytest.fixture
def desk_page(zhang):
    return scene.Signed(zhang)


@pytest.fixture
def held(full, event, zhang, winter, desk):
    """Two were in; one came, and an hour after the start somebody said that it was held."""
    winter.move_to(event.starts_at)
    with desk(zhang):
        door.arrive(again(full[0]), actor=zhang)
        winter.move_to(event.starts_at + dt.timedelta(hours=1))
        after.hold(scene.fresh(event), actor=zhang)
    return full


@pytest.fixture
def volunteers(shifts, guests, zhang, winter, desk):
    """One in each shift; both days are over, only the first one was ticked."""
    groups = EventGroup.objects.filter(event=shifts).order_by("starts_at")
    signups = [
        scene.joined(user, shifts, group)[0] for user, group in zip(guests[:2], groups, strict=True)
    ]
    with desk(zhang):
        winter.move_to(groups[0].starts_at)
        door.arrive(again(signups[0]), actor=zhang)
        winter.move_to(groups[1].ends_at)
        after.hold(scene.fresh(shifts), actor=zhang)
    return signups


def open_again(client, event):
    answer = client.post(f"/desk/events/{event.pk}/step/open-again/", follow=True)
    return answer.content.decode()


def decide(client, signup, do, **more):
    answer = client.post(f"/desk/signups/{signup.pk}/{do}/", more, follow=True)
    return answer.content.decode()


def test_first_day_does_not_end_the_shifts_of_the_days_after(shifts, zhang, winter, desk):
    winter.move_to(shifts.starts_at)
    with desk(zhang), pytest.raises(Refused, match="还有 1 个班次没有开始"):
        after.hold(scene.fresh(shifts), actor=zhang)
    winter.shift(dt.timedelta(days=1))
    with desk(zhang):
        after.hold(scene.fresh(shifts), actor=zhang)
    assert scene.fresh(shifts).state == "held"


def test_event_said_to_be_held_by_mistake_is_open_again_and_counts_no_more(
    held, event, desk_page, zhang
):
    assert "改回未举办" in desk_page.get(f"/desk/events/{event.pk}/").content.decode()
    open_again(desk_page, event)
    fresh = scene.fresh(event)
    assert (fresh.state, fresh.held_at, figure("homecoming-present")) == ("closed", None, 0)
    assert AuditEvent.objects.filter(verb="活动改回未举办", actor=zhang).count() == 1
    call_command("rebuild_counts", "--check", verbosity=0)


def test_event_opened_again_is_left_open_for_half_a_day(held, event, desk_page, winter):
    winter.move_to(event.ends_at + dt.timedelta(days=2))
    open_again(desk_page, event)
    opened = now()
    for hours, state in ((11.9, "closed"), (12, "held")):
        winter.move_to(opened + dt.timedelta(hours=hours))
        watch()
        assert scene.fresh(event).state == state


def test_event_in_the_log_stays_held(held, event, zhang, desk, desk_page):
    with desk(zhang):
        after.write_entry(scene.fresh(event), actor=zhang)
    assert "改回未举办" not in desk_page.get(f"/desk/events/{event.pk}/").content.decode()
    assert "已经记入台账" in open_again(desk_page, event)
    assert scene.fresh(event).state == "held"


def test_event_held_seven_days_ago_stays_held(held, event, desk_page, winter):
    winter.move_to(scene.fresh(event).held_at + dt.timedelta(days=7, seconds=1))
    assert "七天" in open_again(desk_page, event)
    assert scene.fresh(event).state == "held"


def test_who_was_overlooked_at_the_door_is_ticked_after_it_was_held(held, event, desk_page):
    page = desk_page.get(f"/desk/events/{event.pk}/people/").content.decode()
    assert page.count('/arrive/"') == 1
    assert "已签到" in decide(desk_page, held[1], "arrive")
    assert figure("homecoming-present") == 2
    decide(desk_page, held[0], "not-here")
    assert (again(held[0]).arrived_at, figure("homecoming-present")) == (None, 1)
    call_command("rebuild_counts", "--check", verbosity=0)


def test_nobody_is_ticked_once_the_edition_is_locked(held, event, desk_page, campaign):
    with looking():
        type(campaign).objects.filter(pk=campaign.pk).update(state="locked")
    assert "已经总结锁定" in decide(desk_page, held[1], "arrive")
    assert "已经总结锁定" in decide(desk_page, held[0], "not-here")
    assert [again(s).arrived_at is not None for s in held[:2]] == [True, False]


def test_volunteer_ticked_after_it_was_held_gets_the_shifts_hours_to_be_confirmed(
    volunteers, desk_page
):
    decide(desk_page, volunteers[1], "arrive")
    late = again(volunteers[1])
    assert (float(late.hours), late.hours_by, late.is_late) == (4.0, "补签，待确认", False)
    assert figure("warmth-hours") == 8
    decide(desk_page, volunteers[1], "hours", hours="3")
    assert (float(again(volunteers[1]).hours), figure("warmth-hours")) == (3.0, 7)
    decide(desk_page, volunteers[1], "not-here")
    gone = again(volunteers[1])
    assert (gone.hours, gone.hours_by, figure("warmth-hours")) == (None, "", 4)
    call_command("rebuild_counts", "--check", verbosity=0)


def test_hours_of_who_was_not_there_name_a_remedy_that_works(volunteers, desk_page):
    assert "请先在名单里补签到" in decide(desk_page, volunteers[1], "hours", hours="4")
    assert "已签到" in decide(desk_page, volunteers[1], "arrive")


@pytest.mark.parametrize(
    ("minutes", "hours", "by"),
    [(15, 4.0, "按班次"), (16, 3.7, "按到场时间，待确认"), (150, 1.5, "按到场时间，待确认")],
)
def test_who_came_late_is_proposed_the_hours_from_then_on(
    shifts, guests, zhang, winter, desk, minutes, hours, by
):
    group = EventGroup.objects.filter(event=shifts).order_by("starts_at").last()
    signup, _ = scene.joined(guests[0], shifts, group)
    winter.move_to(group.starts_at + dt.timedelta(minutes=minutes))
    with desk(zhang):
        door.arrive(again(signup), actor=zhang)
        after.hold(scene.fresh(shifts), actor=zhang)
    kept = again(signup)
    assert (float(kept.hours), kept.hours_by) == (hours, by)


def test_paper_of_who_corrects_their_name_is_made_anew_under_the_same_number(held, event, winter):
    signup, client = again(held[0]), Client()
    client.force_login(signup.user)
    url = f"/my/events/{signup.pk}/certificate/"
    client.get(url)
    number = again(signup).certificate
    winter.shift(dt.timedelta(days=20))
    with looking():
        correct(signup.user.youth, name="宾客壹")
    client.force_login(signup.user)
    page = client.get(url).content.decode()
    assert "宾客壹" in page
    assert again(signup).certificate == number
    said = Client().post("/certificates/", {"number": number}, follow=True).content.decode()
    assert "2019年1月11日" in said
    assert "2019年1月31日" in said
    assert "宾客壹" not in said


def test_paper_of_who_was_not_there_after_all_is_no_longer_valid(held, desk_page):
    client = Client()
    client.force_login(held[0].user)
    client.get(f"/my/events/{held[0].pk}/certificate/")
    number = again(held[0]).certificate
    decide(desk_page, held[0], "not-here")
    assert (
        "没有这个编号"
        in Client().post("/certificates/", {"number": number}, follow=True).content.decode()
    )


def test_absence_is_not_cancelled_away(shifts, guests, winter):
    first = EventGroup.objects.filter(event=shifts).order_by("starts_at").first()
    signup, _ = scene.joined(guests[0], shifts, first)
    client = Client()
    client.force_login(guests[0])
    winter.move_to(first.starts_at + dt.timedelta(hours=1))
    assert "取消报名" not in client.get(f"/my/events/{signup.pk}/").content.decode()
    page = client.post(f"/my/events/{signup.pk}/leave/", follow=True).content.decode()
    assert "已经开始，不能再取消" in page
    assert again(signup).state == "in"


def test_who_leaves_the_line_is_not_told_that_a_place_goes_on(full):
    client = Client()
    client.force_login(full[2].user)
    page = client.post(f"/my/events/{full[2].pk}/leave/", follow=True).content.decode()
    assert "让给下一位" not in page
    assert Signup.objects.get(pk=full[2].pk).state == "left"
    assert Event.objects.get().taken == 0
